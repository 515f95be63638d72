import { IMPORT_BODY_LIMIT, type Imported, MOST_IMPORTED } from '../domain/vocabulary.js';
import type { Client } from './client.js';
import { EXIT, Refused } from './errors.js';
import { type OwnRow, rowsIn } from './import-rows.js';
import { itemsNamed } from './items-named.js';
import { printJson } from './output.js';

/** A body is sent before it is that large, bytes; and before it has so many values, of 10 000 that the server reads. */
const LARGEST = IMPORT_BODY_LIMIT * 0.75;
const MOST_VALUES = 8000;
/** Time between two lines about the progress, milliseconds. */
const TELL_MS = 5000;

interface Sums {
  items: Record<Imported, number>;
  texts: number;
  refused: { line: number; detail: string }[];
  told: number;
}

/** Sends what a file has, in batches; a line that cannot be taken keeps no others back. @returns the exit code */
export async function importFile(client: Client, file: string, { json = false }: { json?: boolean }): Promise<number> {
  const sums: Sums = { items: { CREATED: 0, CHANGED: 0, UNCHANGED: 0 }, texts: 0, refused: [], told: Date.now() };
  let batch: OwnRow[] = [];
  let [bytes, values] = [0, 0];
  for await (const row of rowsIn(file)) {
    if ('problem' in row) {
      refuse(sums, row.line, row.problem);
      continue;
    }
    const size = Buffer.byteLength(JSON.stringify(row.item)) + 1;
    const count = 8 + 4 * row.item.texts.length;
    const isFull = batch.length === MOST_IMPORTED || bytes + size > LARGEST || values + count > MOST_VALUES;
    if (batch.length > 0 && (isFull || batch[0]!.kind !== row.kind)) {
      await send(client, batch, sums);
      [batch, bytes, values] = [[], 0, 0];
    }
    batch.push(row);
    [bytes, values] = [bytes + size, values + count];
  }
  await send(client, batch, sums);
  const { items, texts, refused } = sums;
  if (json) printJson({ created: items.CREATED, changed: items.CHANGED, unchanged: items.UNCHANGED, texts, refused });
  else
    console.log(
      `${items.CREATED} made, ${items.CHANGED} changed, ${items.UNCHANGED} as they were; ` +
        `${texts} texts stored; ${refused.length} lines refused`,
    );
  return refused.length === 0 ? EXIT.done : EXIT.unwritten;
}

/** Leaves out what the server names as wrong, and sends the rest. */
async function send(client: Client, rows: OwnRow[], sums: Sums): Promise<void> {
  if (rows.length === 0) return;
  try {
    const items = rows.map(({ item }) => (item.texts.length > 0 ? item : { ...item, texts: undefined }));
    const { texts, results } = await client.bring(`/import/${rows[0]!.kind.path}`, items);
    sums.texts += texts;
    for (const { outcome } of results) sums.items[outcome]++;
    tell(sums);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const wrong = itemsNamed(error.problem!);
    if (wrong.size === 0) throw error;
    for (const [n, why] of wrong) if (rows[n]) refuse(sums, rows[n].line, why);
    await send(
      client,
      rows.filter((_, n) => !wrong.has(n)),
      sums,
    );
  }
}

function refuse(sums: Sums, line: number, detail: string): void {
  sums.refused.push({ line, detail });
  process.stderr.write(`line ${line}: ${detail}\n`);
}

function tell(sums: Sums): void {
  if (Date.now() - sums.told < TELL_MS) return;
  sums.told = Date.now();
  const { CREATED, CHANGED, UNCHANGED } = sums.items;
  process.stderr.write(`${CREATED + CHANGED + UNCHANGED} taken\n`);
}
