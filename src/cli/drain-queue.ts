import type { QueueDto, QueueListDto } from '../admin/queues.dto.js';
import { ALL_QUEUES } from '../domain/queues.js';
import { ENTITIES, KINDS } from '../domain/kinds.js';
import type { JobDto } from '../jobs/jobs.dto.js';
import type { Client } from './client.js';
import { EXIT, TimedOut } from './errors.js';
import { pause } from './interruption.js';
import { LiveLine } from './live-line.js';
import type { OutputOptions } from './options.js';
import { printJson } from './output.js';

/** How often it is looked what still runs, milliseconds. */
const LOOK_MS = 500;
/** A claim that began before the pause may end after it. So nothing has to run in so many looks. */
const LOOKS = 2;
/** Most jobs that are named as still running, of each queue. */
const MOST_NAMED = 10;

export interface DrainOptions extends OutputOptions {
  timeout: number;
}

/**
 * Pauses a queue and waits until nothing of it runs; it stays paused.
 * @param name `undefined`: all queues
 * @throws TimedOut that names what still runs
 */
export async function drainQueue(client: Client, name: string | undefined, options: DrainOptions): Promise<number> {
  const names = name === undefined ? [...ALL_QUEUES] : [name];
  client.line.deadline = Date.now() + options.timeout * 1000;
  for (const one of names) await client.act(`/admin/queues/${one}/pause`);
  const line = new LiveLine();
  try {
    for (let idle = 0; idle < LOOKS; await pause(LOOK_MS, client.line.signal)) {
      const running = (await drained(client, names)).filter(({ jobs }) => jobs.in_progress > 0);
      idle = running.length === 0 ? idle + 1 : 0;
      if (running.length > 0)
        line.show(running.map(({ name: of, jobs }) => `${of}: ${jobs.in_progress} run`).join(', '));
      if (running.length > 0 && Date.now() > client.line.deadline) throw await notInTime(client, running);
    }
  } finally {
    line.end();
  }
  const queues = await drained(client, names);
  if (options.json) printJson(name === undefined ? { queues } : queues[0]);
  else console.log(`drained, and paused until they are resumed: ${names.join(', ')}`);
  return EXIT.done;
}

async function drained(client: Client, names: string[]): Promise<QueueDto[]> {
  const { queues } = await client.get<QueueListDto>('/admin/queues');
  return queues.filter((queue) => names.includes(queue.name));
}

async function notInTime(client: Client, running: QueueDto[]): Promise<TimedOut> {
  // The time is over, and this is worth a moment more.
  client.line.deadline = Infinity;
  const what = await Promise.all(running.map((queue) => named(client, queue)));
  const names = running.map(({ name }) => name);
  return new TimedOut(
    `the time of --timeout is over, and there still runs ${what.join('; ')}. ` +
      `Nothing new begins: ${names.map((name) => `npx moviemind queue resume ${name}`).join(', ')} ends that`,
  );
}

async function named(client: Client, { name, jobs }: QueueDto): Promise<string> {
  const entity = ENTITIES.find((one) => KINDS[one].queue === name);
  if (!entity) return `${name}: ${jobs.in_progress}`;
  const { results } = await client.list<JobDto>('/jobs', { status: 'IN_PROGRESS', entity }, MOST_NAMED);
  return `${name}: ${jobs.in_progress} (${results.map((job) => `${job.requested_slug} ${job.job_id}`).join(', ')})`;
}
