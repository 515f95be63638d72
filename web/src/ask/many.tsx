import { useMemo, useState } from 'preact/hooks';
import { go } from '../data/place.ts';
import { asksForKey, may, who } from '../data/who.ts';
import { Button } from '../parts/button.tsx';
import { Choice, SelectField, TextArea } from '../parts/field.tsx';
import { words } from '../words/words.ts';
import { useChoices } from './choices.ts';
import { Dropping } from './dropping.tsx';
import { Ask } from './estimate.tsx';
import { ambiguousOptions, existsOptions } from './more.tsx';
import type { Plan } from './parts.ts';
import { Preview } from './preview.tsx';
import { understood } from './rows.ts';
import { useSending } from './sending.ts';
import { Several } from './several.tsx';
import { Ways } from './ways.tsx';
import { KINDS, type Kind } from './wish.ts';

/** A list or a file, what was understood of it, what it would take, and then all of it at once. */
export function Many() {
  const { ask: w, frame } = words.value;
  const choices = useChoices();
  const sending = useSending();
  const [text, setText] = useState('');
  const [out, setOut] = useState<ReadonlySet<number>>(new Set());
  const [options, setOptions] = useState({ kind: 'movie' as Kind, ifExists: '', ifAmbiguous: '' });
  const [locales, setLocales] = useState<string[] | null>(null);
  const [tones, setTones] = useState<string[]>([]);
  const table = useMemo(() => understood(text, options.kind), [text, options.kind]);
  const usable = table.rows.filter(({ row, fault }) => fault === null && !out.has(row));
  // Whatever changes, the estimate is of something else.
  const changed = () => sending.reset();
  const set = (change: Partial<typeof options>) => (setOptions({ ...options, ...change }), changed());
  const read = (value: string) => (setText(value), setOut(new Set()), changed());
  const plan: Plan = {
    ...options,
    kind: table.kind,
    rows: usable,
    locales: table.ownLocales ? [] : (locales ?? [choices.locale]),
    tones: table.ownTones ? [] : tones,
  };
  const leaveOut = () => {
    setOut(new Set([...out, ...sending.refused.keys()]));
    changed();
  };
  const ask = async () => {
    const ids = await sending.send(plan);
    if (ids) go(['batches', ids.join(',')]);
  };
  return (
    <>
      <div class="hero">
        <h1>{w.manyTitle}</h1>
        <p>{w.manyLead}</p>
      </div>
      <div class="start">
        <div class="stack">
          <Ways here="many" />
          <fieldset class="card stack ask-form plain-set" disabled={sending.busy !== null}>
            <legend class="hidden-text">{w.manyTitle}</legend>
            <Choice
              label={w.about}
              options={KINDS.map((kind) => ({ value: kind, label: w.kindsMany[kind] }))}
              value={text === '' ? options.kind : table.kind}
              onValue={(kind) => set({ kind: kind as Kind })}
            />
            <TextArea label={w.list} hint={w.listHint} value={text} onValue={read} rows={7} />
            <Dropping onText={read} />
            <Several
              label={w.locales}
              add={w.addLocale}
              options={choices.locales}
              value={plan.locales}
              own={table.ownLocales ? w.ownLocales : undefined}
              onValue={(value) => (setLocales(value), changed())}
            />
            <Several
              label={w.tonesMany}
              add={w.addTone}
              options={choices.tones}
              value={plan.tones}
              own={table.ownTones ? w.ownTones : undefined}
              onValue={(value) => (setTones(value), changed())}
            />
            <div class="two">
              <SelectField
                label={w.ifExists}
                options={existsOptions()}
                value={options.ifExists}
                onValue={(ifExists) => set({ ifExists })}
              />
              <SelectField
                label={w.ifAmbiguous}
                options={ambiguousOptions()}
                value={options.ifAmbiguous}
                onValue={(ifAmbiguous) => set({ ifAmbiguous })}
              />
            </div>
          </fieldset>
        </div>
        <div class="stack">
          <Preview table={table} usable={usable.length} refused={sending.refused} onLeaveOut={leaveOut} />
          {who.value && !may('generate') ? (
            <div class="notice warn">
              <p>{w.mayNot}</p>
              <Button onClick={() => (asksForKey.value = true)}>{frame.giveKey}</Button>
            </div>
          ) : (
            usable.length > 0 && <Ask sending={sending} plan={plan} onAsk={() => void ask()} />
          )}
        </div>
      </div>
    </>
  );
}
