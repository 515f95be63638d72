import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync, renameSync, statSync, truncateSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { csvHeader, csvRows, type ExportedLine } from '../catalog/exported-row.js';
import { type Kind, ROWS } from '../domain/kinds.js';
import type { ExportFormat } from '../domain/vocabulary.js';
import type { Client } from './client.js';
import { CliError, EXIT } from './errors.js';
import { pause } from './interruption.js';

export interface ExportOptions {
  format?: ExportFormat;
  out?: string;
  after?: string;
}

/** A server that sends nothing for so long has gone, milliseconds. */
const SILENCE_MS = 60_000;
/** How often it is asked to go on without a line in between, and how long it is waited before, milliseconds. */
const TRIES = 10;
const RETRY_MS = 1000;
/** Time between two lines about the progress, milliseconds. */
const TELL_MS = 5000;

/** Where an export stands. */
interface Progress {
  after: string | undefined;
  count: number;
  told: number;
}

/**
 * Writes all films or people to a file or to stdout. The server sends JSON lines, whatever is written: so it goes on
 * after the last whole one. A file has its name only once it is whole. @returns the exit code
 */
export async function exportFile(client: Client, what: string, options: ExportOptions): Promise<number> {
  const { format = 'jsonl', out } = options;
  const kind = ROWS.find(({ path }) => path === what)!;
  const part = out === undefined ? null : partOf(out);
  const goesOn = part !== null && options.after === undefined && format === 'jsonl' && existsSync(part);
  const at: Progress = { after: options.after, count: 0, told: Date.now() };
  if (goesOn) at.after = await lastWhole(part, kind);
  if (goesOn && at.after) process.stderr.write(`going on after ${at.after}, the last id in ${part}\n`);
  const sink = part === null ? process.stdout : createWriteStream(part, { flags: goesOn ? 'a' : 'w' });
  const broken = brokenOf(sink);
  if (format === 'csv') await write(sink, csvHeader(kind));
  const written = (line: string) => (format === 'csv' ? csvRows(kind, JSON.parse(line) as ExportedLine) : `${line}\n`);
  try {
    await Promise.race([broken, received(client, kind, at, (line) => write(sink, written(line)))]);
  } catch (error) {
    const where = at.after ? `; it goes on with --after ${at.after}` : '';
    if (at.count > 0) process.stderr.write(`the export is not whole: ${at.count} arrived${where}\n`);
    throw error;
  }
  if (part !== null) {
    sink.end();
    await Promise.race([broken, once(sink, 'finish')]);
    named(part, out!);
  }
  process.stderr.write(`${at.count} ${kind.path} exported\n`);
  return EXIT.done;
}

/** The file that is written until the export is whole. @throws CliError where a folder is in the way */
function partOf(out: string): string {
  const part = `${out}.part`;
  const folder = [out, part].find((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory());
  if (folder !== undefined) throw new CliError(`cannot write ${folder}: it is a folder; name a file`);
  return part;
}

function named(part: string, out: string): void {
  try {
    renameSync(part, out);
  } catch (error) {
    throw new CliError(`all of it is in ${part}, which cannot be renamed: ${(error as Error).message}`);
  }
}

/** Reads the export to its end, however often its connection breaks off. */
async function received(client: Client, kind: Kind, at: Progress, take: (line: string) => Promise<void>) {
  for (let tries = 0; ;) {
    const before = at.count;
    try {
      return await read(client, kind, at, take);
    } catch (error) {
      client.line.signal.throwIfAborted();
      if (error instanceof CliError) throw error;
      tries = at.count > before ? 0 : tries + 1;
      if (tries === TRIES) throw new CliError(`the connection to ${client.line.url} breaks off again and again`);
      await pause(RETRY_MS, client.line.signal);
    }
  }
}

async function read(client: Client, kind: Kind, at: Progress, take: (line: string) => Promise<void>): Promise<void> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), SILENCE_MS);
  const path = `/export/${kind.path}${at.after ? `?after=${encodeURIComponent(at.after)}` : ''}`;
  try {
    const { body } = await client.line.ask<Response>({ path, streamed: silence.signal });
    for await (const line of linesOf(body.body!, () => timer.refresh())) {
      await take(line);
      at.after = (JSON.parse(line) as ExportedLine).id;
      at.count++;
      tell(at, kind);
    }
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

/** The whole lines of a body. Its rest is none: the body was cut there. */
async function* linesOf(body: ReadableStream<Uint8Array>, arrived: () => void): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    arrived();
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
}

function tell(at: Progress, { path }: Kind): void {
  if (Date.now() - at.told < TELL_MS) return;
  at.told = Date.now();
  process.stderr.write(`${at.count} ${path}\n`);
}

async function write(sink: Writable, text: string): Promise<void> {
  if (!sink.write(text)) await once(sink, 'drain');
}

/** Rejects when the file cannot be written. */
const brokenOf = (sink: Writable) =>
  new Promise<never>((_, failed) => {
    sink.once('error', (error: Error) => failed(new CliError(`cannot write the file: ${error.message}`)));
  });

/** The id of the last whole line of a file, which is cut after it. @throws CliError for a file of something else */
async function lastWhole(file: string, { text }: Kind): Promise<string | undefined> {
  const { size } = statSync(file);
  let [bytes, whole] = [0, 0];
  let id: string | undefined;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    bytes += Buffer.byteLength(line) + 1;
    // What has no line end was cut, even where it looks whole.
    const [, found] = bytes > size ? [] : (/^\{"id":"([\da-f-]{36})".*\}$/.exec(line) ?? []);
    if (found === undefined) break;
    if (!line.includes(`"${text}":`)) throw new CliError(`${file} is no such export: remove it, or name another file`);
    [id, whole] = [found, bytes];
  }
  truncateSync(file, whole);
  return id;
}
