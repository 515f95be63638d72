import { setTimeout as sleep } from 'node:timers/promises';
import { whyRefused } from './check-rows.js';
import { Client } from './client.js';
import { CliError, EXIT, problemOf } from './errors.js';
import { FileRun } from './file-run.js';
import { requestBody } from './generate-one.js';
import type { FileRows } from './file-rows.js';
import type { GenerateOptions } from './options.js';
import { Outcomes } from './outcomes.js';
import { Progress } from './progress.js';
import { report } from './report.js';
import type { Row } from './rows.js';

type FileOptions = Pick<
  GenerateOptions,
  'locale' | 'context' | 'choose' | 'refreshFacts' | 'reuse' | 'metadata' | 'timeout' | 'json'
>;

/** How long a run that was interrupted still reads the last states, milliseconds. */
const LAST_LOOK_MS = 5000;

/** Generates every line and waits for the results, with a progress bar on stderr. @returns the exit code */
export async function generateFile(client: Client, rows: FileRows, options: FileOptions): Promise<number> {
  const { timeout, json = false } = options;
  const started = Date.now();
  client.line.deadline = started + timeout * 1000;
  const outcomes = await checked(rows, options);
  const progress = new Progress();
  client.line.notice = progress.notice;
  progress.start(outcomes.total);
  const run = new FileRun(client, outcomes, progress);
  const problem = await run.run().then(
    () => null,
    (error: unknown) => error,
  );
  if (problem !== null) await lastLook(run, client);
  progress.update(outcomes.done, outcomes.failed);
  progress.stop();
  report(outcomes, {
    durationMs: Date.now() - started,
    json,
    client,
    problem: problem === null ? null : problemOf(problem),
  });
  if (problem === null) return outcomes.done === outcomes.total ? EXIT.done : EXIT.unwritten;
  if (!(problem instanceof CliError)) console.error(problem);
  else process.stderr.write(`moviemind: ${problem.message}\n`);
  return problem instanceof CliError ? problem.exitCode : EXIT.impossible;
}

/** Reports the lines that the server would refuse, before anything is sent. */
async function checked({ kind, rows, skipped }: FileRows, options: FileOptions): Promise<Outcomes> {
  const outcomes = new Outcomes(kind, skipped);
  for (const row of rows) {
    const metadata = { ...options.metadata, ...row.metadata };
    const body = requestBody({
      ...options,
      kind,
      ...defined(row),
      ...(Object.keys(metadata).length > 0 && { metadata }),
    });
    const refused = row.problem === undefined ? await whyRefused(kind, body) : null;
    outcomes.add({ row, body, ...(refused && { refused }) });
  }
  return outcomes;
}

/** Reads the last states, for a bounded time. The end must not depend on a server that may be the cause of the end. */
async function lastLook(run: FileRun, client: Client): Promise<void> {
  const look = run.collect(new Client(client.line.brief(LAST_LOOK_MS))).catch(() => undefined);
  await Promise.race([look, sleep(LAST_LOOK_MS, undefined, { ref: false })]);
}

/** The options of the command apply where the line says nothing. */
const defined = ({ text, year, imdb, tmdb, locale, context }: Row) => ({
  text,
  year,
  imdb,
  tmdb,
  ...(locale && { locale }),
  ...(context && { context }),
});
