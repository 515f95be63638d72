import { parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';

/** What a request and an answer say, and what a careful editor makes of it. */
interface Case<Asked, Answered> {
  asked: Asked;
  answered: Answered;
  /** Whether the answer is about what was asked for: what the question about an unclear one is answered with. */
  right: boolean;
  expect: 'same' | 'other' | 'unclear';
}
export type FilmCase = Case<
  { title: string; year: number | null },
  { title: string; original_title: string; other_titles: string[]; release_year: number | null }
>;
export type PersonCase = Case<
  { name: string; birth_year: number | null },
  { name: string; other_names: string[]; birth_year: number | null }
>;
type Row = Record<string, string>;

/** Of the films in `examples/films.csv` and some more, by public knowledge. */
export const filmCases = (): FilmCase[] =>
  rowsOf('identity-films').map((row) => ({
    asked: { title: row.title!, year: yearOf(row.year) },
    answered: {
      title: row.answered_title!,
      original_title: row.original_title!,
      other_titles: listOf(row.other_titles),
      release_year: yearOf(row.release_year),
    },
    ...judgementOf(row),
  }));

/** Of the people in `examples/people.csv` and some more. */
export const personCases = (): PersonCase[] =>
  rowsOf('identity-people').map((row) => ({
    asked: { name: row.name!, birth_year: yearOf(row.birth_year) },
    answered: {
      name: row.answered_name!,
      other_names: listOf(row.other_names),
      birth_year: yearOf(row.answered_birth_year),
    },
    ...judgementOf(row),
  }));

const rowsOf = (name: string): Row[] => parse(readFileSync(`test/corpus/${name}.csv`), { columns: true });
const yearOf = (cell = '') => (cell === '' ? null : Number(cell));
const listOf = (cell = '') => cell.split(';').flatMap((text) => text.trim() || []);
const judgementOf = (row: Row) => ({
  right: row.answer === 'right',
  expect: row.expect as FilmCase['expect'],
});
