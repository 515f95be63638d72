import { SingleBar } from 'cli-progress';
import Table from 'cli-table3';
import { parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobDto } from '../jobs/jobs.dto.js';
import { CliError, type Client, isFinished, Refused } from './client.js';
import { requestBody } from './generate-one.js';
import type { GenerateOptions, Kind } from './options.js';

type FileOptions = Pick<GenerateOptions, 'locale' | 'context' | 'reuse' | 'parallel' | 'timeout' | 'json'>;

interface Row {
  line: number;
  text: string;
  year?: number;
}

/** A line of the file and what became of it. */
interface Outcome extends Row {
  job?: JobDto;
  /** Why the server did not accept the line. */
  refused?: string;
}

const POLL_MS = 300;
const SHOWN_FAILURES = 20;

/** Generates every line of a CSV file and waits for the results, with a progress bar on stderr. @returns the exit code */
export async function generateFile(client: Client, file: string, options: FileOptions): Promise<number> {
  const { kind, rows } = readRows(file);
  const started = Date.now();
  const bar = new SingleBar({
    format: '{bar} {value}/{total}  {done} done, {failed} not  {duration_formatted}',
    stream: process.stderr,
    noTTYOutput: true,
    notTTYSchedule: 5000,
    hideCursor: true,
  });
  bar.start(rows.length, 0, { done: 0, failed: 0 });
  const outcomes: Outcome[] = rows.map((row) => ({ ...row }));
  const show = () =>
    bar.update(outcomes.filter(isOver).length, {
      done: outcomes.filter(isDone).length,
      failed: outcomes.filter(isFailed).length,
    });
  try {
    await inParallel(outcomes, options.parallel, async (outcome) => {
      await submit(client, kind, outcome, options);
      show();
    });
    await pollAll(client, outcomes, options, show);
  } finally {
    bar.stop();
  }
  report(outcomes, Date.now() - started, options.json ?? false);
  return outcomes.every(isDone) ? 0 : 1;
}

const isDone = ({ job }: Outcome) => job?.status === 'DONE';
const isOver = ({ job, refused }: Outcome) => refused !== undefined || (job !== undefined && isFinished(job));
const isFailed = (outcome: Outcome) => isOver(outcome) && !isDone(outcome);

function readRows(file: string): { kind: Kind; rows: Row[] } {
  let records: { record: Record<string, string>; info: { lines: number } }[];
  try {
    records = parse(readFileSync(file), {
      columns: true,
      bom: true,
      trim: true,
      skip_empty_lines: true,
      info: true,
    }) as unknown as typeof records;
  } catch (error) {
    throw new CliError(`cannot read ${file}: ${(error as Error).message}`);
  }
  const [first] = records;
  if (!first) throw new CliError(`${file} has no lines`);
  const kind = 'title' in first.record ? 'movie' : 'name' in first.record ? 'person' : null;
  if (!kind) throw new CliError(`${file} needs the header title,year or name,birth_year`);
  const rows = records.map(({ record, info }) => {
    const year = record.year ?? record.release_year ?? record.birth_year;
    return { line: info.lines, text: record.title ?? record.name ?? '', year: year ? Number(year) : undefined };
  });
  return { kind, rows };
}

async function submit(client: Client, kind: Kind, outcome: Outcome, options: FileOptions): Promise<void> {
  try {
    outcome.job = await client.submit(kind, requestBody({ kind, text: outcome.text, year: outcome.year, ...options }));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    outcome.refused = error.message;
  }
}

async function pollAll(
  client: Client,
  outcomes: Outcome[],
  { parallel, timeout }: FileOptions,
  show: () => void,
): Promise<void> {
  for (const deadline = Date.now() + timeout * 1000; ; await sleep(POLL_MS)) {
    const open = outcomes.filter((outcome) => !isOver(outcome));
    if (open.length === 0) return;
    if (Date.now() > deadline)
      throw new CliError(`${open.length} jobs are not finished after ${timeout} s; they go on on the server`);
    await inParallel(open, parallel, async (outcome) => {
      outcome.job = await client.job(outcome.job!.job_id);
      show();
    });
  }
}

async function inParallel<T>(items: T[], parallel: number, work: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  const worker = async () => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.max(1, parallel) }, worker));
}

function report(outcomes: Outcome[], durationMs: number, json: boolean): void {
  const jobs = outcomes.flatMap(({ job }) => job ?? []);
  const sum = (value: (job: JobDto) => number | undefined) => jobs.reduce((total, job) => total + (value(job) ?? 0), 0);
  const summary = {
    lines: outcomes.length,
    done: outcomes.filter(isDone).length,
    failed: jobs.filter((job) => job.status !== 'DONE').length,
    refused: outcomes.filter(({ refused }) => refused !== undefined).length,
    tries: sum(({ attempts }) => attempts),
    input_tokens: sum(({ usage }) => usage?.input_tokens),
    output_tokens: sum(({ usage }) => usage?.output_tokens),
    duration_ms: durationMs,
    per_second: Math.round((outcomes.length / durationMs) * 10_000) / 10,
  };
  if (json) return console.log(JSON.stringify({ summary, results: outcomes.map(result) }, null, 2));
  const table = new Table({ head: Object.keys(summary), style: { head: [], border: [] } });
  table.push(Object.values(summary));
  console.log(table.toString());
  const failures = outcomes.filter(isFailed);
  for (const { line, text, job, refused } of failures.slice(0, SHOWN_FAILURES)) {
    console.log(
      `line ${line}, ${text}: ${refused ?? `${job?.status} ${job?.error?.type ?? ''} ${job?.error?.message ?? ''}`}`,
    );
  }
  if (failures.length > SHOWN_FAILURES) console.log(`… and ${failures.length - SHOWN_FAILURES} more; --json lists all`);
}

const result = ({ line, text, year, job, refused }: Outcome) => ({
  line,
  text,
  year: year ?? null,
  job_id: job?.job_id ?? null,
  status: job?.status ?? 'REFUSED',
  slug: job?.slug ?? null,
  error: refused ?? job?.error ?? null,
});
