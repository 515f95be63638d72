import { link } from '../data/place.ts';
import { Tabs } from '../parts/tabs.tsx';
import { words } from '../words/words.ts';

/** One text, or many at once. */
export function Ways({ here }: { here: 'one' | 'many' }) {
  const { ask: w } = words.value;
  const tabs = [
    { href: link([]), label: w.oneText, current: here === 'one' },
    { href: link(['batches']), label: w.many, current: here === 'many' },
  ];
  return <Tabs label={w.ways} tabs={tabs} />;
}
