import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { described, endOf, type LockHolder, REDISPATCH_LOCK, stuckHolderOf } from '../database/lock-holder.js';
import { sql, sqlRow } from '../database/sql.js';
import { JobsService } from '../jobs/jobs.service.js';
import { Dispatcher, type Due } from './dispatcher.js';

const BATCH = 5000;
/** Jobs the queue is asked for at a time. */
const PAGE = 500;

/** Gives jobs back to the dispatcher that the queue has lost, or may have lost. One process at a time does it. */
@Injectable()
export class Redispatch {
  constructor(
    private readonly db: DataSource,
    private readonly jobs: JobsService,
    private readonly dispatcher: Dispatcher,
  ) {}

  /**
   * Everything handed over before now, after the queue's server began anew. The jobs keep their queue ids: one that is still
   * there stays single, so that doubt costs an addition that does nothing.
   * @param comesOn is called after each batch: all of them may take minutes
   * @returns how many; `null` when another process is doing it
   */
  async everything(comesOn: () => void): Promise<number | null> {
    const before = await this.now();
    for (let total = 0; ;) {
      const rows = await this.alone((tx) =>
        sql(
          tx,
          `UPDATE generation_jobs SET dispatched_at = NULL WHERE id IN (SELECT id FROM generation_jobs
             WHERE status = 'PENDING' AND dispatched_at <= $2 ORDER BY dispatched_at LIMIT $1 FOR NO KEY UPDATE) RETURNING id`,
          [BATCH, before],
        ),
      );
      if (rows === null) return null;
      total += rows.length;
      comesOn();
      if (rows.length > 0) this.jobs.events.emit('dispatchable');
      if (rows.length < BATCH) return total;
    }
  }

  /**
   * What the queue does not know any more, found by asking for each waiting job; under a new queue id, for remains of the old one may be left.
   * @param comesOn as with {@link everything}
   * @returns how many; `null` when another process is doing it
   */
  async lost(comesOn: () => void): Promise<number | null> {
    const before = await this.now();
    let total = 0;
    let after: Pick<Waiting, 'dispatched_at' | 'id'> = { dispatched_at: '-infinity', id: FIRST_ID };
    for (;;) {
      const page = await this.alone((tx) => pageOf(tx, after, before));
      if (page === null) return null;
      const held = await Promise.all(page.map((job) => this.dispatcher.holds(job)));
      const lost = page.filter((_, n) => !held[n]);
      await this.again(lost);
      total += lost.length;
      comesOn();
      if (page.length < PAGE) return total;
      after = page.at(-1)!;
    }
  }

  /** Under a new queue id: what has become of the old one is not known. */
  async again(lost: Due[]): Promise<void> {
    if (lost.length === 0) return;
    await sql(
      this.db,
      `UPDATE generation_jobs AS job SET dispatched_at = NULL, dispatch = job.dispatch + 1
       FROM jsonb_to_recordset($1::jsonb) AS lost (id uuid, dispatch integer)
       WHERE job.id = lost.id AND job.dispatch = lost.dispatch AND job.status = 'PENDING'`,
      [JSON.stringify(lost)],
    );
    this.jobs.events.emit('dispatchable');
  }

  /** The database's time at the start: what is handed over from then on is none of our doubt. */
  private async now(): Promise<Date> {
    return (await sqlRow<{ now: Date }>(this.db, 'SELECT now()')).now;
  }

  /**
   * One batch in a transaction of its own, and the lock in it: behind a pooler a lock of the session would stay with whoever gets it
   * next, and one that is held on another connection would ask for two at once. Between two batches another process may go on.
   */
  private alone<T>(batch: (tx: EntityManager) => Promise<T>): Promise<T | null> {
    return this.db.transaction(async (tx) => {
      const { free } = await sqlRow<{ free: boolean }>(tx, 'SELECT pg_try_advisory_xact_lock($1) AS free', [
        REDISPATCH_LOCK,
      ]);
      if (free) return batch(tx);
      await refuseStuck(tx);
      return null;
    });
  }
}

/** Another process that is at it ends by itself. A lock that was left behind would keep everybody from it, for ever and unseen. */
async function refuseStuck(tx: EntityManager): Promise<void> {
  const [holder] = await sql<LockHolder>(tx, stuckHolderOf(REDISPATCH_LOCK));
  if (holder) throw new Error(`${described(holder)} holds the lock of who hands jobs over again; ${endOf(holder)}`);
}

function pageOf(tx: EntityManager, after: Pick<Waiting, 'dispatched_at' | 'id'>, before: Date): Promise<Waiting[]> {
  return sql<Waiting>(
    tx,
    `SELECT id, entity, dispatch, dispatched_at::text FROM generation_jobs WHERE status = 'PENDING'
       AND (dispatched_at, id) > ($1::timestamptz, $2::uuid) AND dispatched_at <= $3 ORDER BY dispatched_at, id LIMIT $4`,
    [after.dispatched_at, after.id, before, PAGE],
  );
}

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** The time as text keeps its microseconds, which a Date would cut off. */
interface Waiting extends Due {
  dispatched_at: string;
}
