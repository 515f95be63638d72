import { columnsOf } from './columns.js';
import { CliError } from './errors.js';
import type { Kind } from './options.js';
import { readTable } from './read-table.js';
import { type Row, rowsOf } from './rows.js';

export interface FileRows {
  kind: Kind;
  rows: Row[];
  /** Lines that are no films. */
  skipped: number;
}

/** Reads a file; what it does not use of it is told on stderr. @throws CliError when nothing of it can be used */
export function readRows(file: string, told: Kind | undefined): FileRows {
  const { header, lines } = readTable(file);
  const columns = columnsOf(header, told, file);
  const { kind, ids } = columns;
  const { rows, skipped } = rowsOf(lines, columns);
  if (rows.length === 0) throw new CliError(`${file} has no films: the Title Type of all its lines is another`);
  const say = (text: string) => process.stderr.write(`${file}: ${text}\n`);
  const named = `${ids.length > 1 ? 'columns' : 'column'} ${ids.join(', ')}`;
  if (ids.length > 0) say(`the ${named} cannot be used yet; title and year are`);
  if (skipped > 0) say(`lines passed over because they are no films: ${skipped}`);
  return { kind, rows, skipped };
}
