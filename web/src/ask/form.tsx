import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { ProblemError } from '../data/api.ts';
import { go, place } from '../data/place.ts';
import { asksForKey, may, who } from '../data/who.ts';
import { Button } from '../parts/button.tsx';
import { Choice, SelectField, TextField } from '../parts/field.tsx';
import { errorOf, Problem } from '../parts/problem.tsx';
import { Notice } from '../parts/small.tsx';
import { words } from '../words/words.ts';
import { useAsking } from './asking.ts';
import { useChoices } from './choices.ts';
import { More } from './more.tsx';
import { TryAt } from './try-at.tsx';
import { bodyOf, EMPTY, FIELDS, fieldsOf, KINDS, type Kind, type Wish } from './wish.ts';

/** Kept while the visitor looks at other views. */
const draft = signal<Wish>(EMPTY);

const EXAMPLES: Record<Kind, [text: string, year: string][]> = {
  movie: [
    ['The Matrix', '1999'],
    ['Amélie', '2001'],
    ['Spirited Away', '2001'],
  ],
  person: [
    ['Agnès Varda', '1928'],
    ['Toshirō Mifune', '1920'],
    ['Tilda Swinton', '1960'],
  ],
};

/** Another view may name what to ask for: `#/?title=Dune&year=2021`, or `name`. It is taken once. */
function takeNamed(): void {
  const { path, query } = place.value;
  const kind = query.has('name') ? 'person' : 'movie';
  const text = query.get(kind === 'person' ? 'name' : 'title');
  if (path.length > 0 || text === null) return;
  draft.value = { ...draft.value, kind, text, year: query.get('year') ?? '' };
  go([], {}, { instead: true });
}

export function AskForm() {
  const { ask: w } = words.value;
  const form = useRef<HTMLFormElement>(null);
  const choices = useChoices();
  const { busy, away, error, ask } = useAsking();
  const typed = draft.value;
  useEffect(takeNamed, [place.value]);
  const wish = { ...typed, locale: typed.locale || choices.locale, tone: typed.tone || choices.tone };
  const set = (change: Partial<Wish>) => (draft.value = { ...draft.value, ...change });
  const { text, year } = FIELDS[wish.kind];
  useEffect(() => {
    if (error !== null) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [error]);
  const send = async () => {
    if (await ask(wish.kind, bodyOf(wish))) set({ text: '', year: '', director: '' });
  };
  const example = ([name, of]: [string, string]) => {
    set({ text: name, year: of });
    form.current?.querySelector<HTMLElement>('button[type=submit]')?.focus();
  };
  return (
    <form ref={form} class="card stack ask-form" onSubmit={(event) => (event.preventDefault(), busy || void send())}>
      <Choice
        label={w.about}
        options={KINDS.map((kind) => ({ value: kind, label: w.kinds[kind] }))}
        value={wish.kind}
        onValue={(kind) => set({ kind: kind as Kind })}
      />
      <div class="title-year">
        <TextField
          label={w.text[wish.kind]}
          value={wish.text}
          onValue={(value) => set({ text: value })}
          error={errorOf(error, text)}
          autocomplete="off"
          spellcheck={false}
        />
        <TextField
          label={w.year[wish.kind]}
          hint={w.optional}
          value={wish.year}
          onValue={(value) => set({ year: value })}
          error={errorOf(error, year)}
          inputMode="numeric"
          autocomplete="off"
        />
      </div>
      <p class="examples">
        <span>{w.tryOne}</span>
        {EXAMPLES[wish.kind].map((one) => (
          <button key={one[0]} type="button" class="chip" onClick={() => example(one)}>
            {one[0]}
          </button>
        ))}
      </p>
      <div class="two">
        <SelectField
          label={w.locale}
          options={choices.locales}
          value={wish.locale}
          onValue={(locale) => set({ locale })}
          error={errorOf(error, 'locale')}
        />
        <SelectField
          label={w.tone}
          options={choices.tones}
          value={wish.tone}
          onValue={(tone) => set({ tone })}
          error={errorOf(error, 'context_tag')}
        />
      </div>
      <More wish={wish} set={set} error={error} />
      {away && <Notice tint="wait">{w.keptUntilAnswer}</Notice>}
      <Refusal error={error} shown={fieldsOf(wish)} />
      <Submit busy={busy} />
    </form>
  );
}

/** What no field shows. */
function Refusal({ error, shown }: { error: unknown; shown: string[] }) {
  if (error === null) return null;
  const problem = error instanceof ProblemError ? error : null;
  const fields = problem?.problem.errors ?? [];
  if (fields.length > 0 && fields.every(({ pointer }) => shown.includes(pointer.replace(/^\//, '')))) return null;
  return (
    <div class="stack">
      <Problem error={error} />
      {problem?.status === 429 && <TryAt retryAfter={problem.retryAfter} />}
    </div>
  );
}

function Submit({ busy }: { busy: boolean }) {
  const { ask: w, frame } = words.value;
  if (who.value && !may('generate')) {
    return (
      <div class="notice warn">
        <p>{w.mayNot}</p>
        <Button onClick={() => (asksForKey.value = true)}>{frame.giveKey}</Button>
      </div>
    );
  }
  return (
    <Button look="main" type="submit" busy={busy} class="large">
      {busy ? w.asking : w.submit}
    </Button>
  );
}
