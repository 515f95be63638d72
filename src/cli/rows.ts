import { kindOfWord } from '../domain/kinds.js';
import type { Metadata } from '../domain/metadata.js';
import type { Columns } from './columns.js';
import type { Kind } from './options.js';
import type { Line } from './read-table.js';

/** A line of the file that will be sent, or why it cannot be. */
export interface Row {
  line: number;
  text: string;
  year?: number;
  imdb?: string;
  tmdb?: number;
  locale?: string;
  context?: string;
  metadata?: Metadata;
  /** Why the line was not understood. */
  problem?: string;
}

/** Texts that mean an empty cell: IMDb's files write \N, others a word. */
const NOTHING = /^(\\N|null|nan|n\/a|none|-)?$/i;
/** Title types of films, only letters: of IMDb's exports and of its data files. */
const FILMS = new Set([
  'movie',
  'film',
  'feature',
  'featurefilm',
  'tvmovie',
  'short',
  'tvshort',
  'video',
  'documentary',
]);
/** Types that are no films, in the same form: of the exports of TMDB, Trakt and Netflix. */
const OTHERS = new Set(['tv', 'tvshow', 'tvseries', 'show', 'series', 'season', 'episode', 'tvepisode', 'person']);
/** Columns of ids also hold ratings, which are no ids, and addresses, in which the id is. Source: the contract. */
const imdbIdOf = (kind: Kind, cell: string) => new RegExp(`\\b${kindOfWord(kind).imdb}\\d{7,9}\\b`).exec(cell)?.[0];
const TMDB_ID = /^([1-9]\d{0,8})(\.0)?$/;
const plain = (type: string) => type.toLowerCase().replace(/[^a-z]/g, '');

/** @returns the rows in the order of the file, and the number of lines skipped because they are no films */
export function rowsOf(lines: Line[], columns: Columns): { rows: Row[]; skipped: number } {
  const isOther = (line: Line) => {
    if (!('cells' in line)) return false;
    const typeIn = (column: number | undefined) => plain((column === undefined ? null : line.cells[column]) ?? '');
    const type = typeIn(columns.titleType);
    return (type !== '' && !FILMS.has(type)) || OTHERS.has(typeIn(columns.type));
  };
  const rows = lines.filter((line) => !isOther(line)).map((line) => rowOf(line, columns));
  return { rows, skipped: lines.length - rows.length };
}

function rowOf(line: Line, columns: Columns): Row {
  if (!('cells' in line)) return { line: line.line, text: '', problem: line.problem };
  const cell = (column: number | undefined) => (column === undefined ? '' : (line.cells[column] ?? ''));
  const known = (text: string) => (NOTHING.test(text) ? undefined : text);
  const text = cell(columns.text);
  const tmdb = TMDB_ID.exec(cell(columns.tmdb))?.[1];
  const row: Row = {
    line: line.line,
    text,
    imdb: imdbIdOf(columns.kind, cell(columns.imdb)),
    tmdb: tmdb === undefined ? undefined : Number(tmdb),
    locale: known(cell(columns.locale)),
    context: known(cell(columns.context)),
    ...notes(columns.metadata.flatMap(([name, column]) => (cell(column) === '' ? [] : [[name, cell(column)]]))),
  };
  if (text === '') return { ...row, problem: `has no ${kindOfWord(columns.kind).text}` };
  const written = known(cell(columns.year));
  if (written === undefined) return row;
  const year = yearOf(written);
  return year === null ? { ...row, problem: `"${written.slice(0, 40)}" is no year` } : { ...row, year };
}

/** A cell without a text notes nothing. */
const notes = (entries: string[][]) =>
  entries.length > 0 ? { metadata: Object.fromEntries(entries) as Metadata } : {};

/** The year of `1995`, `1995.0`, `1995-12-15`, `December 15, 1995 (United States)`; `null`: there is none. */
export function yearOf(text: string): number | null {
  const whole = /^\(?(-?\d+)(?:\.0+)?\)?$/.exec(text)?.[1];
  if (whole !== undefined) return Number(whole);
  const within = /(?<!\d)\d{4}(?!\d)/.exec(text)?.[0];
  return within === undefined ? null : Number(within);
}
