import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { type Doer, noteDeed, type Tally } from '../audit/audit-log.js';
import { type Database, sql } from '../database/sql.js';
import { inTransaction } from '../database/transaction.js';
import { type Caller, isAdmin } from '../access/caller.js';
import { logFields } from './about-job.js';
import { LedgerEvents } from './events.js';
import type { GenerationJob } from './generation-job.entity.js';
import { ACTIVE } from './insert.js';
import { wantedByOthers, withdraw } from './wishes.js';

export const FREE = `lease_token = NULL, lease_expires_at = NULL`;
/** Makes the job PENDING again. The dispatcher hands it over under a new id in the queue. */
export const REQUEUED = `status = 'PENDING', stage = 'QUEUED', dispatch = dispatch + 1, dispatched_at = NULL, ${FREE}`;
/** The history with its last entry completed by $2. */
const CLOSED_HISTORY = `jsonb_set(history, '{-1}',
  (history -> -1) || $2::jsonb || jsonb_build_object('finished_at', now()))`;
export const CLOSE_ATTEMPT = `history = ${CLOSED_HISTORY}`;
/** Ends an active job of $1. A claim that it has is closed as $2, and can write nothing any more. */
export const CANCELLED = `status = 'CANCELLED', ${FREE}, finished_at = GREATEST(now(), started_at, created_at),
  history = CASE status WHEN 'IN_PROGRESS' THEN ${CLOSED_HISTORY} ELSE history END`;
export const CANCELLED_AS = { outcome: 'CANCELLED' };
/** Whether a cancelled job had a worker: only then did the cancellation complete an entry of its history. */
export const wasRunning = ({ history }: GenerationJob) => history.at(-1)?.outcome === 'CANCELLED';

/** Who cancels. */
type Canceller = Pick<Caller, 'key_id' | 'scopes' | 'fellows'>;

/**
 * The state machine. Every change of a job's state names the state (and the lease) that it expects:
 *
 *   insert → PENDING → claim → IN_PROGRESS → settle: done → DONE
 *               ↑                  ├→ settle: retry, handBack; recoverCrashed → PENDING
 *                                  └→ settle: failed; recoverCrashed → FAILED
 *   expireOverdue: PENDING → EXPIRED
 *   cancel, and removals.ts: PENDING, IN_PROGRESS → CANCELLED
 *   retry: FAILED → PENDING
 *
 * insert.ts inserts, claims.ts claims, settle.ts ends claims. lapsed-jobs.ts makes the changes of time, and
 * failed-jobs.service.ts retries. The rest is here.
 */
@Injectable()
export class JobsService {
  readonly events = new LedgerEvents();
  private readonly logger = new Logger('Jobs');

  constructor(
    private readonly db: DataSource,
    private readonly config: Config,
  ) {}

  /** Call it after the commit. */
  accepted(jobs: GenerationJob[]): void {
    for (const job of jobs) {
      this.logger.debug({ msg: 'job accepted', ...logFields(job) });
      this.events.emit('accepted', job);
    }
    this.events.emit('dispatchable', jobs);
  }

  /**
   * Renews the leases of a living worker, in one statement. It skips locked rows, such as a job that is being stored.
   * Otherwise a slow transaction of one job would cost the others their leases.
   * @returns the tokens still held; a missing token has lost its lease
   */
  async renewLeases(tokens: string[]): Promise<Set<string>> {
    const held = await sql<{ lease_token: string }>(
      this.db,
      `WITH held AS (SELECT id, lease_token FROM generation_jobs WHERE lease_token = ANY($1::uuid[])
        AND status = 'IN_PROGRESS'),
       free AS (SELECT id FROM generation_jobs WHERE id IN (SELECT id FROM held) FOR NO KEY UPDATE SKIP LOCKED),
       renewed AS (UPDATE generation_jobs SET lease_expires_at = now() + make_interval(secs => $2)
         WHERE id IN (SELECT id FROM free) AND lease_token = ANY($1::uuid[]) AND status = 'IN_PROGRESS')
       SELECT lease_token FROM held`,
      [tokens, this.config.leaseMs / 1000],
    );
    return new Set(held.map((row) => row.lease_token));
  }

  /**
   * The leases of these jobs that are in force, of any worker. It reads by primary key, which is cheap enough for every
   * second.
   */
  async heldLeases(ids: string[]): Promise<Set<string>> {
    const rows = await sql<{ lease_token: string }>(
      this.db,
      'SELECT lease_token FROM generation_jobs WHERE id = ANY($1::uuid[]) AND lease_token IS NOT NULL',
      [ids],
    );
    return new Set(rows.map((row) => row.lease_token));
  }

  /** For a delivery that no worker used: the dispatcher hands the job over again. */
  async undispatch(id: string): Promise<void> {
    await sql(
      this.db,
      `UPDATE generation_jobs SET dispatched_at = NULL, dispatch = dispatch + 1 WHERE id = $1 AND status = 'PENDING'`,
      [id],
    );
    this.events.emit('dispatchable');
  }

  /**
   * Withdraws the wish of `by` for an unfinished job. The job ends at once when no wish is left, or when an operator
   * cancels it. If a worker has it, the worker loses its lease and can write nothing any more. It aborts the model call
   * at its next check ({@link heldLeases}).
   * @param doer an operator who cancels what is not its own, which is written down; `null`: nobody like that
   * @returns the job, CANCELLED unless others want it; `null` when there is nothing to cancel: finished, or unknown
   */
  async cancel(id: string, by: Canceller, doer: Doer | null): Promise<GenerationJob | null> {
    const { ended, left } = await inTransaction(this.db, async (tx) => {
      const cancelled = await this.cancelIn(tx, [id], by);
      const deed = { action: 'cancel_job', target_kind: 'JOB', target: id, details: {} } as const;
      if (doer && cancelled.ended.length > 0) await noteDeed(tx, doer, deed);
      return cancelled;
    });
    await this.tellCancelled(ended);
    return ended[0] ?? left[0] ?? null;
  }

  /** The same for many. @returns how many ended, and how many go on because others want them */
  async cancelAll(ids: string[], by: Canceller, tally: Tally | null): Promise<{ cancelled: number; left: number }> {
    const { ended, left } = await inTransaction(this.db, async (tx) => {
      const cancelled = await this.cancelIn(tx, ids, by);
      await tally?.add(tx, cancelled.ended.length);
      return cancelled;
    });
    await this.tellCancelled(ended);
    return { cancelled: ended.length, left: left.length };
  }

  /** In the order of their ids, as all that locks several jobs. */
  private async cancelIn(tx: Database, ids: string[], by: Canceller) {
    const lock = `SELECT * FROM generation_jobs WHERE id = ANY($1::uuid[]) AND ${ACTIVE} ORDER BY id FOR NO KEY UPDATE`;
    const active = await sql<GenerationJob>(tx, lock, [ids]);
    const others = isAdmin(by) || active.length === 0 ? new Set() : await wantedByOthers(tx, ids, by);
    const left = active.filter(({ id }) => others.has(id));
    await withdraw(tx, left, by);
    return {
      ended: await this.end(
        tx,
        active.filter(({ id }) => !others.has(id)),
      ),
      left,
    };
  }

  private async end(tx: Database, jobs: GenerationJob[]): Promise<GenerationJob[]> {
    if (jobs.length === 0) return [];
    return sql<GenerationJob>(tx, `UPDATE generation_jobs SET ${CANCELLED} WHERE id = ANY($1::uuid[]) RETURNING *`, [
      jobs.map(({ id }) => id),
      CANCELLED_AS,
    ]);
  }

  private async tellCancelled(jobs: GenerationJob[]): Promise<void> {
    for (const job of jobs) this.logger.log({ msg: 'job cancelled', ...logFields(job), running: wasRunning(job) });
    await Promise.all(jobs.map((job) => this.published(job)));
  }

  /** The same for a change that is no change of state. */
  async changed(job: GenerationJob): Promise<void> {
    await this.events.publish('changed', job);
  }

  /**
   * Call it after the commit: tells waiting clients, the cache of polls and the dispatcher. None of them can undo the
   * change.
   */
  async published(job: GenerationJob | undefined): Promise<GenerationJob | null> {
    if (!job) return null;
    if (job.status === 'PENDING') this.events.emit('dispatchable');
    await this.events.publish('published', job);
    return job;
  }
}
