import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { type Database, sql } from '../database/sql.js';
import { inTransaction } from '../database/transaction.js';
import { FailedRows } from './failed-rows.js';
import type { GenerationJob } from './generation-job.entity.js';
import { CLOSE_ATTEMPT, FREE, JobsService, REQUEUED } from './jobs.service.js';
import { NO_PENDING_MESSAGE } from './pending-messages.js';
import { AT_ONCE } from './waits.js';

/** A job that has lost this many workers in a row fails: a job that kills its worker must not kill all workers. */
const MAX_CRASHES = 5;

/** Changes of jobs that only time causes. Each call touches `limit` rows of a kind at most. */
@Injectable()
export class LapsedJobs {
  constructor(
    private readonly db: DataSource,
    private readonly jobs: JobsService,
    private readonly failed: FailedRows,
    private readonly config: Config,
  ) {}

  /** Takes jobs from workers whose lease ran out. A crash is no try; {@link MAX_CRASHES} of them end the job. */
  async recoverCrashed(limit: number): Promise<GenerationJob[]> {
    const recovered = await inTransaction(this.db, async (tx) => {
      const rows = await this.requeueCrashed(tx, limit);
      const lost = await this.failCrashed(tx, limit);
      await this.failed.add(tx, lost);
      return [...rows, ...lost];
    });
    await Promise.all(recovered.map((job) => this.jobs.published(job)));
    return recovered;
  }

  private requeueCrashed(tx: Database, limit: number): Promise<GenerationJob[]> {
    return sql<GenerationJob>(
      tx,
      `UPDATE generation_jobs SET ${REQUEUED}, ${CLOSE_ATTEMPT}, attempts = attempts - 1, crashes = crashes + 1,
         run_at = now(), wait_seconds = ${AT_ONCE}
       WHERE id IN (
         SELECT id FROM generation_jobs
         WHERE status = 'IN_PROGRESS' AND lease_expires_at < now() AND crashes + 1 < $3
         ORDER BY lease_expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING *`,
      [limit, { outcome: 'CRASHED' }, MAX_CRASHES],
    );
  }

  private failCrashed(tx: Database, limit: number): Promise<GenerationJob[]> {
    return sql<GenerationJob>(
      tx,
      `UPDATE generation_jobs SET status = 'FAILED', ${FREE}, ${CLOSE_ATTEMPT},
         attempts = attempts - 1, crashes = crashes + 1,
         finished_at = GREATEST(now(), started_at),
         error = jsonb_build_object('type', 'WORKER_CRASHED', 'retryable', true, 'attempt', attempts, 'message',
           'The worker was lost ' || crashes + 1 || ' times while it ran this job.')
       WHERE id IN (
         SELECT id FROM generation_jobs
         WHERE status = 'IN_PROGRESS' AND lease_expires_at < now() AND crashes + 1 >= $3
         ORDER BY lease_expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING *`,
      [limit, { outcome: 'CRASHED' }, MAX_CRASHES],
    );
  }

  /** Ends jobs that were not started before their deadline. */
  async expireOverdue(limit: number): Promise<GenerationJob[]> {
    const expired = await sql<GenerationJob>(
      this.db,
      `UPDATE generation_jobs SET status = 'EXPIRED', finished_at = GREATEST(now(), started_at, created_at)
       WHERE id IN (SELECT id FROM generation_jobs WHERE status = 'PENDING' AND started_at IS NULL
       AND deadline_at < now() ORDER BY deadline_at LIMIT $1
                    FOR UPDATE SKIP LOCKED) RETURNING *`,
      [limit],
    );
    await Promise.all(expired.map((job) => this.jobs.published(job)));
    return expired;
  }

  /**
   * Forgets finished jobs past their time, once their messages are delivered or given up. FAILED ones stay until an
   * operator forgets them. @returns how many
   */
  async prune(limit: number): Promise<number> {
    const pruned = await sql(
      this.db,
      `DELETE FROM generation_jobs WHERE id IN (SELECT id FROM generation_jobs AS job
        WHERE status IN ('DONE', 'CANCELLED', 'EXPIRED') AND ${NO_PENDING_MESSAGE('job_id = job.id')}
         AND finished_at < now() - make_interval(days => $2) ORDER BY finished_at LIMIT $1 FOR UPDATE SKIP LOCKED)
         RETURNING id`,
      [limit, this.config.retentionDays],
    );
    return pruned.length;
  }
}
