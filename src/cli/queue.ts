import type { QueueDto, QueueListDto } from '../admin/queues.dto.js';
import type { Client } from './client.js';
import { CliError, EXIT } from './errors.js';
import type { OutputOptions } from './options.js';
import { printJson, table } from './output.js';

/** Prints the state of every queue, or of one. */
export async function showQueues(client: Client, { json = false }: OutputOptions, name?: string): Promise<number> {
  const { queues } = await client.get<QueueListDto>('/admin/queues');
  const one = queues.find((queue) => queue.name === name);
  return print(one ? [one] : queues, json ? (one ?? { queues }) : null);
}

/** A second call changes nothing. */
export const pauseQueue = (client: Client, name: string, options: OutputOptions) =>
  turn(client, name, 'pause', options);

export interface ResumeOptions extends OutputOptions {
  /** Makes waiting jobs due at once. */
  now?: boolean;
}

/** @param name `undefined`: all queues that the model's service holds up */
export async function resumeQueue(client: Client, name: string | undefined, options: ResumeOptions): Promise<number> {
  if (name !== undefined) return turn(client, name, options.now ? 'resume?now=true' : 'resume', options);
  if (!options.now) throw new CliError("say which queue to resume, or --now for all that the model's service holds up");
  const { queues } = await client.get<QueueListDto>('/admin/queues');
  const held = queues.filter(({ hold }) => hold !== null && hold.reason !== 'PAUSED');
  for (const { name: one } of held) await client.act(`/admin/queues/${one}/resume?now=true`);
  return showQueues(client, options);
}

async function turn(client: Client, name: string, what: string, { json = false }: OutputOptions) {
  const queue = await client.act<QueueDto>(`/admin/queues/${encodeURIComponent(name)}/${what}`);
  return print([queue], json ? queue : null);
}

/** @param json printed instead of a table, unless `null` */
function print(queues: QueueDto[], json: object | null): number {
  if (json) printJson(json);
  else console.log(table(['queue', 'state', 'jobs'], queues.map(rowOf)));
  return EXIT.done;
}

function rowOf({ name, hold, jobs, workers }: QueueDto): string[] {
  const { due, delayed, dispatched, in_progress, failed, oldest_waiting_seconds: oldest, finished_per_minute } = jobs;
  const counts = `due ${due}, delayed ${delayed}, dispatched ${dispatched}, running ${in_progress}, failed ${failed}`;
  const waits = oldest === null ? 'none waits' : `the oldest waits ${oldest.toFixed(1)} s`;
  const work = `${finished_per_minute.toFixed(1)} a minute; workers: ${workers.length}`;
  return [name, stateOf(hold), `${counts}\n${waits}; ${work}`];
}

const minute = (time: string) => time.slice(0, 16).replace('T', ' ');

function stateOf(hold: QueueDto['hold']): string {
  if (!hold) return 'runs';
  if (hold.next_probe_at === null) return `paused since ${minute(hold.since)}`;
  const why = hold.reason === 'RATE_LIMITED' ? 'as the model asked' : hold.message;
  return `rests until ${minute(hold.next_probe_at)}\n${why}`;
}
