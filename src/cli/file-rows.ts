import { kindOfWord } from '../domain/kinds.js';
import { columnsOf } from './columns.js';
import { CliError } from './errors.js';
import type { Kind } from './options.js';
import { readTable } from './read-table.js';
import { type Row, rowsOf } from './rows.js';

export interface FileRows {
  kind: Kind;
  rows: Row[];
  /** Number of lines that are no films. */
  skipped: number;
}

/** Reads a file; says on stderr what it does not use. @throws CliError when the file has nothing to use */
export function readRows(file: string, chosen: Kind | undefined): FileRows {
  const { header, lines } = readTable(file);
  const columns = columnsOf(header, chosen, file);
  const { kind, unused } = columns;
  const { rows, skipped } = rowsOf(lines, columns);
  if (rows.length === 0) throw new CliError(`${file} has no films: the type of all its lines is another`);
  const say = (text: string) => process.stderr.write(`${file}: ${text}\n`);
  const named = (of: string[]) => `the ${of.length > 1 ? 'columns' : 'column'} ${of.join(', ')}`;
  const used = `${kindOfWord(kind).text}, year, ids, locale, context_tag and metadata.…`;
  if (unused.length > 0) say(`${named(unused)} cannot be used; ${used} are`);
  if (skipped > 0) say(`lines passed over because they are no films: ${skipped}`);
  return { kind, rows, skipped };
}
