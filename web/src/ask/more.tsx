import { useEffect, useState } from 'preact/hooks';
import { Check, SelectField, TextField } from '../parts/field.tsx';
import { errorOf } from '../parts/problem.tsx';
import { words } from '../words/words.ts';
import { MORE_FIELDS, type Wish } from './wish.ts';

interface MoreProps {
  wish: Wish;
  set: (change: Partial<Wish>) => void;
  error: unknown;
}

/** What most visitors leave as it is. It opens by itself when the server refuses a part of it. */
export function More({ wish, set, error }: MoreProps) {
  const { ask: w } = words.value;
  const [open, setOpen] = useState(false);
  const wrong = MORE_FIELDS.some((field) => errorOf(error, field) !== undefined);
  useEffect(() => void (wrong && setOpen(true)), [wrong]);
  return (
    <details class="more" open={open || wrong} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{w.more}</summary>
      <div class="stack">
        <div class="two">
          <SelectField
            label={w.ifExists}
            options={existsOptions()}
            value={wish.ifExists}
            onValue={(ifExists) => set({ ifExists })}
            error={errorOf(error, 'if_exists')}
          />
          <SelectField
            label={w.ifAmbiguous}
            options={ambiguousOptions()}
            value={wish.ifAmbiguous}
            onValue={(ifAmbiguous) => set({ ifAmbiguous })}
            error={errorOf(error, 'if_ambiguous')}
          />
        </div>
        <div class="two">
          {wish.kind === 'movie' && (
            <TextField
              label={w.director}
              hint={w.directorHint}
              value={wish.director}
              onValue={(director) => set({ director })}
              error={errorOf(error, 'director')}
              autocomplete="off"
              spellcheck={false}
            />
          )}
          <TextField
            label={w.deadline}
            hint={w.deadlineHint}
            value={wish.deadline}
            onValue={(deadline) => set({ deadline })}
            error={errorOf(error, 'deadline_seconds')}
            inputMode="numeric"
            autocomplete="off"
          />
        </div>
        <Check label={w.refreshFacts} checked={wish.refreshFacts} onValue={(refreshFacts) => set({ refreshFacts })} />
      </div>
    </details>
  );
}

export function existsOptions() {
  const { ask: w } = words.value;
  return [
    { value: '', label: w.asServer },
    { value: 'regenerate', label: w.regenerate },
    { value: 'reuse', label: w.reuse },
  ];
}

export function ambiguousOptions() {
  const { ask: w } = words.value;
  return [
    { value: '', label: w.ambiguousFail },
    { value: 'choose', label: w.ambiguousChoose },
  ];
}
