import { useEffect, useState } from 'preact/hooks';
import { SelectField, TextField } from '../parts/field.tsx';
import { words } from '../words/words.ts';
import { type Filter, narrow } from './failed-query.ts';
import { optionsOf } from './options.ts';

/** A pause in typing after which the list is read, milliseconds. */
const PAUSE_MS = 350;

export function FailedFilters({ filter }: { filter: Filter }) {
  const { watch: w, lists } = words.value;
  const [typed, setTyped] = useState(filter.q ?? '');
  useEffect(() => {
    if (typed === (filter.q ?? '')) return undefined;
    const timer = setTimeout(() => narrow({ q: typed }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <div class="filters">
      <TextField
        type="search"
        label={lists.failed.text}
        hint={lists.failed.textHint}
        value={typed}
        onValue={setTyped}
        maxLength={200}
      />
      <SelectField
        label={lists.failed.why}
        value={filter.type ?? ''}
        onValue={(type) => narrow({ type })}
        options={optionsOf(w.all, lists.failed.types)}
      />
      <SelectField
        label={w.kind}
        value={filter.entity ?? ''}
        onValue={(entity) => narrow({ entity })}
        options={optionsOf(w.all, w.kinds)}
      />
      <SelectField
        label={w.since}
        value={filter.since ?? ''}
        onValue={(since) => narrow({ since })}
        options={optionsOf(w.all, w.ages)}
      />
    </div>
  );
}
