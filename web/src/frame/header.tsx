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
          <svg viewBox="0 0 20 20" width={18} height={18} aria-hidden="true">
            <path
              d="M12.5 2a5.5 5.5 0 0 0-5.3 7L2 14.2V18h4v-2h2v-2h2l1-1.2A5.5 5.5 0 1 0 12.5 2Zm1.5 5.5a1.5 1.5 0 1 1 0-3 1.5 1.5 0 0 1 0 3Z"
              fill="currentColor"
            />
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
