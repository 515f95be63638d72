import { baseOf } from '../domain/slug.js';
import { yearsAgree } from '../domain/years.js';
import type { ExternalIds, Name, Told } from './told.js';

/** A row that may be what is told of. */
export interface Candidate {
  id: string;
  slug: string;
  text: string;
  keys: string[];
  year: number | null;
  known: boolean;
  /** Fields that somebody corrected. */
  edited: string[];
  imdb_id: string | null;
  tmdb_id: number | null;
  /** Of a person. */
  birth_date?: string | null;
  /** What the names of those whose work it is are compared by. */
  makers: string[];
  first_work: number | null;
  /** Whether one of its names is the main one of what is told. */
  by_main?: boolean;
}

/** What of an answer or a request tells twins apart. */
export interface Traits {
  year: number | null;
  birth_date?: string | null;
  makers: string[];
  externalIds: ExternalIds;
  /** What all names that are told are compared by; missing: they are not. */
  keys?: Set<string>;
}

/** What a name is compared by, its slug among it. */
export const keysOf = ({ text, keys }: Name) => [...new Set([...keys, baseOf(text)])];

/** @param asked whose work it is by the request: what was confirmed is theirs, where the answer names nobody */
export function traitsOf(told: Told, externalIds: ExternalIds, asked: Name[]): Traits {
  const directors = told.named.filter(({ role, billing_order }) => role === 'DIRECTOR' && billing_order !== null);
  const makers: Name[] = directors.length > 0 ? directors : asked;
  return {
    year: told.year,
    birth_date: told.facts.birth_date,
    makers: makers.flatMap(keysOf),
    externalIds,
    keys: new Set([told.name, ...told.others].flatMap(keysOf)),
  };
}

/** Whether it is known under an id that was asked for. */
export const hasId = ({ imdb_id, tmdb_id }: Candidate, { imdb, tmdb }: ExternalIds) =>
  (imdb !== undefined && imdb_id === imdb) || (tmdb !== undefined && tmdb_id === tmdb);

/** Whether something says that a row of the same name is a twin: its id, year, full date of birth, or directors. */
export function isTwin(row: Candidate, traits: Traits): boolean {
  const { imdb, tmdb } = traits.externalIds;
  if (hasId(row, traits.externalIds)) return false;
  if ((imdb && row.imdb_id) || (tmdb && row.tmdb_id)) return true;
  if (!yearsAgree(row.year, traits.year)) return true;
  if (row.year !== null && traits.year !== null && row.year !== traits.year && isSideways(row, traits)) return true;
  if (row.birth_date && traits.birth_date && row.birth_date !== traits.birth_date) return true;
  if (traits.year !== null && row.first_work !== null && row.year === null && isBefore(row.first_work, traits))
    return true;
  const told = new Set(traits.makers);
  return told.size > 0 && row.makers.length > 0 && !row.makers.some((maker) => told.has(maker));
}

/**
 * Whether neither main name is one of the other's names. Two parts of a series may share another title, and be of years
 * that stand side by side.
 */
const isSideways = (row: Candidate, { keys }: Traits) =>
  keys !== undefined && !row.by_main && !keysOf(row).some((key) => keys.has(key));

const isBefore = (work: number, { birth_date, year }: Traits) => birth_date !== undefined && work < year!;

/**
 * Which of the rows of its names an answer is about: by an id, else the known one, of the same year, the oldest. Of
 * several that are only mentioned it is none, until somebody confirms one. @returns `null`: it is new
 */
export function rowOf(rows: Candidate[], traits: Traits): Candidate | null {
  const same = rows.filter((row) => !isTwin(row, traits));
  const [best] = same.toSorted((a, b) => rank(b) - rank(a) || (a.id < b.id ? -1 : 1));
  const rivals = same.filter((row) => !row.known && row.year === best!.year);
  return best && !best.known && !hasId(best, traits.externalIds) && rivals.length > 1 ? null : (best ?? null);

  function rank(row: Candidate): number {
    return (
      (hasId(row, traits.externalIds) ? 8 : 0) +
      (row.known ? 4 : 0) +
      (row.year !== null && row.year === traits.year ? 2 : 0)
    );
  }
}
