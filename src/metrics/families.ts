import type { ProcessLoop } from '../health/loops-reader.js';
import type { QueueCounts, QueueReport } from '../health/queue-report.js';
import { WEBHOOK_QUEUE } from '../domain/queues.js';
import type { Day } from '../ledger/model-report.js';
import { countedFamilies } from './counted.js';
import type { Counter } from './counter.js';
import { type Family, single } from './family.js';
import { ofServices, type Services } from './services.js';

/** The values read for one answer. `null`: the source did not answer. */
export interface Snapshot {
  services: Services;
  queues: QueueReport[] | null;
  /** The loops of this process and of all that run jobs. */
  loops: ProcessLoop[];
  counters: Counter[] | null;
  counts: ({ queue: string } & { counts: QueueCounts })[];
  day: Day | null;
}

/** The metrics that are the same in every process. */
export const familiesOf = ({ services, queues, loops, counters, counts, day }: Snapshot): Family[] => [
  ...ofServices(services),
  ...(queues ? ofLedger(queues) : []),
  ofQueues(counts),
  ...ofLoops(loops),
  ...(day ? ofDay(day) : []),
  ...(counters ? countedFamilies(counters) : []),
];

const gauge = (name: string, help: string, values: Family['values']): Family => ({ name, help, type: 'gauge', values });

function ofLedger(queues: QueueReport[]): Family[] {
  const inLedger = queues.map(({ name, jobs }) => ({ labels: { queue: name }, jobs }));
  const ofJobs = queues.filter(({ name }) => name !== WEBHOOK_QUEUE);
  const states = ['due', 'delayed', 'dispatched', 'in_progress', 'failed'] as const;
  return [
    gauge(
      'jobs',
      'Jobs in the ledger that are not done: due, delayed by back-off, dispatched to the queue, in progress, failed',
      inLedger.flatMap(({ labels, jobs }) =>
        states.map((state) => ({ labels: { ...labels, state }, value: jobs[state] })),
      ),
    ),
    gauge(
      'oldest_waiting_seconds',
      'For how long the longest waiting job has been due; 0: none waits',
      inLedger.map(({ labels, jobs }) => ({ labels, value: jobs.oldest_waiting_seconds ?? 0 })),
    ),
    gauge(
      'dispatch_lag_seconds',
      'For how long the longest waiting job has been due without being handed to the queue; 0: none waits',
      inLedger.map(({ labels, jobs }) => ({ labels, value: jobs.dispatch_lag_seconds ?? 0 })),
    ),
    gauge(
      'queue_paused',
      'Whether an operator has paused the queue',
      queues.map(({ name, paused_at }) => ({ labels: { queue: name }, value: Number(paused_at !== null) })),
    ),
    gauge(
      'queue_hold_seconds',
      'How long all jobs wait for the service of the model: to the end of its pause or the next probe; 0: they do not',
      ofJobs.map(({ name, throttle, model }) => ({
        labels: { queue: name },
        value: Math.max(throttle?.seconds_left ?? 0, model?.seconds_left ?? 0),
      })),
    ),
    gauge(
      'model_held',
      'Whether the service of a model is away or has turned us away, so that no job asks it',
      modelsOf(ofJobs).map((model) => ({ labels: { model }, value: Number(isHeld(ofJobs, model)) })),
    ),
    gauge(
      'queue_held',
      'Whether all jobs of the queue wait, because every model is held',
      ofJobs.map(({ name, model }) => ({ labels: { queue: name }, value: Number(model !== null) })),
    ),
    gauge(
      'workers_alive',
      'Processes that run jobs of the queue',
      queues.map(({ name, workers }) => ({ labels: { queue: name }, value: workers.length })),
    ),
  ];
}

/** The models of the workers that are alive. */
const modelsOf = (queues: QueueReport[]) => [
  ...new Set(queues.flatMap(({ workers }) => workers.flatMap(({ model }) => model?.split(', ') ?? []))),
];
const isHeld = (queues: QueueReport[], name: string) =>
  queues.some(({ heldModels }) => heldModels.some(({ model }) => model === name));

/** The worst value over all processes. */
function ofLoops(loops: ProcessLoop[]): Family[] {
  const names = [...new Set(loops.map(({ name }) => name))];
  const byName = names.map((name) => [name, loops.filter((loop) => loop.name === name)] as const);
  const polling = byName.filter(([, all]) => all.every(({ polls }) => polls));
  return [
    gauge(
      'loop_last_success_seconds',
      'How long ago a loop last succeeded, for loops that also run with nothing to do',
      polling.map(([loop, all]) => ({
        labels: { loop },
        value: Math.max(...all.map(({ success_seconds, age_seconds }) => success_seconds ?? age_seconds)),
      })),
    ),
    gauge(
      'loop_standing',
      'In how many processes a loop has stood still for 10 s or more',
      byName.map(([loop, all]) => ({
        labels: { loop },
        value: all.filter(({ standing_seconds }) => standing_seconds !== null).length,
      })),
    ),
  ];
}

/** A queue that does not answer has no depth. */
function ofQueues(all: Snapshot['counts']): Family {
  const values = all.flatMap(({ queue, counts }) =>
    'unknown' in counts ? [] : Object.entries(counts).map(([state, value]) => ({ labels: { queue, state }, value })),
  );
  return gauge('queue_depth', 'Jobs in the queue itself, by its own count', values);
}

const ofDay = ({ used, limit, cost }: Day): Family[] => [
  single('daily_tokens_used', 'Tokens that all jobs have used this day (UTC)', used),
  single('daily_tokens_budget', 'Tokens that all jobs may use a day; no series: as many as they need', limit),
  single('daily_cost', 'What they cost this day, in the money of MODEL_PRICES; no series: it is not known', cost),
];
