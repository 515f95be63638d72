import { place } from '../data/place.ts';
import { asksForKey, may, who } from '../data/who.ts';
import { hasKey } from '../data/session.ts';
import { words } from '../words/words.ts';

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
        <button
          type="button"
          class="button quiet"
          aria-label={`${w.key}: ${caller()}`}
          onClick={() => (asksForKey.value = true)}
        >
          <svg
            viewBox="0 0 20 20"
            width={18}
            height={18}
            aria-hidden="true"
            fill="none"
            stroke="currentColor"
            stroke-width="2"
          >
            <circle cx="13" cy="7" r="4" />
            <path d="m10 10-7 7m2-2 2 2" stroke-linecap="round" />
          </svg>
          {caller()}
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
