import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../database/sql.js';
import { within } from '../timing/within.js';
import { HELD_MODELS, type HeldModel } from '../ledger/held-models.js';
import { SPENT_BUDGET, type SpentBudget } from '../ledger/hold.js';
import { MODEL_PAUSE, type ModelPause } from '../ledger/throttle.js';
import {
  ALL_QUEUES,
  type AnyQueueName,
  type Producers,
  PRODUCERS,
  QUEUE_OF_ROW,
  WEBHOOK_QUEUE,
} from '../domain/queues.js';
import { WEBHOOK_CONCURRENCY } from '../queue/worker-options.js';
import { MESSAGES_OF_A_KEY } from '../webhooks/deliveries-outbox.js';

/** What the ledger knows of a queue. */
export interface QueueReport {
  name: AnyQueueName;
  /** `null`: it is not paused. */
  paused_at: Date | null;
  /** The tokens of this day, when they are spent; `null`: they are not, and always for messages. */
  budget: SpentBudget | null;
  /** The pause that the model's service asked for; `null`: none, and always for messages. */
  throttle: ModelPause | null;
  /** The model whose hold keeps all jobs waiting; `null`: none, and always for messages. */
  model: HeldModel | null;
  /** All models that are held, also where another is asked instead. */
  heldModels: HeldModel[];
  /** Counts of jobs; for the queue of webhooks, of messages. */
  jobs: JobsReport;
  workers: WorkerReport[];
}

export interface JobsReport {
  /** PENDING, due, and not handed to the queue yet. */
  due: number;
  /** PENDING, waiting for the end of a back-off. */
  delayed: number;
  /** PENDING, in the queue or with a worker that has not begun. */
  dispatched: number;
  in_progress: number;
  /** Jobs in failed_jobs; for webhooks, messages given up. */
  failed: number;
  /** For how long the longest waiting job has been due without a worker, seconds; `null`: none waits. */
  oldest_waiting_seconds: number | null;
  /**
   * For how long the longest waiting job has been due without being handed to the queue, seconds; `null`: none waits.
   * Messages of a key that has its share in the queue wait on purpose: they are no part of it.
   */
  dispatch_lag_seconds: number | null;
  /** DONE or FAILED (delivered or given up) per minute, over the last {@link RATE_MINUTES}. */
  finished_per_minute: number;
}

export interface WorkerReport {
  id: string;
  host: string;
  pid: number;
  /** Of its program; `null`: it does not say. */
  version: string | null;
  queues: string[];
  /** The model that writes its texts; `null`: it does not say. */
  model: string | null;
  /** Most jobs it runs at once, of each queue. */
  concurrency: number;
  /** Jobs of this queue it runs now; `null`: unknown, for messages to webhooks. */
  running: number | null;
  /** An operator drains it: it takes no new job. */
  quiet: boolean;
  started_at: Date;
  seen_at: Date;
}

/** The queue's own counts; or, in a word, why there are none. */
export type QueueCounts = { waiting: number; active: number; delayed: number } | { unknown: string };

export const RATE_MINUTES = 5;
/** A queue that does not answer within this time is left out, milliseconds. */
const QUEUE_PATIENCE_MS = 1000;

/**
 * Reads unfinished rows only, each part by its own partial index:
 * - rows that wait for a worker by generation_jobs_in_line, from the index alone;
 * - rows that are not with the queue by generation_jobs_to_dispatch;
 * - rows that run by generation_jobs_leases.
 */
const UNFINISHED = `WITH waiting AS (
    SELECT entity, count(*) AS jobs, min(run_at) AS oldest FROM generation_jobs WHERE status = 'PENDING' GROUP BY entity
  ), here AS (
    SELECT entity, count(*) FILTER (WHERE run_at <= now()) AS due, count(*) AS jobs, min(run_at) AS oldest
    FROM generation_jobs WHERE status = 'PENDING' AND dispatched_at IS NULL GROUP BY entity
  ), running AS (
    SELECT entity, count(*) AS jobs FROM generation_jobs WHERE status = 'IN_PROGRESS' GROUP BY entity
  )
  SELECT ${QUEUE_OF_ROW} AS queue, COALESCE(here.due, 0)::int AS due, COALESCE(here.jobs - here.due, 0)::int AS delayed,
    (COALESCE(waiting.jobs, 0) - COALESCE(here.jobs, 0))::int AS dispatched,
    COALESCE(running.jobs, 0)::int AS in_progress,
    extract(epoch FROM now() - CASE WHEN waiting.oldest <= now() THEN waiting.oldest END)::float
      AS oldest_waiting_seconds,
    extract(epoch FROM now() - CASE WHEN here.oldest <= now() THEN here.oldest END)::float AS dispatch_lag_seconds
  FROM waiting
  FULL JOIN here USING (entity)
  FULL JOIN running USING (entity)`;

/**
 * The same for messages to webhooks, by webhook_deliveries_to_dispatch and webhook_deliveries_dispatched. They lag by
 * key: one with its share in the queue does not, and another no longer than since its last hand-over or attempt.
 */
const UNFINISHED_WEBHOOKS = `WITH here AS (
    SELECT owner,
      count(*) FILTER (WHERE NOT in_hand AND run_at <= now()) AS due,
      count(*) FILTER (WHERE NOT in_hand AND run_at > now()) AS delayed,
      count(*) FILTER (WHERE in_hand) AS in_hand,
      min(run_at) FILTER (WHERE NOT in_hand AND run_at <= now()) AS oldest,
      max(attempted_at) FILTER (WHERE in_hand) AS taken
    FROM webhook_deliveries
    WHERE status = 'PENDING' AND dispatched_at IS NULL GROUP BY owner
  ), there AS (
    SELECT owner, count(*) AS deliveries, min(run_at) AS oldest, max(dispatched_at) AS handed
    FROM webhook_deliveries
    WHERE status = 'PENDING' AND dispatched_at IS NOT NULL GROUP BY owner
  )
  SELECT '${WEBHOOK_QUEUE}' AS queue, COALESCE(sum(due), 0)::int AS due, COALESCE(sum(delayed), 0)::int AS delayed,
    COALESCE(sum(deliveries), 0)::int AS dispatched, COALESCE(sum(in_hand), 0)::int AS in_progress,
    extract(epoch FROM now() - min(LEAST(here.oldest, there.oldest)))::float AS oldest_waiting_seconds,
    extract(epoch FROM now() - min(LEAST(now(), GREATEST(here.oldest, taken, handed)))
      FILTER (WHERE due > 0 AND COALESCE(deliveries, 0) < ${MESSAGES_OF_A_KEY}))::float AS dispatch_lag_seconds
  FROM here FULL JOIN there USING (owner)`;

/** Reads the indexes on the times. failed_jobs has one row for each FAILED job. */
const FINISHED = `SELECT ${QUEUE_OF_ROW} AS queue, count(*)::int FROM generation_jobs
    WHERE status = 'DONE' AND finished_at > now() - make_interval(mins => ${RATE_MINUTES}) GROUP BY entity
  UNION ALL SELECT queue, count(*)::int FROM failed_jobs
    WHERE failed_at > now() - make_interval(mins => ${RATE_MINUTES}) GROUP BY queue
  UNION ALL SELECT '${WEBHOOK_QUEUE}', count(*)::int FROM webhook_deliveries
    WHERE status IN ('DELIVERED', 'FAILED') AND finished_at > now() - make_interval(mins => ${RATE_MINUTES})`;

const FAILED = `SELECT queue, count(*)::int FROM failed_jobs GROUP BY queue
  UNION ALL SELECT '${WEBHOOK_QUEUE}', count(*)::int FROM webhook_deliveries WHERE status = 'FAILED'
  AND finished_at IS NOT NULL`;

const RUNNING = `SELECT worker, ${QUEUE_OF_ROW} AS queue, count(*)::int FROM generation_jobs
  WHERE status = 'IN_PROGRESS' GROUP BY worker, entity`;

const ALIVE = `SELECT id, name, host, pid, version, queues, model, concurrency, quiet, started_at, seen_at FROM workers
  WHERE expires_at > now() ORDER BY started_at, id`;

/** None of these reads finished jobs beyond the last minutes, so a ledger of millions costs no more. */
export const UNFINISHED_BY_INDEX = [UNFINISHED, UNFINISHED_WEBHOOKS, FINISHED, FAILED, RUNNING];

type Count = { queue: string; count: number };
type Running = Count & { worker: string };
type Unfinished = { queue: string } & Omit<JobsReport, 'failed' | 'finished_per_minute'>;
type Alive = Omit<WorkerReport, 'running'> & { name: string };

const NOTHING: Omit<Unfinished, 'queue'> = {
  due: 0,
  delayed: 0,
  dispatched: 0,
  in_progress: 0,
  oldest_waiting_seconds: null,
  dispatch_lag_seconds: null,
};

/** The state of every queue: from the ledger, which is the truth, and from the queue itself when it answers. */
@Injectable()
export class QueueReports {
  constructor(
    private readonly db: DataSource,
    @Inject(PRODUCERS) private readonly producers: Producers,
  ) {}

  /** One entry for each queue, in the order of their list of names. */
  async all(): Promise<QueueReport[]> {
    const [pauses, [budget], [throttle], heldModels, jobs, messages, finished, failed, running, alive] =
      await Promise.all([
        sql<{ queue: string; paused_at: Date }>(this.db, 'SELECT queue, paused_at FROM queue_pauses'),
        sql<SpentBudget>(this.db, SPENT_BUDGET),
        sql<ModelPause>(this.db, MODEL_PAUSE),
        sql<HeldModel>(this.db, HELD_MODELS),
        sql<Unfinished>(this.db, UNFINISHED),
        sql<Unfinished>(this.db, UNFINISHED_WEBHOOKS),
        sql<Count>(this.db, FINISHED),
        sql<Count>(this.db, FAILED),
        sql<Running>(this.db, RUNNING),
        sql<Alive>(this.db, ALIVE),
      ]);
    return ALL_QUEUES.map((name) => {
      const { queue: _, ...now } = [...jobs, ...messages].find(({ queue }) => queue === name) ?? {
        ...NOTHING,
        queue: name,
      };
      const finished_per_minute = sum(finished, name) / RATE_MINUTES;
      return {
        name,
        paused_at: pauses.find(({ queue }) => queue === name)?.paused_at ?? null,
        budget: (name !== WEBHOOK_QUEUE && budget) || null,
        throttle: (name !== WEBHOOK_QUEUE && throttle) || null,
        model: (name !== WEBHOOK_QUEUE && heldModels.find(({ holds }) => holds)) || null,
        heldModels: name === WEBHOOK_QUEUE ? [] : heldModels,
        jobs: { ...now, failed: sum(failed, name), finished_per_minute },
        workers: alive.filter(({ queues }) => queues.includes(name)).map((worker) => workerOf(worker, name, running)),
      };
    });
  }

  /** What the queue itself counts. Never throws, waits a second at most. */
  async counts(queue: AnyQueueName): Promise<QueueCounts> {
    try {
      const counts = await within(
        QUEUE_PATIENCE_MS,
        this.producers[queue].getJobCounts('waiting', 'active', 'delayed', 'prioritized'),
      );
      const { waiting = 0, active = 0, delayed = 0, prioritized = 0 } = counts;
      return { waiting: waiting + prioritized, active, delayed };
    } catch (error) {
      return { unknown: `the queue does not answer: ${(error as Error).message}` };
    }
  }
}

function workerOf({ name: worker, ...row }: Alive, queue: AnyQueueName, running: Running[]): WorkerReport {
  if (queue === WEBHOOK_QUEUE) return { ...row, concurrency: WEBHOOK_CONCURRENCY, running: null };
  const own = running.filter((one) => one.worker === worker);
  return { ...row, running: sum(own, queue) };
}

const sum = (rows: Count[], name: AnyQueueName) =>
  rows.filter(({ queue }) => queue === name).reduce((total, { count }) => total + count, 0);
