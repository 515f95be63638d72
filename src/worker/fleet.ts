import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../database/sql.js';

/** A process that runs jobs, or that did until a short time ago and was not stopped. */
export interface FleetWorker {
  id: string;
  name: string;
  host: string;
  pid: number;
  /** Of the program; `null`: one of an earlier version, which does not say. */
  version: string | null;
  queues: string[];
  models: string[];
  /** Most jobs it runs at once, of each queue. */
  concurrency: number;
  /** It takes no new job, by its last heartbeat. */
  quiet: boolean;
  /** `null`: no operator drains it. */
  drain_asked_at: Date | null;
  /** Its heartbeats come. */
  alive: boolean;
  /** Jobs that it runs now. */
  running: number;
  started_at: Date;
  seen_at: Date;
}

/** Jobs that run are counted by generation_jobs_leases. */
const FLEET = `SELECT id, name, host, pid, version, queues, models, concurrency, quiet, drain_asked_at,
    expires_at > now() AS alive, COALESCE(running.jobs, 0)::int AS running, started_at, seen_at
  FROM workers
  LEFT JOIN (SELECT worker, count(*) AS jobs FROM generation_jobs WHERE status = 'IN_PROGRESS' GROUP BY worker)
    AS running ON running.worker = workers.name
  ORDER BY started_at, id`;

/** All workers, and what operators wish of one. The worker reads the wish by its next heartbeat. */
@Injectable()
export class Fleet {
  private readonly logger = new Logger('Workers');

  constructor(private readonly db: DataSource) {}

  list(): Promise<FleetWorker[]> {
    return sql<FleetWorker>(this.db, FLEET);
  }

  /**
   * It takes no new job, ends those that it has, and stays idle until it is resumed or started anew.
   * @returns `null`: no such worker is alive
   */
  drain(id: string): Promise<FleetWorker | null> {
    return this.wish(id, 'drain_asked_at = COALESCE(drain_asked_at, now())', 'worker to be drained');
  }

  /** The way back. @returns `null`: no such worker is alive */
  resume(id: string): Promise<FleetWorker | null> {
    return this.wish(id, 'drain_asked_at = NULL', 'worker to be resumed');
  }

  /** How many jobs each worker runs at once, of each queue; `null`: as its own settings say. */
  async concurrency(): Promise<number | null> {
    const [row] = await sql<{ worker_concurrency: number | null }>(
      this.db,
      'SELECT worker_concurrency FROM deployment',
    );
    return row?.worker_concurrency ?? null;
  }

  async setConcurrency(concurrency: number | null): Promise<void> {
    await sql(
      this.db,
      `INSERT INTO deployment (worker_concurrency) VALUES ($1)
       ON CONFLICT (one_row) DO UPDATE SET worker_concurrency = EXCLUDED.worker_concurrency`,
      [concurrency],
    );
    this.logger.log({ msg: 'concurrency of the workers', concurrency });
  }

  private async wish(id: string, change: string, msg: string): Promise<FleetWorker | null> {
    const [row] = await sql<{ name: string }>(
      this.db,
      `UPDATE workers SET ${change} WHERE id = $1 AND expires_at > now() RETURNING name`,
      [id],
    );
    if (!row) return null;
    this.logger.log({ msg, worker: row.name });
    return (await this.list()).find((worker) => worker.id === id) ?? null;
  }
}
