import Papa from 'papaparse';
import { type Columns, columnsOf } from './columns.ts';
import { FIELDS, type Kind, type Request } from './wish.ts';

/** Why a row cannot be sent. */
export type Fault = 'noText' | 'noYear' | 'broken';

export interface Row {
  /** Its place in the list or the file, from 1. */
  row: number;
  text: string;
  year: number | null;
  item: Request;
  fault: Fault | null;
}

export interface Understood {
  kind: Kind;
  rows: Row[];
  /** Rows of a file that are no films. */
  skipped: number;
  /** The rows name their own languages, or tones. */
  ownLocales: boolean;
  ownTones: boolean;
}

/** Texts that mean an empty cell. */
const NOTHING = /^(\\N|null|nan|n\/a|none|-)?$/i;
const FILMS = new Set(['movie', 'film', 'feature', 'tvmovie', 'short', 'tvshort', 'video', 'documentary']);
/** `Alien (1979)`, `Alien;1979`, `Alien, 1979`, and the same with a tab. */
const WITH_YEAR = /^(.+?)(?:\s*[;,\t|]\s*|\s+)\(?(\d{4})\)?$/;
const IN_BRACKETS = /\(\d{4}\)$|[;,\t|]\s*\(?\d{4}\)?$/;

/** A list with one title a line, or the text of a CSV file. */
export function understood(text: string, chosen: Kind): Understood {
  const clean = withoutPreamble(text.replace(/^\uFEFF/, ''));
  const { data, errors } = Papa.parse<string[]>(clean, { skipEmptyLines: 'greedy' });
  const columns = data.length > 1 ? columnsOf(data[0]!, chosen) : null;
  if (!columns) return listed(clean, chosen);
  const broken = new Set(errors.flatMap(({ type, row }) => (type === 'Quotes' && row !== undefined ? [row] : [])));
  const width = data[0]!.length;
  const rows = data.slice(1).map((cells, n) => rowOf(cells, n + 2, columns, broken.has(n + 1) || isWide(cells, width)));
  const films = rows.filter((_, n) => isFilm(data[n + 1]!, columns));
  return {
    kind: columns.kind,
    rows: films,
    skipped: rows.length - films.length,
    ownLocales: films.some(({ item }) => item.locale),
    ownTones: films.some(({ item }) => item.context_tag),
  };
}

function listed(text: string, kind: Kind): Understood {
  const lines = text.split(/\r\n|\n|\r/);
  const rows = lines.flatMap((line, n) => {
    const trimmed = line.trim();
    if (trimmed === '') return [];
    const [, name, year] = (IN_BRACKETS.test(trimmed) && WITH_YEAR.exec(trimmed)) || [];
    const given = unquoted(name ?? trimmed);
    const number = year === undefined ? null : Number(year);
    return [{ row: n + 1, text: given, year: number, item: itemOf(kind, given, number), fault: null }];
  });
  return { kind, rows, skipped: 0, ownLocales: false, ownTones: false };
}

const unquoted = (text: string) => /^"(.*)"$/.exec(text)?.[1]?.replaceAll('""', '"') ?? text;

function rowOf(cells: string[], row: number, columns: Columns, isBroken: boolean): Row {
  const cell = (column: number | undefined) => {
    const text = (column === undefined ? '' : (cells[column] ?? '')).trim();
    return NOTHING.test(text) ? '' : text;
  };
  // A film may be called "Null" or "None".
  const text = (cells[columns.text] ?? '').trim();
  const written = cell(columns.year);
  const year = written === '' ? null : yearOf(written);
  const { kind } = columns;
  const ids = {
    imdb: new RegExp(`\\b${kind === 'movie' ? 'tt' : 'nm'}\\d{7,9}\\b`).exec(cell(columns.imdb))?.[0],
    tmdb: Number(/^([1-9]\d{0,8})(\.0)?$/.exec(cell(columns.tmdb))?.[1]) || undefined,
  };
  const notes = columns.notes.flatMap(([name, column]) => (cell(column) === '' ? [] : [[name, cell(column)]]));
  const item = {
    ...itemOf(kind, text, year),
    ...(cell(columns.director) !== '' && { director: cell(columns.director).split(/[,;|]/)[0]!.trim() }),
    ...((ids.imdb ?? ids.tmdb) !== undefined && { external_ids: ids }),
    ...(cell(columns.locale) !== '' && { locale: cell(columns.locale) }),
    ...(cell(columns.tone) !== '' && { context_tag: cell(columns.tone) }),
    ...(notes.length > 0 && { metadata: Object.fromEntries(notes) as Record<string, string> }),
  };
  const fault = isBroken ? 'broken' : text === '' ? 'noText' : written !== '' && year === null ? 'noYear' : null;
  return { row, text, year, item, fault };
}

function itemOf(kind: Kind, text: string, year: number | null): Request {
  const fields = FIELDS[kind];
  return { [fields.text]: text, ...(year !== null && { [fields.year]: year }) };
}

/** The year of `1995`, `1995.0`, `1995-12-15`, `December 15, 1995`; `null`: there is none. */
function yearOf(text: string): number | null {
  const whole = /^\(?(-?\d+)(?:\.0+)?\)?$/.exec(text)?.[1];
  if (whole !== undefined) return Number(whole);
  const within = /(?<!\d)\d{4}(?!\d)/.exec(text)?.[0];
  return within === undefined ? null : Number(within);
}

/** A text with the delimiter in it that stands in no quotes. */
const isWide = (cells: string[], width: number) => cells.slice(width).some((cell) => cell.trim() !== '');

function isFilm(cells: string[], { type }: Columns): boolean {
  const name = (type === undefined ? '' : (cells[type] ?? '')).toLowerCase().replace(/[^a-z]/g, '');
  return name === '' || FILMS.has(name);
}

/** Excel names its delimiter in a first line; a list of Letterboxd tells of itself first. */
function withoutPreamble(text: string): string {
  if (/^sep=.\r?\n/i.test(text)) return text.slice(text.indexOf('\n') + 1);
  if (!text.startsWith('Letterboxd list export')) return text;
  return text.replace(/^[\s\S]*?\n\s*\n/, '');
}

/** @throws RangeError when the file is no text that the page can read */
export function textOf(bytes: ArrayBuffer): string {
  const [first, second] = new Uint8Array(bytes);
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new RangeError(encoding);
  }
}
