import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Doer, noteDeed } from '../audit/audit-log.js';
import { sql } from '../database/sql.js';
import { inTransaction } from '../database/transaction.js';

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

/** What each sets in the row of the worker. */
const WISHES = {
  drain_worker: 'drain_asked_at = COALESCE(drain_asked_at, now())',
  resume_worker: 'drain_asked_at = NULL',
};

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
  drain(id: string, doer: Doer): Promise<FleetWorker | null> {
    return this.wish(id, 'drain_worker', doer);
  }

  /** The way back. @returns `null`: no such worker is alive */
  resume(id: string, doer: Doer): Promise<FleetWorker | null> {
    return this.wish(id, 'resume_worker', doer);
  }

  /** How many jobs each worker runs at once, of each queue; `null`: as its own settings say. */
  async concurrency(): Promise<number | null> {
    const [row] = await sql<{ worker_concurrency: number | null }>(
      this.db,
      'SELECT worker_concurrency FROM deployment',
    );
    return row?.worker_concurrency ?? null;
  }

  async setConcurrency(concurrency: number | null, doer: Doer): Promise<void> {
    const before = await this.concurrency();
    await inTransaction(this.db, async (tx) => {
      await sql(
        tx,
        `INSERT INTO deployment (worker_concurrency) VALUES ($1)
         ON CONFLICT (one_row) DO UPDATE SET worker_concurrency = EXCLUDED.worker_concurrency`,
        [concurrency],
      );
      const details = { before, after: concurrency };
      await noteDeed(tx, doer, { action: 'set_concurrency', target_kind: 'WORKER', target: null, details });
    });
    this.logger.log({ msg: 'concurrency of the workers', concurrency });
  }

  private async wish(id: string, action: keyof typeof WISHES, doer: Doer): Promise<FleetWorker | null> {
    const name = await inTransaction(this.db, async (tx) => {
      const text = `UPDATE workers SET ${WISHES[action]} WHERE id = $1 AND expires_at > now() RETURNING name`;
      const [row] = await sql<{ name: string }>(tx, text, [id]);
      if (!row) return null;
      await noteDeed(tx, doer, { action, target_kind: 'WORKER', target: row.name, details: {} });
      return row.name;
    });
    if (name === null) return null;
    this.logger.log({ msg: `${action === 'drain_worker' ? 'drain' : 'resume'} of a worker asked for`, worker: name });
    return (await this.list()).find((worker) => worker.id === id) ?? null;
  }
}
