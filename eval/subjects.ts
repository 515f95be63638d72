import { parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EntityKind } from '../src/domain/kinds.js';
import { Random } from '../test/support/run/random.ts';

/** A film or a person that texts are asked for, and what is true of it. What is `null` or empty is not judged. */
export interface Subject {
  entity: EntityKind;
  /** As it is asked for. */
  text: string;
  year: number;
  directors: string[];
  originalTitle: string | null;
  birthDate: string | null;
  imdb: string | null;
}

export const KINDS_ASKED = ['all', 'movie', 'person'] as const;
export type KindAsked = (typeof KINDS_ASKED)[number];

type Row = Record<string, string>;

const rowsIn = (folder: string, file: string): Row[] =>
  parse<Row>(readFileSync(join(folder, file), 'utf8'), { columns: true, relax_quotes: true });

const orNull = (cell: string | undefined): string | null => cell?.trim() || null;

const filmOf = (row: Row): Subject => ({
  entity: 'MOVIE',
  text: row.title!,
  year: Number(row.year),
  directors: (row.directors ?? '')
    .split(';')
    .map((name) => name.trim())
    .filter(Boolean),
  originalTitle: orNull(row.original_title),
  birthDate: null,
  imdb: orNull(row.imdb_id),
});

const personOf = (row: Row): Subject => ({
  entity: 'PERSON',
  text: row.name!,
  year: Number(row.birth_year),
  directors: [],
  originalTitle: null,
  birthDate: orNull(row.birth_date),
  imdb: orNull(row.imdb_id),
});

/** All that are in `examples/`, films first. */
export function subjectsIn(folder: string, kind: KindAsked = 'all'): Subject[] {
  const films = kind === 'person' ? [] : rowsIn(folder, 'films-truth.csv').map(filmOf);
  const people = kind === 'movie' ? [] : rowsIn(folder, 'people-truth.csv').map(personOf);
  return [...films, ...people];
}

/** So many of them, in an order by chance that a seed repeats. A smaller sample of a seed is part of a larger one. */
export function sampled(subjects: Subject[], most: number, seed: number): Subject[] {
  const random = new Random(seed);
  const left = [...subjects];
  const taken: Subject[] = [];
  while (taken.length < most && left.length > 0) taken.push(...left.splice(random.between(0, left.length - 1), 1));
  return taken;
}

export const keyOf = ({ entity, text, year }: Pick<Subject, 'entity' | 'text' | 'year'>) =>
  JSON.stringify([entity, text, year]);

/** Those whose name alone means another one of the list, too: they are always asked for with their year. */
export function twinsAmong(subjects: Subject[]): Set<string> {
  const nameOf = ({ entity, text }: Subject) => `${entity} ${text.toLowerCase()}`;
  const counts = new Map<string, number>();
  for (const subject of subjects) counts.set(nameOf(subject), (counts.get(nameOf(subject)) ?? 0) + 1);
  return new Set(subjects.filter((subject) => counts.get(nameOf(subject))! > 1).map(keyOf));
}
