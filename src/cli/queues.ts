import type { QueueDto, QueueListDto } from '../admin/queues.dto.js';
import type { Client } from './client.js';
import { EXIT } from './errors.js';
import type { OutputOptions } from './options.js';
import { printJson, table } from './output.js';

/** Prints how every queue stands. */
export async function showQueues(client: Client, { json = false }: OutputOptions): Promise<number> {
  const { queues } = await client.get<QueueListDto>('/admin/queues');
  return print(queues, json ? { queues } : null);
}

/** Twice is as good as once. */
export const pauseQueue = (client: Client, name: string, options: OutputOptions) =>
  turn(client, name, 'pause', options);
export const resumeQueue = (client: Client, name: string, options: OutputOptions) =>
  turn(client, name, 'resume', options);

async function turn(client: Client, name: string, what: 'pause' | 'resume', { json = false }: OutputOptions) {
  const queue = await client.act<QueueDto>(`/admin/queues/${encodeURIComponent(name)}/${what}`);
  return print([queue], json ? queue : null);
}

/** @param json what to print instead of a table */
function print(queues: QueueDto[], json: object | null): number {
  if (json) printJson(json);
  else console.log(table(['queue', 'state', 'jobs'], queues.map(rowOf)));
  return EXIT.done;
}

function rowOf({ name, paused_at, jobs, workers }: QueueDto): string[] {
  const { due, delayed, dispatched, in_progress, failed, oldest_waiting_seconds: oldest, finished_per_minute } = jobs;
  const counts = `due ${due}, delayed ${delayed}, dispatched ${dispatched}, running ${in_progress}, failed ${failed}`;
  const waits = oldest === null ? 'none waits' : `the oldest waits ${oldest.toFixed(1)} s`;
  const work = `${finished_per_minute.toFixed(1)} a minute; workers: ${workers.length}`;
  const since = paused_at?.slice(0, 16).replace('T', ' ');
  return [name, since ? `paused since ${since}` : 'runs', `${counts}\n${waits}; ${work}`];
}
