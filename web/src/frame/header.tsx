import { place } from '../data/place.ts';
import { asksForKey, may, who } from '../data/who.ts';
import { hasKey } from '../data/session.ts';
import { choose, type Language, LANGUAGES, language, words } from '../words/words.ts';
import { theme, THEMES } from './theme.ts';

/** The views, each with the first parts of the addresses that belong to it. */
const VIEWS = [
  { view: 'ask', href: '#/', parts: [undefined, 'jobs', 'batches'] },
  { view: 'read', href: '#/films', parts: ['films', 'people'] },
  { view: 'watch', href: '#/watch', parts: ['watch'] },
] as const;

export function Header() {
  const { frame: w } = words.value;
  const here = place.value.path[0];
  return (
    <header class="head">
      <a class="brand" href="#/">
        <img src="./icon.svg" alt="" width={28} height={28} />
        <span>MovieMind</span>
      </a>
      <nav aria-label={w.views}>
        {VIEWS.map(({ view, href, parts }) => (
          <a key={view} href={href} aria-current={(parts as readonly unknown[]).includes(here) ? 'page' : undefined}>
            {w[view]}
          </a>
        ))}
      </nav>
      <div class="tools">
        <select aria-label={w.language} onChange={(event) => void choose(event.currentTarget.value as Language)}>
          {Object.entries(LANGUAGES).map(([code, name]) => (
            <option key={code} value={code} lang={code} selected={code === language.value}>
              {name}
            </option>
          ))}
        </select>
        <select aria-label={w.theme} onChange={(event) => (theme.value = event.currentTarget.value)}>
          {THEMES.map((name) => (
            <option key={name} value={name} selected={name === theme.value}>
              {w.themes[name]}
            </option>
          ))}
        </select>
        <button
          type="button"
          class="button quiet"
          aria-label={`${w.key}: ${caller()}`}
          onClick={() => (asksForKey.value = true)}
        >
          <span aria-hidden="true">🔑</span> {caller()}
        </button>
      </div>
    </header>
  );
}

function caller(): string {
  const { frame: w } = words.value;
  if (!hasKey.value) return w.noKey;
  return who.value?.key?.name ?? (may('admin') ? w.operator : w.key);
}
