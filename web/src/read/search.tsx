import { useEffect, useRef, useState } from 'preact/hooks';
import type { Genre } from '../data/api.ts';
import { go, place } from '../data/place.ts';
import { Button } from '../parts/button.tsx';
import { SelectField, TextField } from '../parts/field.tsx';
import { errorOf } from '../parts/problem.tsx';
import { words } from '../words/words.ts';
import { seeks, useSlash } from './moment.ts';
import type { Kind } from './subject.ts';

/** After the last key, milliseconds. */
const PAUSE_MS = 200;
const FIELDS = ['q', 'year', 'genre', 'director', 'sort'] as const;
type Field = (typeof FIELDS)[number];
type Typed = Record<Field, string>;

const typedIn = (query: URLSearchParams) =>
  Object.fromEntries(FIELDS.map((field) => [field, query.get(field) ?? ''])) as Typed;

/** What is typed, which reaches the address after a pause; an address that changes otherwise reaches the fields. */
function useTyped(kind: Kind) {
  const address = JSON.stringify(typedIn(place.value.query));
  const [typed, setTyped] = useState(() => typedIn(place.value.query));
  const sent = useRef(address);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    if (address !== sent.current) setTyped(typedIn(place.value.query));
    sent.current = address;
  }, [address]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const send = (next: Typed) => {
    sent.current = JSON.stringify(next);
    go([kind.part], next, { instead: true });
  };
  const type = (field: Field, value: string, pause = PAUSE_MS) => {
    const next = { ...typed, [field]: value };
    setTyped(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => send(next), pause);
  };
  const clear = () => {
    clearTimeout(timer.current);
    const next = typedIn(new URLSearchParams());
    setTyped(next);
    send(next);
  };
  return { typed, type, clear };
}

export function Search({ kind, genres, error }: { kind: Kind; genres: Genre[]; error: unknown }) {
  const { read: w } = words.value;
  const own = w[kind.part];
  const { typed, type, clear } = useTyped(kind);
  const form = useRef<HTMLFormElement>(null);
  const focus = () => form.current?.querySelector<HTMLInputElement>('input[type=search]')?.focus();
  useSlash(focus);
  useEffect(() => {
    if (seeks.value) focus();
    seeks.value = false;
  }, []);
  const on = (field: Field) => (value: string) => type(field, value);
  return (
    <form ref={form} role="search" class={`search ${kind.part}`} onSubmit={(event) => event.preventDefault()}>
      <TextField
        class="wide"
        type="search"
        label={own.search}
        hint={w.slash}
        value={typed.q}
        onValue={on('q')}
        maxLength={200}
        autocomplete="off"
        spellcheck={false}
      />
      <TextField
        label={own.year}
        inputMode="numeric"
        value={typed.year}
        onValue={on('year')}
        maxLength={4}
        error={errorOf(error, kind.part === 'films' ? 'release_year' : 'birth_year')}
        autocomplete="off"
      />
      {kind.part === 'films' && <FilmFields {...{ typed, type, genres }} />}
      <SelectField
        label={w.sort}
        value={typed.sort}
        onValue={(value) => type('sort', value, 0)}
        options={Object.entries(w.sorts).map(([value, label]) => ({ value, label }))}
      />
      <Button look="quiet" class="clear" onClick={clear} disabled={FIELDS.every((field) => typed[field] === '')}>
        {w.clear}
      </Button>
    </form>
  );
}

interface FilmFieldsProps {
  typed: Typed;
  type: (field: Field, value: string, pause?: number) => void;
  genres: Genre[];
}

function FilmFields({ typed, type, genres }: FilmFieldsProps) {
  const { read: w } = words.value;
  const known = genres.filter(({ slug, in_use }) => in_use || slug === typed.genre);
  // A genre of the address stays chosen until the names are there.
  const unnamed = typed.genre !== '' && !known.some(({ slug }) => slug === typed.genre);
  return (
    <>
      <SelectField
        label={w.genre}
        value={typed.genre}
        onValue={(value) => type('genre', value, 0)}
        options={[
          { value: '', label: w.anyGenre },
          ...(unnamed ? [{ value: typed.genre, label: typed.genre }] : []),
          ...known.map(({ slug, name }) => ({ value: slug, label: name })),
        ]}
      />
      <TextField
        label={w.director}
        value={typed.director}
        onValue={(value) => type('director', value)}
        maxLength={200}
        autocomplete="off"
        spellcheck={false}
      />
    </>
  );
}
