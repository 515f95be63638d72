/**
 * What spreadsheets take for the beginning of a formula, in full width too, and what this file puts before it. Source:
 * OWASP.
 */
const FORMULA = /^'*[=+\-@＝＋－＠\t\r\n]/;
const MARKED = /^'+[=+\-@＝＋－＠\t\r\n]/;
const MARK = "'";

/** A row of CSV (RFC 4180). `null` is an empty cell. */
export const csvRow = (cells: (string | number | null)[]): string => `${cells.map(cellOf).join(',')}\r\n`;

function cellOf(value: string | number | null): string {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  const inert = FORMULA.test(value) ? MARK + value : value;
  return /[",\r\n]|^\s|\s$/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

/** The text of such a cell: without the mark that keeps a spreadsheet from reading a formula. */
export const textOfCell = (cell: string): string => (MARKED.test(cell) ? cell.slice(MARK.length) : cell);
