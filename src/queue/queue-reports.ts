import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../database/sql.js';
import { within } from '../health/within.js';
import { type Producers, PRODUCERS, QUEUE_OF, QUEUE_OF_ROW, type QueueName, QUEUES } from './names.js';

/** What the ledger knows of a queue. */
export interface QueueReport {
  name: QueueName;
  /** `null`: it is not paused. */
  paused_at: Date | null;
  /** `null`: its work is not in generation_jobs. */
  jobs: JobsReport | null;
  workers: WorkerReport[];
}

export interface JobsReport {
  /** PENDING, due, and not handed to the queue yet. */
  due: number;
  /** PENDING, waiting for the end of a back-off. */
  delayed: number;
  /** PENDING, in the queue or in the hands of a worker that has not begun. */
  dispatched: number;
  in_progress: number;
  /** Kept in failed_jobs. */
  failed: number;
  /** How long the job has been due that has waited longest for a worker, seconds; `null`: none waits. */
  oldest_waiting_seconds: number | null;
  /** How long the job has been due that has waited longest for the queue, seconds; `null`: none waits. */
  dispatch_lag_seconds: number | null;
  /** DONE or FAILED, a minute, over the last {@link RATE_MINUTES}. */
  finished_per_minute: number;
}

export interface WorkerReport {
  id: string;
  host: string;
  pid: number;
  queues: string[];
  /** Jobs it runs at once, of each queue. */
  concurrency: number;
  /** Jobs of this queue it runs now. */
  running: number;
  started_at: Date;
  seen_at: Date;
}

/** What the queue says of itself; or, in a word, why it does not. */
export type QueueCounts = { waiting: number; active: number; delayed: number } | { unknown: string };

export const RATE_MINUTES = 5;
/** A queue that does not answer by then is not waited for, milliseconds. */
const QUEUE_PATIENCE_MS = 1000;

/** Reads unfinished rows only, by the partial index generation_jobs_one_active. */
const UNFINISHED = `SELECT ${QUEUE_OF_ROW} AS queue,
    count(*) FILTER (WHERE waits AND dispatched_at IS NULL AND run_at <= now())::int AS due,
    count(*) FILTER (WHERE waits AND dispatched_at IS NULL AND run_at > now())::int AS delayed,
    count(*) FILTER (WHERE waits AND dispatched_at IS NOT NULL)::int AS dispatched,
    count(*) FILTER (WHERE NOT waits)::int AS in_progress,
    extract(epoch FROM now() - min(run_at) FILTER (WHERE waits AND run_at <= now()))::float AS oldest_waiting_seconds,
    extract(epoch FROM now() - min(run_at) FILTER (WHERE waits AND run_at <= now() AND dispatched_at IS NULL))::float AS dispatch_lag_seconds
  FROM (SELECT *, status = 'PENDING' AS waits FROM generation_jobs WHERE status IN ('PENDING', 'IN_PROGRESS')) AS unfinished
  GROUP BY entity`;

/** By the indexes on finished_at and failed_at. There is one row of failed_jobs per FAILED job. */
const FINISHED = `SELECT ${QUEUE_OF_ROW} AS queue, count(*)::int FROM generation_jobs
    WHERE status = 'DONE' AND finished_at > now() - make_interval(mins => ${RATE_MINUTES}) GROUP BY entity
  UNION ALL SELECT queue, count(*)::int FROM failed_jobs
    WHERE failed_at > now() - make_interval(mins => ${RATE_MINUTES}) GROUP BY queue`;

const FAILED = 'SELECT queue, count(*)::int FROM failed_jobs GROUP BY queue';

const RUNNING = `SELECT worker, ${QUEUE_OF_ROW} AS queue, count(*)::int FROM generation_jobs
  WHERE status = 'IN_PROGRESS' GROUP BY worker, entity`;

const ALIVE = `SELECT id, name, host, pid, queues, concurrency, started_at, seen_at FROM workers
  WHERE expires_at > now() ORDER BY started_at, id`;

/** None of them reads rows of finished jobs beyond the last minutes: a ledger of millions costs no more. */
export const UNFINISHED_BY_INDEX = [UNFINISHED, FINISHED, RUNNING];

type Count = { queue: string; count: number };
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
/** Queues whose work is in generation_jobs. */
const IN_LEDGER = new Set<string>(Object.values(QUEUE_OF));

/** How every queue stands: by the ledger, which is the truth, and by the queue itself, where it answers. */
@Injectable()
export class QueueReports {
  constructor(
    private readonly db: DataSource,
    @Inject(PRODUCERS) private readonly producers: Producers,
  ) {}

  /** One entry a queue, in the order of their names' list. */
  async all(): Promise<QueueReport[]> {
    const [pauses, unfinished, finished, failed, running, alive] = await Promise.all([
      sql<{ queue: string; paused_at: Date }>(this.db, 'SELECT queue, paused_at FROM queue_pauses'),
      sql<Unfinished>(this.db, UNFINISHED),
      sql<Count>(this.db, FINISHED),
      sql<Count>(this.db, FAILED),
      sql<Count & { worker: string }>(this.db, RUNNING),
      sql<Alive>(this.db, ALIVE),
    ]);
    return QUEUES.map((name) => {
      const { queue: _, ...now } = unfinished.find(({ queue }) => queue === name) ?? { ...NOTHING, queue: name };
      const finished_per_minute = sum(finished, name) / RATE_MINUTES;
      return {
        name,
        paused_at: pauses.find(({ queue }) => queue === name)?.paused_at ?? null,
        jobs: IN_LEDGER.has(name) ? { ...now, failed: sum(failed, name), finished_per_minute } : null,
        workers: alive
          .filter(({ queues }) => queues.includes(name))
          .map(({ name: worker, ...more }) => {
            const own = running.filter((row) => row.worker === worker);
            return { ...more, running: sum(own, name) };
          }),
      };
    });
  }

  /** What the queue itself counts. Never throws, waits a second at most. */
  async counts(queue: QueueName): Promise<QueueCounts> {
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

const sum = (rows: Count[], name: QueueName) =>
  rows.filter(({ queue }) => queue === name).reduce((total, { count }) => total + count, 0);

/** What an operator should know of the queues, one line each. */
export function queueWarnings(reports: QueueReport[]): string[] {
  return reports.flatMap(({ name, paused_at, jobs, workers }) => {
    const waiting = jobs ? jobs.due + jobs.dispatched : 0;
    return [
      ...(paused_at
        ? [`Queue ${name} is paused since ${paused_at.toISOString()}: its jobs wait until it is resumed`]
        : []),
      ...(waiting > 0 && workers.length === 0 ? [`Queue ${name}: no worker is alive, jobs that wait: ${waiting}`] : []),
    ];
  });
}
