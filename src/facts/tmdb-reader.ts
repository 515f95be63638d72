import type { EntityKind } from '../domain/kinds.js';
import type { GenreSlug } from '../domain/genres.js';
import type { PersonRole } from '../domain/vocabulary.js';
import type { Candidate } from './choice.js';
import type { FilmFacts, PersonFacts } from './facts-provider.js';

/** What TMDB has of one film or person, as far as it is used: small enough to be kept. */
export interface Detail extends Candidate {
  facts: FilmFacts | PersonFacts;
  directors: string[];
  imdb: string | null;
  /** Titles by locale. */
  local: Record<string, string>;
}

/** An answer has not the form that is documented. */
export class Unreadable extends Error {}

/** So much of each list is read, and so many characters of a name; the rest is nothing that a film has. */
const MOST = { results: 20, names: 60, actors: 24, writers: 3, producers: 3, directors: 10, films: 20, scanned: 5000 };
const LONGEST = 300;

type Fields = Record<string, unknown>;

const fieldsOf = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
const itemsOf = (value: unknown): Fields[] =>
  Array.isArray(value)
    ? value
        .slice(0, MOST.scanned)
        .map(fieldsOf)
        .filter((one) => one !== null)
    : [];
/** Without what PostgreSQL does not store: control characters, and halves of a character. */
const textOf = (value: unknown): string | null =>
  typeof value === 'string'
    ? value
        .slice(0, LONGEST)
        .replace(/[\p{Cc}\p{Cs}]/gu, ' ')
        .trim() || null
    : null;
const weightOf = (value: unknown) => (typeof value === 'number' && value > 0 && Number.isFinite(value) ? value : 0);
const idOf = (value: unknown): number | null =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) < 2 ** 31 ? Number(value) : null;
/** A date that is not known is missing, `null` or empty. */
const dateOf = (value: unknown) => /^\d{4}-\d\d-\d\d$/.exec(textOf(value) ?? '')?.[0] ?? null;
const yearOf = (value: unknown) => Number(dateOf(value)?.slice(0, 4)) || null;
const namesIn = (values: unknown[]) => [...new Set(values.flatMap((value) => textOf(value) ?? []))];
/** Films for adults are none that texts are written about. */
const isFit = ({ adult }: Fields) => adult !== true;

/** Ids of TMDB's genres; `TV Movie` is none. */
const GENRES: Record<number, GenreSlug> = {
  12: 'adventure',
  14: 'fantasy',
  16: 'animation',
  18: 'drama',
  27: 'horror',
  28: 'action',
  35: 'comedy',
  36: 'history',
  37: 'western',
  53: 'thriller',
  80: 'crime',
  99: 'documentary',
  878: 'science-fiction',
  9648: 'mystery',
  10402: 'music',
  10749: 'romance',
  10751: 'family',
  10752: 'war',
};

/** Jobs of a crew that are parts of a film here. */
const ROLES: Record<string, PersonRole> = {
  Director: 'DIRECTOR',
  Writer: 'WRITER',
  Screenplay: 'WRITER',
  Author: 'WRITER',
  Producer: 'PRODUCER',
};

/** @throws Unreadable when it is no list of results */
export function candidatesIn(entity: EntityKind, body: unknown): Candidate[] {
  const results = fieldsOf(body)?.results;
  if (!Array.isArray(results)) throw new Unreadable('a search without results');
  return resultsOf(entity, results);
}

/** The same of a search by an id of elsewhere, which has a list for each kind. */
export function foundById(entity: EntityKind, body: unknown): Candidate[] {
  const results = fieldsOf(body)?.[entity === 'MOVIE' ? 'movie_results' : 'person_results'];
  if (!Array.isArray(results)) throw new Unreadable('a search by id without results');
  return resultsOf(entity, results);
}

function resultsOf(entity: EntityKind, results: unknown[]): Candidate[] {
  const all = itemsOf(results.slice(0, MOST.results)).filter(isFit);
  return all.flatMap((one) => {
    const id = idOf(one.id);
    const names =
      entity === 'MOVIE' ? namesIn([one.title, one.original_title]) : namesIn([one.name, one.original_name]);
    if (id === null || names.length === 0) return [];
    const weight = weightOf(entity === 'MOVIE' ? one.vote_count : one.popularity);
    return [{ id, names, year: entity === 'MOVIE' ? yearOf(one.release_date) : null, weight }];
  });
}

/**
 * @returns `null`: it is none that texts are written about
 * @throws Unreadable when it is neither film nor person
 */
export function detailIn(entity: EntityKind, body: unknown): Detail | null {
  const fields = fieldsOf(body);
  const name = textOf(fields?.[entity === 'MOVIE' ? 'title' : 'name']);
  const id = idOf(fields?.id);
  if (fields === null || id === null || name === null) throw new Unreadable('details without id and name');
  if (!isFit(fields)) return null;
  return entity === 'MOVIE' ? filmIn(fields, id, name) : personIn(fields, id, name);
}

function filmIn(fields: Fields, id: number, title: string): Detail {
  const credits = fieldsOf(fields.credits) ?? {};
  const local = localTitles(fields);
  const alternatives = itemsOf(fieldsOf(fields.alternative_titles)?.titles).map((one) => one.title);
  const original = textOf(fields.original_title);
  const names = namesIn([title, original, ...Object.values(local), ...alternatives]).slice(0, MOST.names);
  const crew = crewOf(credits.crew);
  const directors = namesOfRole(crew, 'DIRECTOR', MOST.directors);
  const year = yearOf(fields.release_date);
  const parts = (role: PersonRole, most: number) =>
    namesOfRole(crew, role, most).map((name) => ({ name, role, character_name: null }));
  return {
    id,
    names,
    year,
    directors,
    local,
    weight: weightOf(fields.vote_count),
    imdb: imdbOf(fields, 'tt'),
    facts: {
      title,
      original_title: original === title ? null : original,
      other_titles: names.filter((one) => one !== title && one !== original),
      title_localized: null,
      release_year: year,
      directors,
      genres: itemsOf(fields.genres).flatMap((one) => GENRES[Number(one.id)] ?? []),
      cast: [...actorsOf(credits.cast), ...parts('WRITER', MOST.writers), ...parts('PRODUCER', MOST.producers)],
    },
  };
}

/** In the order of the credits, whatever order they come in. */
function actorsOf(cast: unknown): FilmFacts['cast'] {
  const place = ({ order }: Fields) => (typeof order === 'number' ? order : Infinity);
  return itemsOf(cast)
    .flatMap((one) => {
      const name = textOf(one.name);
      return name === null ? [] : [{ name, order: place(one), character_name: textOf(one.character) }];
    })
    .sort((a, b) => a.order - b.order || 0)
    .slice(0, MOST.actors)
    .map(({ name, character_name }) => ({ name, role: 'ACTOR', character_name }));
}

const crewOf = (crew: unknown) =>
  itemsOf(crew).flatMap((one) => {
    const [name, role] = [textOf(one.name), ROLES[textOf(one.job) ?? '']];
    return name === null || role === undefined ? [] : [{ name, role }];
  });

const namesOfRole = (crew: { name: string; role: PersonRole }[], role: PersonRole, most: number) =>
  namesIn(crew.filter((one) => one.role === role).map(({ name }) => name)).slice(0, most);

function localTitles(fields: Fields): Record<string, string> {
  const all = itemsOf(fieldsOf(fields.translations)?.translations);
  const entries = all.flatMap((one) => {
    const [language, country] = [textOf(one.iso_639_1), textOf(one.iso_3166_1)];
    const title = textOf(fieldsOf(one.data)?.title);
    return language && country && title ? [[`${language}-${country}`, title] as const] : [];
  });
  return Object.fromEntries(entries.slice(0, MOST.names));
}

const imdbOf = (fields: Fields, form: 'tt' | 'nm') => {
  const id = textOf(fieldsOf(fields.external_ids)?.imdb_id) ?? textOf(fields.imdb_id) ?? '';
  return new RegExp(`^${form}\\d{7,9}$`).test(id) ? id : null;
};

function personIn(fields: Fields, id: number, name: string): Detail {
  const others = Array.isArray(fields.also_known_as) ? (fields.also_known_as as unknown[]) : [];
  const names = namesIn([name, ...others.slice(0, MOST.scanned)]).slice(0, MOST.names);
  const birth_date = dateOf(fields.birthday);
  const year = yearOf(fields.birthday);
  return {
    id,
    names,
    year,
    directors: [],
    local: {},
    weight: weightOf(fields.popularity),
    imdb: imdbOf(fields, 'nm'),
    facts: {
      name,
      other_names: names.slice(1),
      birth_date,
      birth_year: year,
      birthplace: textOf(fields.place_of_birth),
      known_for: filmsOf(fieldsOf(fields.movie_credits) ?? {}),
    },
  };
}

/** The best known ones; of one film each part once. */
function filmsOf({ cast, crew }: Fields): PersonFacts['known_for'] {
  const parts = [
    ...itemsOf(cast).map((one) => ({ one, role: 'ACTOR' as PersonRole, character_name: textOf(one.character) })),
    ...itemsOf(crew).flatMap((one) => {
      const role = ROLES[textOf(one.job) ?? ''];
      return role === undefined ? [] : [{ one, role, character_name: null }];
    }),
  ].filter(({ one }) => isFit(one) && textOf(one.title) !== null);
  parts.sort((a, b) => weightOf(b.one.vote_count) - weightOf(a.one.vote_count));
  const seen = new Set<string>();
  const single = parts.filter(({ one, role }) => {
    const part = `${idOf(one.id)} ${role}`;
    return !seen.has(part) && seen.add(part);
  });
  return single.slice(0, MOST.films).map(({ one, role, character_name }) => ({
    title: textOf(one.title)!,
    release_year: yearOf(one.release_date),
    role,
    character_name,
  }));
}
