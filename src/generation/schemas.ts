import { GENRE_SLUGS, type GenreSlug } from '../domain/genres.js';
import { PERSON_ROLES, type PersonRole } from '../domain/vocabulary.js';
import type { AnswerName } from '../llm/llm.js';
import { object, optionalText, text } from './structured-output.js';

/** A film or person of the same name. */
interface FilmNamesake {
  title: string;
  release_year: number | null;
}
interface PersonNamesake {
  name: string;
  birth_year: number | null;
}

/** Facts and text of a film; `found` false: the model knows none, and the rest is empty. */
export interface MovieAnswer {
  found: boolean;
  title: string | null;
  original_title: string | null;
  other_titles: string[];
  release_year: number | null;
  directors: string[];
  genres: GenreSlug[];
  description: string | null;
  cast: { name: string; role: PersonRole; character_name: string | null }[];
  namesakes: FilmNamesake[];
}

/** Facts and text of a person; `found` false: the model knows none, and the rest is empty. */
export interface PersonAnswer {
  found: boolean;
  name: string | null;
  other_names: string[];
  birth_date: string | null;
  birth_year: number | null;
  birthplace: string | null;
  biography: string | null;
  known_for: (FilmNamesake & { role: PersonRole; character_name: string | null })[];
  namesakes: PersonNamesake[];
}

export interface MovieTextAnswer {
  description: string;
}
export interface PersonTextAnswer {
  biography: string;
}
/** Whether what was asked for and what was answered are one. */
export interface IdentityAnswer {
  same: boolean;
}

const flag = { type: 'boolean' };
const year = { type: ['integer', 'null'] };
const oneOf = (words: readonly string[]) => ({ type: 'string', enum: [...words] });
const list = (items: object) => ({ type: 'array', items });
const credit = { role: oneOf(PERSON_ROLES), character_name: optionalText };

/** What each question is to be answered with: the names are those that the model sees. */
export const SCHEMAS = {
  movie: object({
    found: flag,
    title: optionalText,
    original_title: optionalText,
    other_titles: list(text),
    release_year: year,
    directors: list(text),
    genres: list(oneOf(GENRE_SLUGS)),
    description: optionalText,
    cast: list(object({ name: text, ...credit })),
    namesakes: list(object({ title: text, release_year: year })),
  }),
  person: object({
    found: flag,
    name: optionalText,
    other_names: list(text),
    birth_date: optionalText,
    birth_year: year,
    birthplace: optionalText,
    biography: optionalText,
    known_for: list(object({ title: text, release_year: year, ...credit })),
    namesakes: list(object({ name: text, birth_year: year })),
  }),
  movie_text: object({ description: text }),
  person_text: object({ biography: text }),
  identity: object({ same: flag }),
} satisfies Record<AnswerName, object>;
