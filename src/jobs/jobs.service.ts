import { Injectable, Logger } from '@nestjs/common';
import { EventEmitter } from 'node:events';
import { DataSource, type EntityManager } from 'typeorm';
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';
import { Config } from '../config/config.js';
import { type Database, sql } from '../database/sql.js';
import { JOB_NAMES, QUEUE_OF } from '../queue/names.js';
import type { GenerationJob, JobAttempt, JobError, JobRequest, JobResult, JobUsage } from './generation-job.entity.js';
import { StatusCache } from './status-cache.js';
import { NOT_THROTTLED } from './throttle.js';
import type { ContextTag, EntityKind, Locale } from './vocabulary.js';

/** What is asked for. While a job for it is active there is no second one. */
export interface Subject {
  entity: EntityKind;
  requested_slug: string;
  locale: Locale;
  context_tag: ContextTag;
}

/** Where the request came from; follows it into the worker's log lines. */
export interface Origin {
  request_id: string;
  traceparent: string | null;
  api_key_id: string | null;
}

/** One accepted item, ready for the ledger. */
export interface Submission {
  subject: Subject;
  request: JobRequest;
  /** Not started within so many seconds, it ends EXPIRED. */
  deadlineSeconds?: number;
}

/** A job, and whether it is an old one whose result is reused. */
export interface Submitted {
  job: GenerationJob;
  reused: boolean;
}

/** Workers lost in a row by one job before it is given up: a poisonous job must not kill the fleet for ever. */
export const MAX_CRASHES = 5;

export const ACTIVE = `status IN ('PENDING', 'IN_PROGRESS')`;
const FREE = `lease_token = NULL, lease_expires_at = NULL`;
/** Back in line: the dispatcher takes it from here, under a queue id not used before. */
export const REQUEUED = `status = 'PENDING', stage = 'QUEUED', dispatch = dispatch + 1, dispatched_at = NULL, ${FREE}`;
/** The history, its last entry completed with $2. */
const CLOSED_HISTORY = `jsonb_set(history, '{-1}', (history -> -1) || $2::jsonb || jsonb_build_object('finished_at', now()))`;
const CLOSE_ATTEMPT = `history = ${CLOSED_HISTORY}`;
/** The worker that took the job over has stored its result already. */
const isSecondResult = (error: unknown) => (error as { constraint?: string }).constraint?.endsWith('_one_per_job');
/** Rolls a result back whose job was taken away. */
const LEASE_LOST = new Error('lease lost');
const HELD = `id = $1 AND status = 'IN_PROGRESS' AND lease_token = $3`;

/** Whether a cancelled job had a worker: only then did the cancellation close an entry of its history. */
export const wasRunning = ({ history }: GenerationJob) => history.at(-1)?.outcome === 'CANCELLED';

/**
 * The state machine. Every change of a job's state is one statement here, guarded by the state (and the lease) it expects:
 *
 *   submit → PENDING → claim → IN_PROGRESS → complete → DONE
 *                ↑                  ├→ retryLater, handBack, recoverCrashed → PENDING
 *                                   └→ fail, recoverCrashed → FAILED
 *   expireOverdue: PENDING → EXPIRED
 *   cancel: PENDING, IN_PROGRESS → CANCELLED
 *   retry: FAILED → PENDING (in failed-jobs.service.ts)
 */
@Injectable()
export class JobsService {
  /** Emits `dispatchable` when a row waits for the dispatcher, and `changed` with the row after every change of state. */
  readonly events = new EventEmitter();
  private readonly logger = new Logger('Jobs');

  constructor(
    private readonly db: DataSource,
    private readonly cache: StatusCache,
    private readonly config: Config,
  ) {}

  /** Commits the request, or finds the active job for the same subject. The one write of the accept path. */
  async submit({ subject, request, deadlineSeconds }: Submission, origin: Origin): Promise<GenerationJob> {
    const { entity, requested_slug, locale, context_tag } = subject;
    // The active job may finish between the two statements; then the next round inserts.
    for (let round = 0; round < 10; round++) {
      const [created] = await sql<GenerationJob>(
        this.db,
        `INSERT INTO generation_jobs (id, entity, requested_slug, locale, context_tag, request, max_attempts, request_id, traceparent, api_key_id, deadline_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now() + make_interval(secs => $11))
         ON CONFLICT (entity, requested_slug, locale, context_tag) WHERE ${ACTIVE} DO NOTHING RETURNING *`,
        [
          uuidv7(),
          entity,
          requested_slug,
          locale,
          context_tag,
          request,
          this.config.tries,
          origin.request_id,
          origin.traceparent,
          origin.api_key_id,
          deadlineSeconds ?? null,
        ],
      );
      if (created) {
        this.logger.log({ msg: 'job accepted', job_id: created.id, entity, request_id: origin.request_id });
        this.events.emit('dispatchable');
        return created;
      }
      const active = await this.findActive(subject);
      if (active) return active;
    }
    throw new Error('a subject kept changing hands for ten rounds');
  }

  private async findActive(subject: Subject): Promise<GenerationJob | null> {
    const [active] = await sql<GenerationJob>(
      this.db,
      `SELECT * FROM generation_jobs WHERE entity = $1 AND requested_slug = $2 AND locale = $3 AND context_tag = $4 AND ${ACTIVE}`,
      [subject.entity, subject.requested_slug, subject.locale, subject.context_tag],
    );
    return active ?? null;
  }

  async find(id: string): Promise<GenerationJob | null> {
    const [job] = await sql<GenerationJob>(this.db, 'SELECT * FROM generation_jobs WHERE id = $1', [id]);
    return job ?? null;
  }

  /** The last finished job that wrote the current answer of a subject. */
  async findDone(resultSlug: string, subject: Omit<Subject, 'requested_slug'>): Promise<GenerationJob | null> {
    const [job] = await sql<GenerationJob>(
      this.db,
      `SELECT * FROM generation_jobs WHERE entity = $1 AND slug = $2 AND locale = $3 AND context_tag = $4 AND status = 'DONE'
       ORDER BY finished_at DESC LIMIT 1`,
      [subject.entity, resultSlug, subject.locale, subject.context_tag],
    );
    return job ?? null;
  }

  /** Takes a due job for `worker`; `null` when it is not to be had (done, taken, not yet due, too late). */
  async claim(id: string, worker: string): Promise<GenerationJob | null> {
    const [job] = await sql<GenerationJob>(
      this.db,
      `UPDATE generation_jobs SET status = 'IN_PROGRESS', stage = 'GENERATING', attempts = attempts + 1, worker = $2,
         lease_token = $3, lease_expires_at = now() + make_interval(secs => $4),
         started_at = COALESCE(started_at, GREATEST(now(), created_at)),
         history = history || jsonb_build_object('attempt', attempts + 1, 'worker', $2::text, 'started_at', now())
       WHERE id = $1 AND status = 'PENDING' AND run_at <= now() AND (deadline_at IS NULL OR deadline_at > now())
         AND ${NOT_THROTTLED} RETURNING *`,
      [id, worker, uuidv4(), this.config.leaseMs / 1000],
    );
    return this.published(job);
  }

  /**
   * Keeps the leases of a living worker, in one statement. It waits for no row: one that is being stored at this moment is
   * left alone, or a slow transaction of one job would cost the others their leases.
   * @returns the tokens still held; what is missing was lost
   */
  async renewLeases(tokens: string[]): Promise<Set<string>> {
    const held = await sql<{ lease_token: string }>(
      this.db,
      `WITH held AS (SELECT id, lease_token FROM generation_jobs WHERE lease_token = ANY($1::uuid[]) AND status = 'IN_PROGRESS'),
       free AS (SELECT id FROM generation_jobs WHERE id IN (SELECT id FROM held) FOR NO KEY UPDATE SKIP LOCKED),
       renewed AS (UPDATE generation_jobs SET lease_expires_at = now() + make_interval(secs => $2)
         WHERE id IN (SELECT id FROM free) AND lease_token = ANY($1::uuid[]) AND status = 'IN_PROGRESS')
       SELECT lease_token FROM held`,
      [tokens, this.config.leaseMs / 1000],
    );
    return new Set(held.map((row) => row.lease_token));
  }

  /** Which leases on these jobs are in force, of whatever worker. A read by primary key: cheap enough for every second. */
  async heldLeases(ids: string[]): Promise<Set<string>> {
    const rows = await sql<{ lease_token: string }>(
      this.db,
      'SELECT lease_token FROM generation_jobs WHERE id = ANY($1::uuid[]) AND lease_token IS NOT NULL',
      [ids],
    );
    return new Set(rows.map((row) => row.lease_token));
  }

  /**
   * Result, usage and DONE in one transaction, fenced by the lease. `store` writes the result as part of it.
   * @returns `null`, and nothing is written, when the lease was lost.
   */
  async complete(
    job: GenerationJob,
    usage: JobUsage,
    store: (tx: EntityManager) => Promise<JobResult>,
  ): Promise<GenerationJob | null> {
    try {
      const done = await this.db.transaction(async (tx) => {
        const result = await store(tx);
        const [row] = await sql<GenerationJob>(
          tx,
          `UPDATE generation_jobs SET status = 'DONE', stage = 'SAVING', slug = $4, result = $5, usage = $6, ${FREE}, ${CLOSE_ATTEMPT},
             finished_at = GREATEST(now(), started_at) WHERE ${HELD} RETURNING *`,
          [job.id, { outcome: 'DONE', ...usage }, job.lease_token, result.slug, result, usage],
        );
        if (!row) throw LEASE_LOST; // takes everything that was stored back
        return row;
      });
      return await this.published(done);
    } catch (error) {
      if (error === LEASE_LOST || isSecondResult(error)) return null;
      throw error;
    }
  }

  /** A try failed that is worth another: PENDING again, not before `delayMs` have passed. */
  async retryLater(job: GenerationJob, attempt: Partial<JobAttempt>, delayMs: number): Promise<GenerationJob | null> {
    const [row] = await sql<GenerationJob>(
      this.db,
      `UPDATE generation_jobs SET ${REQUEUED}, ${CLOSE_ATTEMPT}, run_at = now() + make_interval(secs => $4) WHERE ${HELD} RETURNING *`,
      [job.id, { outcome: 'FAILED', ...attempt }, job.lease_token, delayMs / 1000],
    );
    return this.published(row);
  }

  /** The last try failed, or the failure is final: FAILED and its `failed_jobs` row in one transaction. */
  async fail(job: GenerationJob, attempt: Partial<JobAttempt> & { error: JobError }): Promise<GenerationJob | null> {
    const failed = await this.db.transaction(async (tx) => {
      const [row] = await sql<GenerationJob>(
        tx,
        `UPDATE generation_jobs SET status = 'FAILED', error = $4, ${FREE}, ${CLOSE_ATTEMPT}, finished_at = GREATEST(now(), started_at)
         WHERE ${HELD} RETURNING *`,
        [job.id, { outcome: 'FAILED', ...attempt }, job.lease_token, attempt.error],
      );
      if (row) await this.keepFailed(tx, row);
      return row;
    });
    return this.published(failed);
  }

  /** The worker stops or could not do its part: the job goes back at once, and no try is counted. */
  async handBack(job: GenerationJob): Promise<GenerationJob | null> {
    const [row] = await sql<GenerationJob>(
      this.db,
      `UPDATE generation_jobs SET ${REQUEUED}, ${CLOSE_ATTEMPT}, attempts = attempts - 1 WHERE ${HELD} RETURNING *`,
      [job.id, { outcome: 'HANDED_BACK' }, job.lease_token],
    );
    return this.published(row);
  }

  /** A delivery that was not made use of: the dispatcher hands the job over once more. */
  async undispatch(id: string): Promise<void> {
    await sql(
      this.db,
      `UPDATE generation_jobs SET dispatched_at = NULL, dispatch = dispatch + 1 WHERE id = $1 AND status = 'PENDING'`,
      [id],
    );
    this.events.emit('dispatchable');
  }

  /**
   * Ends an unfinished job at once, whoever holds it: without its lease the worker can write nothing any more, and aborts
   * the model call when it next looks ({@link heldLeases}).
   * @returns `null` when there is nothing to cancel: finished, or unknown.
   */
  async cancel(id: string): Promise<GenerationJob | null> {
    const [row] = await sql<GenerationJob>(
      this.db,
      `UPDATE generation_jobs SET status = 'CANCELLED', ${FREE}, finished_at = GREATEST(now(), started_at, created_at),
         history = CASE status WHEN 'IN_PROGRESS' THEN ${CLOSED_HISTORY} ELSE history END WHERE id = $1 AND ${ACTIVE} RETURNING *`,
      [id, { outcome: 'CANCELLED' }],
    );
    if (row) this.logger.log({ msg: 'job cancelled', job_id: id, entity: row.entity, running: wasRunning(row) });
    return this.published(row);
  }

  /** Takes jobs from workers whose lease ran out. A crash is no try; {@link MAX_CRASHES} of them end the job. */
  async recoverCrashed(limit: number): Promise<GenerationJob[]> {
    const recovered = await this.db.transaction(async (tx) => {
      const rows = await this.requeueCrashed(tx, limit);
      const lost = await this.failCrashed(tx, limit);
      for (const row of lost) await this.keepFailed(tx, row);
      return [...rows, ...lost];
    });
    for (const job of recovered) await this.published(job);
    return recovered;
  }

  private requeueCrashed(tx: Database, limit: number): Promise<GenerationJob[]> {
    return sql<GenerationJob>(
      tx,
      `UPDATE generation_jobs SET ${REQUEUED}, ${CLOSE_ATTEMPT}, attempts = attempts - 1, crashes = crashes + 1, run_at = now()
       WHERE id IN (SELECT id FROM generation_jobs WHERE status = 'IN_PROGRESS' AND lease_expires_at < now() AND crashes + 1 < $3
                    ORDER BY lease_expires_at LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING *`,
      [limit, { outcome: 'CRASHED' }, MAX_CRASHES],
    );
  }

  private failCrashed(tx: Database, limit: number): Promise<GenerationJob[]> {
    return sql<GenerationJob>(
      tx,
      `UPDATE generation_jobs SET status = 'FAILED', ${FREE}, ${CLOSE_ATTEMPT}, attempts = attempts - 1, crashes = crashes + 1,
         finished_at = GREATEST(now(), started_at),
         error = jsonb_build_object('type', 'WORKER_CRASHED', 'retryable', true, 'attempt', attempts, 'message',
           'The worker was lost ' || crashes + 1 || ' times while it ran this job.')
       WHERE id IN (SELECT id FROM generation_jobs WHERE status = 'IN_PROGRESS' AND lease_expires_at < now() AND crashes + 1 >= $3
                    ORDER BY lease_expires_at LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING *`,
      [limit, { outcome: 'CRASHED' }, MAX_CRASHES],
    );
  }

  /** Ends jobs that were not started before their deadline. */
  async expireOverdue(limit: number): Promise<GenerationJob[]> {
    const expired = await sql<GenerationJob>(
      this.db,
      `UPDATE generation_jobs SET status = 'EXPIRED', finished_at = GREATEST(now(), started_at, created_at)
       WHERE id IN (SELECT id FROM generation_jobs WHERE status = 'PENDING' AND deadline_at < now() ORDER BY deadline_at LIMIT $1
                    FOR UPDATE SKIP LOCKED) RETURNING *`,
      [limit],
    );
    for (const job of expired) await this.published(job);
    return expired;
  }

  /** Forgets finished jobs past retention. FAILED ones stay until they are forgotten by hand, unfinished ones always. */
  async prune(limit: number): Promise<number> {
    const pruned = await sql(
      this.db,
      `DELETE FROM generation_jobs WHERE id IN (SELECT id FROM generation_jobs WHERE status IN ('DONE', 'CANCELLED', 'EXPIRED')
         AND finished_at < now() - make_interval(days => $2) ORDER BY finished_at LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING id`,
      [limit, this.config.retentionDays],
    );
    return pruned.length;
  }

  private async keepFailed(tx: Database, job: GenerationJob): Promise<void> {
    const { id, entity, requested_slug, locale, context_tag, request, error, attempts } = job;
    const payload = { job_id: id, entity, requested_slug, locale, context_tag, request };
    await sql(
      tx,
      `INSERT INTO failed_jobs (uuid, job_id, connection, queue, name, payload, exception, attempts)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        uuidv7(),
        id,
        this.config.queueConnection,
        QUEUE_OF[entity],
        JOB_NAMES[entity],
        payload,
        `${error!.type}: ${error!.message}`,
        attempts,
      ],
    );
  }

  /** After the commit: tells those who wait and the pollers' cache, and wakes the dispatcher. None can make the change undone. */
  async published(job: GenerationJob | undefined): Promise<GenerationJob | null> {
    if (!job) return null;
    if (job.status === 'PENDING') this.events.emit('dispatchable');
    this.events.emit('changed', job);
    await this.cache.put(job);
    return job;
  }
}
