import type { FailedJobDto, ForgottenDto, RetriedDto } from '../admin/failed-jobs.dto.js';
import type { QueueListDto } from '../admin/queues.dto.js';
import { QUEUES } from '../domain/queues.js';
import type { Client } from './client.js';
import { isConfirmed } from './confirm.js';
import { CliError, EXIT } from './errors.js';
import { type ListOptions, minute, printPairs, showList } from './listing.js';
import type { OutputOptions } from './options.js';
import { printJson } from './output.js';

interface Filter {
  type?: string;
  entity?: string;
  q?: string;
  since?: string;
}

export type ListFailedOptions = ListOptions & Filter;
export type RetryFailedOptions = OutputOptions & Filter & { all?: boolean };
export type ForgetOptions = OutputOptions & { yes?: boolean };
export type PruneOptions = ForgetOptions & { olderThan: string };

const PATH = '/admin/failed-jobs';
const pathOf = (id: string) => `${PATH}/${encodeURIComponent(id)}`;
const filterOf = ({ type, entity, q, since }: Filter) => ({ type, entity, q, since });

export function listFailed(client: Client, options: ListFailedOptions): Promise<number> {
  const list = { path: PATH, filter: filterOf(options), head: ['failed', 'what', 'why'], cells: cellsOf };
  return showList<FailedJobDto>(client, { ...list, none: 'There are no failed jobs.' }, options);
}

const cellsOf = (entry: FailedJobDto) => [
  `${minute(entry.failed_at)}\n${entry.queue}, tries: ${entry.attempts}`,
  `${nameOf(entry)}\n${entry.uuid}`,
  entry.exception,
];

/** What was asked for, by the words of whoever asked. */
function nameOf({ payload }: FailedJobDto): string {
  const { request, requested_slug } = payload as { request?: { subject?: string }; requested_slug: string };
  return request?.subject ?? requested_slug;
}

export async function showFailed(client: Client, id: string, { json = false }: OutputOptions): Promise<number> {
  const entry = await client.get<FailedJobDto>(pathOf(id));
  const { uuid, job_id, connection, queue, exception, attempts, failed_at, payload } = entry;
  if (json) printJson(entry);
  else {
    printPairs([
      ['id', uuid],
      ['job', job_id],
      ['failed', failed_at],
      ['why', exception],
      ['tries', attempts],
      ['queue', `${queue} (${connection})`],
    ]);
    console.log(`\n${JSON.stringify(payload, null, 2)}`);
  }
  return EXIT.done;
}

/** @returns 1 when some of the named are not in line again */
export async function retryFailed(client: Client, ids: string[], options: RetryFailedOptions): Promise<number> {
  const filter = filterOf(options);
  const filtered = Object.values(filter).some((value) => value !== undefined);
  const ways = [ids.length > 0, filtered, options.all ?? false].filter(Boolean).length;
  if (ways !== 1) throw new CliError('say which to retry, in one way: ids, or a filter such as --type, or --all');
  const named = [...new Set(ids)];
  const answer = await client.act<RetriedDto>(`${PATH}/retry`, named.length > 0 ? { ids: named } : filter);
  const left = Math.max(0, named.length - answer.retried);
  if (options.json) printJson(answer);
  else console.log(`in line again: ${answer.retried}`);
  if (left > 0)
    process.stderr.write(
      `not retried: ${left} (unknown, retried already, or another job of the same subject is active)\n`,
    );
  return left > 0 ? EXIT.unwritten : EXIT.done;
}

export async function forgetFailed(client: Client, id: string, { json = false }: OutputOptions): Promise<number> {
  await client.act(pathOf(id), undefined, 'DELETE');
  return told({ forgotten: 1 }, json);
}

/** Forgets all that had failed when it was asked: what fails until the answer is kept. */
export async function flushFailed(client: Client, { yes = false, json = false }: ForgetOptions): Promise<number> {
  const { results } = await client.list<FailedJobDto>(PATH, {}, 1);
  const [newest] = results;
  if (!newest) return told({ forgotten: 0 }, json);
  const what = `forget ${await countOf(client)} failed jobs, entries and jobs`;
  if (!(await isConfirmed(what, yes, client.line.signal))) return nothing();
  // By the clock of the database, like the times of the entries. They have microseconds.
  const after = new Date(Date.parse(newest.failed_at) + 1);
  return told(await forgetBefore(client, after.toISOString()), json);
}

export async function pruneFailed(client: Client, options: PruneOptions): Promise<number> {
  const { olderThan, yes = false, json = false } = options;
  const what = `forget the jobs that failed before ${olderThan} (a time, or so long ago), entries and jobs`;
  if (!(await isConfirmed(what, yes, client.line.signal))) return nothing();
  return told(await forgetBefore(client, olderThan), json);
}

const forgetBefore = (client: Client, when: string) =>
  client.act<ForgottenDto>(`${PATH}?${new URLSearchParams({ older_than: when }).toString()}`, undefined, 'DELETE');

async function countOf(client: Client): Promise<number> {
  const { queues } = await client.get<QueueListDto>('/admin/queues');
  const ofJobs = queues.filter(({ name }) => (QUEUES as readonly string[]).includes(name));
  return ofJobs.reduce((sum, { jobs }) => sum + jobs.failed, 0);
}

function told(answer: ForgottenDto, json: boolean): number {
  if (json) printJson(answer);
  else console.log(`forgotten: ${answer.forgotten}`);
  return EXIT.done;
}

function nothing(): number {
  process.stderr.write('Nothing was changed.\n');
  return EXIT.unwritten;
}
