import type { EditMovie, EditPerson } from '../data/api.ts';
import type { Kind, Subject } from './subject.ts';

export interface Actor {
  name: string;
  character: string;
}

/** What the form holds, as it is typed. */
export interface TypedFacts {
  name: string;
  original: string;
  otherNames: string;
  year: string;
  birthDate: string;
  birthplace: string;
  genres: string[];
  directors: string;
  cast: Actor[];
  imdb: string;
  tmdb: string;
}

export const typedFacts = (subject: Subject): TypedFacts => ({
  name: subject.name,
  original: subject.original ?? '',
  otherNames: subject.otherNames.join('\n'),
  year: textOf(subject.year),
  birthDate: subject.birthDate ?? '',
  birthplace: subject.birthplace ?? '',
  genres: subject.genres.map(({ slug }) => slug),
  directors: namesOf(subject, 'DIRECTOR').join('\n'),
  cast: subject.credits
    .filter(({ role }) => role === 'ACTOR')
    .map(({ name, character }) => ({ name, character: character ?? '' })),
  imdb: subject.ids.imdb ?? '',
  tmdb: textOf(subject.ids.tmdb),
});

const namesOf = ({ credits }: Subject, wanted: string) =>
  credits.filter(({ role }) => role === wanted).map(({ name }) => name);

const textOf = (value: number | null) => (value === null ? '' : String(value));
/** The API says what is wrong with a text that is no number. */
const numberOf = (text: string) => (text.trim() === '' ? null : /^\d+$/.test(text.trim()) ? Number(text) : text.trim());
const orNull = (text: string) => text.trim() || null;
const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

type Body = Record<string, unknown>;

const filmOf = (typed: TypedFacts): Body => ({
  title: typed.name.trim(),
  original_title: orNull(typed.original),
  other_titles: linesOf(typed.otherNames),
  release_year: numberOf(typed.year),
  genres: typed.genres,
  directors: linesOf(typed.directors),
  cast: typed.cast
    .filter(({ name, character }) => `${name}${character}`.trim() !== '')
    .map(({ name, character }) => ({ name: name.trim(), character: orNull(character) })),
  external_ids: { imdb: orNull(typed.imdb), tmdb: numberOf(typed.tmdb) },
});

const personOf = (typed: TypedFacts): Body => ({
  name: typed.name.trim(),
  other_names: linesOf(typed.otherNames),
  birth_date: orNull(typed.birthDate),
  birth_year: numberOf(typed.year),
  birthplace: orNull(typed.birthplace),
  external_ids: { imdb: orNull(typed.imdb), tmdb: numberOf(typed.tmdb) },
});

/** What is other than before; of ids each by itself. Only this is sent. */
export function changedFacts({ part }: Kind, before: TypedFacts, after: TypedFacts): EditMovie | EditPerson {
  const of = part === 'films' ? filmOf : personOf;
  const former = of(before);
  const present = of(after);
  const changed = differing(former, present);
  if ('external_ids' in changed)
    changed.external_ids = differing(former.external_ids as Body, present.external_ids as Body);
  // A day of birth brings its year along.
  if (changed.birth_date && !('birth_year' in changed)) delete changed.birth_year;
  return changed;
}

const differing = (former: Body, present: Body): Body =>
  Object.fromEntries(
    Object.entries(present).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(former[name])),
  );
