import Table from 'cli-table3';
import type { QueueDto, QueueListDto } from '../admin/queues.dto.js';
import { CliError, type Client, Refused } from './client.js';
import type { OutputOptions } from './options.js';

/** Prints how every queue stands. */
export async function showQueues(client: Client, { json = false }: OutputOptions): Promise<number> {
  const { queues } = await answered(client.get<QueueListDto>('/admin/queues'));
  return print(queues, json ? { queues } : null);
}

/** Twice is as good as once. */
export async function pauseQueue(client: Client, name: string, { json = false }: OutputOptions): Promise<number> {
  const queue = await answered(client.act<QueueDto>(`/admin/queues/${encodeURIComponent(name)}/pause`));
  return print([queue], json ? queue : null);
}

export async function resumeQueue(client: Client, name: string, { json = false }: OutputOptions): Promise<number> {
  const queue = await answered(client.act<QueueDto>(`/admin/queues/${encodeURIComponent(name)}/resume`));
  return print([queue], json ? queue : null);
}

const answered = <T>(answer: Promise<T>) =>
  answer.catch((error: unknown) => {
    throw error instanceof Refused ? new CliError(error.message) : error;
  });

/** @param json what to print instead of a table */
function print(queues: QueueDto[], json: object | null): number {
  if (json) {
    console.log(JSON.stringify(json, null, 2));
    return 0;
  }
  const head = [
    'queue',
    'state',
    'due',
    'delayed',
    'dispatched',
    'running',
    'failed',
    'oldest',
    'per minute',
    'workers',
  ];
  const table = new Table({ head, style: { head: [], border: [] } });
  for (const { name, paused_at, jobs, workers } of queues) {
    const { due, delayed, dispatched, in_progress, failed } = jobs ?? {};
    const oldest = jobs?.oldest_waiting_seconds;
    const cells = [due, delayed, dispatched, in_progress, failed].map((count) => count ?? '-');
    const state = paused_at ? `paused since ${paused_at}` : 'runs';
    const waits = typeof oldest === 'number' ? `${oldest.toFixed(1)} s` : '-';
    table.push([name, state, ...cells, waits, jobs?.finished_per_minute.toFixed(1) ?? '-', workers.length]);
  }
  console.log(table.toString());
  return 0;
}
