import type { JobDto } from '../jobs/jobs.dto.js';
import type { TextDto } from '../movies/reading.dto.js';
import { CliError, type Client, isFinished, Refused } from './client.js';
import type { GenerateOptions, Kind } from './options.js';

interface One extends Omit<GenerateOptions, 'file' | 'parallel'> {
  kind: Kind;
  text?: string;
}

/** The body of a generate request. */
export function requestBody({ kind, text, year, slug, locale, context, reuse }: Omit<One, 'timeout'>): object {
  const named = kind === 'movie' ? { title: text, release_year: year } : { name: text, birth_year: year };
  return { ...named, slug, locale, context_tag: context, if_exists: reuse ? 'reuse' : undefined };
}

/** Submits, and with `--wait` (always when the server ends with the command) shows what was written. */
export async function generateOne(client: Client, one: One, ownServer: boolean): Promise<number> {
  const accepted = await client.submit(one.kind, requestBody(one)).catch((error: unknown) => {
    throw error instanceof Refused ? new CliError(error.message) : error;
  });
  if (!one.wait && !ownServer) {
    console.log(
      one.json ? JSON.stringify(accepted, null, 2) : `${accepted.status}  ${client.url}${accepted.links.self}`,
    );
    return 0;
  }
  return showResult(client, await follow(client, accepted, one.timeout), one.json ?? false);
}

/** Polls to the end and, in a terminal, shows each state as it comes. */
export async function follow(client: Client, job: JobDto, timeout: number): Promise<JobDto> {
  if (isFinished(job)) return job;
  let shown = '';
  return client.finished(job, timeout, (now) => {
    const { status } = now;
    const line = stateOf(now);
    if (line !== shown) process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
    if (isFinished({ status } as JobDto) && process.stderr.isTTY) process.stderr.write('\n');
    shown = line;
  });
}

/** A job's state in a line: with what holds it up, while something does. */
export const stateOf = ({ status, attempts, max_attempts, hold }: JobDto) =>
  `${status} (try ${attempts} of ${max_attempts})${hold ? `: ${hold.message}` : ''}`;

/** Prints the job and its text. @returns the exit code */
export async function showResult(client: Client, job: JobDto, json: boolean): Promise<number> {
  const done = job.status === 'DONE' && job.links.result !== null;
  const result = done ? await client.get<{ description?: TextDto; bio?: TextDto }>(job.links.result!) : null;
  if (json) {
    console.log(JSON.stringify({ job, result }, null, 2));
  } else if (result) {
    const text = result.description ?? result.bio;
    console.log(
      `\n${job.slug} (${text?.ai_model}, version ${text?.version})\n${client.url}${job.links.result}\n\n${text?.text}`,
    );
  } else {
    console.log(`${job.status}: ${job.error ? `${job.error.type}: ${job.error.message}` : `job ${job.job_id}`}`);
  }
  return done ? 0 : 1;
}
