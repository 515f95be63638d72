import Table from 'cli-table3';

/** Width of what is not a terminal, columns. */
const USUAL_WIDTH = 80;
/** Narrower than this a column is not readable any more. */
const LEAST_COLUMN = 8;

/** Whether it may move the cursor and draw: a terminal of somebody who did not say otherwise (https://no-color.org). */
export const isPlain = ({ isTTY }: { isTTY?: boolean }) =>
  !isTTY || Boolean(process.env.NO_COLOR) || process.env.TERM === 'dumb';

/** The same stream for a program that would draw on a terminal. */
export function plainly(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  const plain = { write: (text: string) => stream.write(text) };
  return isPlain(stream) ? (plain as NodeJS.WriteStream) : stream;
}

export function printJson(value: unknown): void {
  console.log(JSON.stringify(value, null, 2));
}

/** A table without colours that fits the terminal: the widest columns are wrapped. */
export function table(head: string[], rows: string[][], width = process.stdout.columns || USUAL_WIDTH): string {
  const all = head.length > 0 ? [head, ...rows] : rows;
  const wanted = all[0]!.map((_, column) => Math.max(...all.map((row) => longest(row[column]!))));
  const colWidths = fitted(wanted, width - 1 - wanted.length * 3).map((text) => text + 2);
  const drawn = new Table({ head, colWidths, wordWrap: true, style: { head: [], border: [], compact: true } });
  drawn.push(...rows.map((row) => row.map((cell, column) => broken(cell, colWidths[column]! - 2))));
  return drawn.toString();
}

const longest = (text: string) => Math.max(...text.split('\n').map(lengthOf));
/** A letter of the East may take two columns of a terminal: it is given two. */
const lengthOf = (text: string) => [...text].reduce((sum, letter) => sum + (letter > '\u1100' ? 2 : 1), 0);

/** Takes from the widest column until all fit. */
function fitted(wanted: number[], room: number): number[] {
  const widths = [...wanted];
  for (let over = widths.reduce((sum, width) => sum + width, 0) - room; over > 0; over--) {
    const widest = widths.indexOf(Math.max(...widths));
    if (widths[widest]! <= LEAST_COLUMN) break;
    widths[widest]!--;
  }
  return widths;
}

/** Breaks the words that are longer than the line; the table breaks between words. */
function broken(text: string, width: number): string {
  const pieces = (word: string) =>
    word.match(new RegExp(`.{1,${Math.max(1, Math.floor(width / 2))}}`, 'gu'))!.join(' ');
  return text.replace(/[^\s]+/gu, (word) => (lengthOf(word) > width ? pieces(word) : word));
}
