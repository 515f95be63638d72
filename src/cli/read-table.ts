import { CsvError, parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import { CliError } from './errors.js';

/** A line of a file: its cells, or why it has none. */
export type Line = { line: number } & ({ cells: string[] } | { problem: string });

interface TableFile {
  header: string[];
  lines: Line[];
}

const DELIMITERS = [',', ';', '\t', '|'];
/** The first line of a Letterboxd list. The list's own title follows, and then a blank line. */
const LIST = /^Letterboxd list export/;
/** Most lines of one quoted text: a quote that is never closed must not swallow the file. */
const MOST_LINES = 20;
/** Length of a quotation from the file, characters. */
const SHOWN = 40;

/**
 * Reads a CSV file line by line, so that an unreadable line affects only itself.
 * @throws CliError that says what to do
 */
export function readTable(file: string): TableFile {
  const lines = decode(bytesOf(file), file).split(/\r\n|\n|\r/);
  const declared = /^sep=(.)$/i.exec(lines[0]!)?.[1]; // Excel names the delimiter this way
  const isList = LIST.test(lines[0]!);
  const above = isList ? lines.findIndex((text) => text.trim() === '') : declared ? 1 : 0;
  const first = lines.findIndex((text, n) => text.trim() !== '' && n >= above);
  if (first < 0) throw new CliError(`${file} is empty`);
  const delimiter = declared ?? delimiterOf(lines[first]!);
  const [header, ...rest] = [...records(lines, first, delimiter)];
  if (!header || !('cells' in header)) throw new CliError(`${file}: the header in line ${first + 1} cannot be read`);
  if (rest.length === 0) throw new CliError(`${file} has no lines after its header`);
  const width = header.cells.length;
  // A Letterboxd list contains films, but its columns do not show it: the renamed column does.
  const names = isList ? header.cells.map((name) => (name === 'URL' ? 'Letterboxd URI' : name)) : header.cells;
  return { header: names, lines: rest.map((line) => checked(line, width)) };
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reasons: Record<string, string> = {
      ENOENT: 'there is no such file',
      EISDIR: 'it is a folder',
      EACCES: 'permission denied',
    };
    throw new CliError(`cannot read ${file}: ${reasons[code ?? ''] ?? message}`);
  }
}

/** UTF-8, or UTF-16 as Excel writes it. @throws CliError that names the first line that is neither */
function decode(bytes: Buffer, file: string): string {
  if (bytes.subarray(0, 2).toString('latin1') === 'PK') {
    throw new CliError(`${file} is a workbook or an archive: save it as CSV (UTF-8)`);
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) throw new CliError(`${file} is compressed: gunzip it first`);
  const mark = bytes.subarray(0, 4).toString('hex');
  if (mark === 'fffe0000' || mark === '0000feff') throw new CliError(`${file} is UTF-32: save it as UTF-8`);
  const encoding = encodingOf(bytes);
  const text = decoded(bytes, encoding);
  if (text !== null) return text;
  if (encoding !== 'utf-8') throw new CliError(`${file} is damaged ${encoding.toUpperCase()}: save it as UTF-8`);
  for (let start = 0, line = 1; ; line++) {
    const end = bytes.indexOf(0x0a, start);
    const part = bytes.subarray(start, end < 0 ? undefined : end);
    if (decoded(part, 'utf-8') === null || end < 0) {
      const shown = part.toString('latin1').trim().slice(0, SHOWN);
      throw new CliError(`${file} is neither UTF-8 nor UTF-16, see line ${line} (${shown}): save it as UTF-8`);
    }
    start = end + 1;
  }
}

function encodingOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  // Without a byte order mark: a header is ASCII, so in UTF-16 every second byte of it is zero.
  if (bytes[1] === 0 && bytes[3] === 0) return 'utf-16le';
  return bytes[0] === 0 && bytes[2] === 0 ? 'utf-16be' : 'utf-8';
}

function decoded(bytes: Buffer, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** The delimiter that is most frequent in the header, outside of quotes. */
function delimiterOf(header: string): string {
  const bare = header.replace(/"[^"]*"/g, '');
  const count = (delimiter: string) => bare.split(delimiter).length;
  return DELIMITERS.reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}

function* records(lines: string[], first: number, delimiter: string): Generator<Line> {
  for (let n = first; n < lines.length;) {
    if (lines[n]!.trim() === '') {
      n++;
      continue;
    }
    const { taken, ...read } = readOne(lines, n, delimiter);
    const isBlank = 'cells' in read && read.cells.every((cell) => cell === '');
    if (!isBlank) yield { line: n + 1, ...read };
    n += taken;
  }
}

type Read = { taken: number } & ({ cells: string[] } | { problem: string });

/** Reads one row; a quoted text may continue on the next lines. */
function readOne(lines: string[], start: number, delimiter: string): Read {
  for (let taken = 1; taken <= MOST_LINES && start + taken <= lines.length; taken++) {
    const text = lines.slice(start, start + taken).join('\n');
    try {
      const [cells = []] = parse(text, { delimiter, trim: true, relax_quotes: true });
      return { taken, cells };
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      if (error.code === 'CSV_QUOTE_NOT_CLOSED') continue;
      return { taken: 1, problem: 'has a quote within a text in quotes: write it twice ("")' };
    }
  }
  return { taken: 1, problem: 'has a quote that is not closed' };
}

function checked(line: Line, width: number): Line {
  if (!('cells' in line)) return line;
  const { cells } = line;
  const surplus = cells.slice(width);
  if (cells.length === width || (cells.length > width && surplus.every((cell) => cell === ''))) return line;
  const columns = `has ${cells.length} ${cells.length === 1 ? 'column' : 'columns'}, the header ${width}`;
  const advice =
    cells.length > width ? 'a text with the delimiter in it belongs in quotes' : 'an empty one needs its delimiter too';
  return { line: line.line, problem: `${columns}: ${advice}` };
}
