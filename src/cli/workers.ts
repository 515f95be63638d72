import type { FleetDto, FleetWorkerDto } from '../admin/workers.dto.js';
import type { Client } from './client.js';
import { CliError, EXIT, TimedOut } from './errors.js';
import { pause } from './interruption.js';
import { minute } from './listing.js';
import { LiveLine } from './live-line.js';
import type { OutputOptions } from './options.js';
import { printJson, table } from './output.js';

const PATH = '/admin/workers';
const LOOK_MS = 500;

export interface DrainWorkerOptions extends OutputOptions {
  wait: boolean;
  timeout: number;
}

export async function listWorkers(client: Client, { json = false }: OutputOptions): Promise<number> {
  const { workers } = await client.get<FleetDto>(PATH);
  if (json) printJson({ workers });
  else print(workers);
  return EXIT.done;
}

/** Asks a worker to take no new job, and waits until it has none, or has stopped. */
export async function drainWorker(client: Client, named: string, options: DrainWorkerOptions): Promise<number> {
  const { id } = await find(client, named);
  client.line.deadline = Date.now() + options.timeout * 1000;
  const asked = await client.act<FleetWorkerDto>(`${PATH}/${id}/drain`);
  const last = options.wait ? await drained(client, asked) : asked;
  return shown(last, options);
}

export async function resumeWorker(client: Client, named: string, options: OutputOptions): Promise<number> {
  const { id } = await find(client, named);
  return shown(await client.act<FleetWorkerDto>(`${PATH}/${id}/resume`), options);
}

/** @returns what it was when it was last seen */
async function drained(client: Client, asked: FleetWorkerDto): Promise<FleetWorkerDto> {
  const line = new LiveLine();
  try {
    for (let worker = asked; ; await pause(LOOK_MS, client.line.signal)) {
      const { workers } = await client.get<FleetDto>(PATH);
      const now = workers.find(({ id }) => id === asked.id);
      if (!now) return worker;
      worker = now;
      if (now.state === 'DRAINED') return now;
      line.show(`${now.name}: ${now.state}, jobs that run: ${now.running}`);
      if (now.state === 'SILENT') throw new CliError(`${now.name} does not answer since ${now.seen_at}`);
      if (Date.now() > client.line.deadline)
        throw new TimedOut(
          `the time of --timeout is over, jobs that ${now.name} still runs: ${now.running}. It takes no new ones: ` +
            `npx moviemind workers resume ${now.name} ends that`,
        );
    }
  } finally {
    line.end();
  }
}

/** @throws CliError when the name means none, or several: after a crash a process may get the number of another */
async function find(client: Client, named: string): Promise<FleetWorkerDto> {
  const { workers } = await client.get<FleetDto>(PATH);
  const meant = workers.filter(({ id, name, state }) => id === named || (name === named && state !== 'SILENT'));
  if (meant.length === 1) return meant[0]!;
  const known = workers.map(({ name }) => name).join(', ') || 'none';
  if (meant.length === 0) throw new CliError(`there is no worker ${named}; there are: ${known}`);
  throw new CliError(`several workers are named ${named}: take an id of workers list`);
}

function shown(worker: FleetWorkerDto, { json = false }: OutputOptions): number {
  if (json) printJson(worker);
  else print([worker]);
  return EXIT.done;
}

function print(workers: FleetWorkerDto[]): void {
  if (workers.length === 0) console.log('No worker is alive. Start one: ROLE=worker npm start');
  else console.log(table(['worker', 'state', 'runs'], workers.map(cellsOf)));
}

const cellsOf = (worker: FleetWorkerDto) => [
  `${worker.name}\n${worker.id}`,
  `${worker.state}\nseen ${minute(worker.seen_at)}\nsince ${minute(worker.started_at)}`,
  [
    `${worker.running} of ${worker.concurrency} a queue`,
    worker.queues.join(', '),
    worker.models.join(', '),
    `version ${worker.version ?? 'not known'}`,
  ].join('\n'),
];
