import Table from 'cli-table3';

/** Width of output that is no terminal, columns. */
const USUAL_WIDTH = 80;
/** A narrower column is not readable. */
const LEAST_COLUMN = 8;

/**
 * Whether output is plain text, without cursor movements and colours: it is no terminal, or the user asks for it
 * (https://no-color.org).
 */
export const isPlain = ({ isTTY }: { isTTY?: boolean }) =>
  !isTTY || Boolean(process.env.NO_COLOR) || process.env.TERM === 'dumb';

/** The same stream, marked as no terminal, for a library that would draw on one. */
export function plainly(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  const plain = { write: (text: string) => stream.write(text) };
  return isPlain(stream) ? (plain as NodeJS.WriteStream) : stream;
}

export function printJson(value: unknown): void {
  console.log(JSON.stringify(value, null, 2));
}

/** A table without colours that fits the terminal. The widest columns are wrapped, between words if possible. */
export function table(head: string[], rows: string[][], width = process.stdout.columns || USUAL_WIDTH): string {
  const all = head.length > 0 ? [head, ...rows] : rows;
  const most = (of: (cell: string) => number) => all[0]!.map((_, n) => Math.max(...all.map((row) => of(row[n]!))));
  const [wanted, words] = [most((cell) => longest(cell, '\n')), most((cell) => longest(cell, /\s/))];
  const room = width - 1 - wanted.length * 3;
  const widths = fitted(
    fitted(wanted, words, room),
    words.map(() => LEAST_COLUMN),
    room,
  );
  const colWidths = widths.map((text) => text + 2);
  const drawn = new Table({ head, colWidths, wordWrap: true, style: { head: [], border: [], compact: true } });
  drawn.push(...rows.map((row) => row.map((cell, column) => broken(cell, widths[column]!))));
  return drawn.toString();
}

const longest = (text: string, between: string | RegExp) => Math.max(...text.split(between).map(lengthOf));
/** Columns of a text. A letter of East Asian scripts may take two, so it counts as two. */
const lengthOf = (text: string) => [...text].reduce((sum, letter) => sum + (letter > '\u1100' ? 2 : 1), 0);

/** Narrows the widest columns until all fit, or none is wider than `least`. */
function fitted(wanted: number[], least: number[], room: number): number[] {
  const widths = [...wanted];
  const spare = (column: number) => (widths[column]! > least[column]! ? widths[column]! : 0);
  for (let over = widths.reduce((sum, width) => sum + width, 0) - room; over > 0; over--) {
    const widest = widths.reduce((best, _, column) => (spare(column) > spare(best) ? column : best), 0);
    if (spare(widest) === 0) break;
    widths[widest]!--;
  }
  return widths;
}

/** Breaks words longer than the line; the table itself breaks between words. */
function broken(text: string, width: number): string {
  return text.replace(/\S+/gu, (word) => (lengthOf(word) > width ? pieces(word, width).join(' ') : word));
}

function pieces(word: string, width: number): string[] {
  const found = [''];
  for (const letter of word) {
    if (lengthOf(found.at(-1)! + letter) > width) found.push('');
    found.push(found.pop()! + letter);
  }
  return found;
}
