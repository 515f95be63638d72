import type { Client, Page } from './client.js';
import { EXIT } from './errors.js';
import type { OutputOptions } from './options.js';
import { printJson, table } from './output.js';

export interface ListOptions extends OutputOptions {
  limit: number;
  all?: boolean;
}

interface List<Row> {
  path: string;
  /** Parameters of the query; `undefined`: not one of them. */
  filter: Record<string, string | undefined>;
  head: string[];
  cells: (row: Row) => string[];
  /** What is said where there is no row. */
  none: string;
}

/** Prints a list of the API, and says on stderr when it is not all. @returns the exit code */
export async function showList<Row>(client: Client, list: List<Row>, options: ListOptions): Promise<number> {
  const page = await client.list<Row>(list.path, list.filter, options.all ? Infinity : options.limit);
  if (options.json) printJson(page);
  else printPage(page, list);
  return EXIT.done;
}

function printPage<Row>({ results, next_cursor }: Page<Row>, { head, cells, none }: List<Row>): void {
  console.log(results.length > 0 ? table(head, results.map(cells)) : none);
  if (next_cursor !== null) process.stderr.write('There are more: --limit shows more of them, --all shows all\n');
}

/** A time of an answer in 16 characters, UTC. */
export const minute = (time: string) => time.slice(0, 16).replace('T', ' ');

/** One thing, a line for each of its properties. */
export function printPairs(pairs: [name: string, value: string | number | null][]): void {
  const width = Math.max(...pairs.map(([name]) => name.length));
  console.log(pairs.map(([name, value]) => `${name.padEnd(width)}  ${value ?? '-'}`).join('\n'));
}
