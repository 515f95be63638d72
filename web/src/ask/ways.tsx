import { link } from '../data/place.ts';
import { words } from '../words/words.ts';

/** One text, or many at once. */
export function Ways({ here }: { here: 'one' | 'many' }) {
  const { ask: w } = words.value;
  return (
    <nav class="ways" aria-label={w.ways}>
      <a href={link([])} aria-current={here === 'one' ? 'page' : undefined}>
        {w.oneText}
      </a>
      <a href={link(['batches'])} aria-current={here === 'many' ? 'page' : undefined}>
        {w.many}
      </a>
    </nav>
  );
}
