import { Registry } from 'prom-client';
import type { ProcessLoop } from '../health/loops-reader.js';
import type { QueueCounts, QueueReport } from '../health/queue-report.js';
import { WEBHOOK_QUEUE } from '../domain/queues.js';
import type { Counter, Labels } from './counters.js';

/** First part of every name. */
export const PREFIX = 'moviemind_';

type Type = 'counter' | 'gauge' | 'histogram';

interface Value {
  labels: Labels;
  value: number;
  /** For a histogram: the suffix of the line. */
  metricName?: string;
}

/** The names in `counters`, and what they mean. */
const COUNTED: [name: string, type: Type, help: string][] = [
  ['jobs_accepted_total', 'counter', 'Jobs accepted; a request for a subject that is active makes none'],
  ['jobs_finished_total', 'counter', 'Jobs that reached a final state'],
  ['retries_total', 'counter', 'Tries that failed and are followed by another, by the type of their error'],
  ['crashes_recovered_total', 'counter', 'Tries whose worker was lost, and whose job was taken from it'],
  ['claims_lost_total', 'counter', 'Claims a worker found gone: the job was cancelled, or the lease had run out'],
  ['model_calls_total', 'counter', 'Tries that ended by themselves, by DONE or the type of their error'],
  ['model_tokens_total', 'counter', 'Tokens the model has charged'],
  ['log_lines_dropped_total', 'counter', 'Log lines lost to a full disk or to a reader that stands still or is gone'],
  ['generation_duration_seconds', 'histogram', 'How long tries took, from the claim to their end'],
];

const HISTOGRAM_LINES = /_(bucket|sum|count)$/;

/** The values read for one answer. `null`: the source did not answer. */
export interface Snapshot {
  postgresUp: boolean;
  queues: QueueReport[] | null;
  /** The loops of this process and of all that run jobs. */
  loops: ProcessLoop[];
  counters: Counter[] | null;
  counts: ({ queue: string } & { counts: QueueCounts })[];
  /** `undefined`: no Redis is used. */
  redisUp: boolean | undefined;
}

/** The metrics that are the same in every process. */
export function familiesOf({ postgresUp, redisUp, queues, loops, counters, counts }: Snapshot): Registry {
  const registry = new Registry();
  // The library's Gauge and Counter count for themselves, and a histogram cannot be set. So values are added directly.
  const add = (name: string, type: Type, help: string, values: Value[]) =>
    registry.registerMetric({
      name: PREFIX + name,
      get: () => Promise.resolve({ name: PREFIX + name, type, help, values, aggregator: 'first' }),
    } as never);
  add('postgres_up', 'gauge', 'Whether PostgreSQL answers', [{ labels: {}, value: Number(postgresUp) }]);
  if (redisUp !== undefined)
    add('redis_up', 'gauge', 'Whether Redis answers', [{ labels: {}, value: Number(redisUp) }]);
  for (const [name, help, values] of [...ofLedger(queues ?? []), ...ofQueues(counts), ...ofLoops(loops)])
    add(name, 'gauge', help, values);
  for (const [name, type, help] of counters ? COUNTED : []) {
    const own = counters!.filter((one) => one.name === name || (type === 'histogram' && isLineOf(one.name, name)));
    add(
      name,
      type,
      help,
      own.map(({ name: line, labels, value }) => ({ labels: sorted(labels), value, metricName: PREFIX + line })),
    );
  }
  return registry;
}

/** PostgreSQL orders the keys of an object in its own way. */
const sorted = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1)));

const isLineOf = (line: string, name: string) => line.replace(HISTOGRAM_LINES, '') === name;

type Gauges = [name: string, help: string, values: Value[]][];

function ofLedger(queues: QueueReport[]): Gauges {
  const inLedger = queues.map(({ name, jobs }) => ({ labels: { queue: name }, jobs }));
  const ofJobs = queues.filter(({ name }) => name !== WEBHOOK_QUEUE);
  const states = ['due', 'delayed', 'dispatched', 'in_progress', 'failed'] as const;
  return [
    [
      'jobs',
      'Jobs in the ledger that are not done: due, delayed by back-off, dispatched to the queue, in progress, failed',
      inLedger.flatMap(({ labels, jobs }) =>
        states.map((state) => ({ labels: { ...labels, state }, value: jobs[state] })),
      ),
    ],
    [
      'oldest_waiting_seconds',
      'For how long the longest waiting job has been due; 0: none waits',
      inLedger.map(({ labels, jobs }) => ({ labels, value: jobs.oldest_waiting_seconds ?? 0 })),
    ],
    [
      'dispatch_lag_seconds',
      'For how long the longest waiting job has been due without being handed to the queue; 0: none waits',
      inLedger.map(({ labels, jobs }) => ({ labels, value: jobs.dispatch_lag_seconds ?? 0 })),
    ],
    [
      'queue_paused',
      'Whether an operator has paused the queue',
      queues.map(({ name, paused_at }) => ({ labels: { queue: name }, value: Number(paused_at !== null) })),
    ],
    [
      'queue_hold_seconds',
      'How long all jobs wait for the service of the model: to the end of its pause or the next probe; 0: they do not',
      ofJobs.map(({ name, throttle, model }) => ({
        labels: { queue: name },
        value: Math.max(throttle?.seconds_left ?? 0, model?.seconds_left ?? 0),
      })),
    ],
    [
      'model_held',
      'Whether the service of a model is away or has turned us away, so that no job asks it',
      modelsOf(ofJobs).map((model) => ({ labels: { model }, value: Number(isHeld(ofJobs, model)) })),
    ],
    [
      'queue_held',
      'Whether all jobs of the queue wait, because every model is held',
      ofJobs.map(({ name, model }) => ({ labels: { queue: name }, value: Number(model !== null) })),
    ],
    [
      'workers_alive',
      'Processes that run jobs of the queue',
      queues.map(({ name, workers }) => ({ labels: { queue: name }, value: workers.length })),
    ],
  ];
}

/** The models of the workers that are alive. */
const modelsOf = (queues: QueueReport[]) => [
  ...new Set(queues.flatMap(({ workers }) => workers.flatMap(({ model }) => model?.split(', ') ?? []))),
];
const isHeld = (queues: QueueReport[], name: string) =>
  queues.some(({ heldModels }) => heldModels.some(({ model }) => model === name));

/** The worst value over all processes. */
function ofLoops(loops: ProcessLoop[]): Gauges {
  const names = [...new Set(loops.map(({ name }) => name))];
  const byName = names.map((name) => [name, loops.filter((loop) => loop.name === name)] as const);
  const polling = byName.filter(([, all]) => all.every(({ polls }) => polls));
  return [
    [
      'loop_last_success_seconds',
      'How long ago a loop last succeeded, for loops that also run with nothing to do',
      polling.map(([loop, all]) => ({
        labels: { loop },
        value: Math.max(...all.map(({ success_seconds, age_seconds }) => success_seconds ?? age_seconds)),
      })),
    ],
    [
      'loop_standing',
      'In how many processes a loop has stood still for 10 s or more',
      byName.map(([loop, all]) => ({
        labels: { loop },
        value: all.filter(({ standing_seconds }) => standing_seconds !== null).length,
      })),
    ],
  ];
}

/** A queue that does not answer has no depth. */
function ofQueues(all: Snapshot['counts']): Gauges {
  const values = all.flatMap(({ queue, counts }) =>
    'unknown' in counts ? [] : Object.entries(counts).map(([state, value]) => ({ labels: { queue, state }, value })),
  );
  return [['queue_depth', 'Jobs in the queue itself, by its own count', values]];
}
