import { ENTITIES, type EntityKind, KINDS } from '../domain/kinds.js';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Doer, noteDeed, Tally } from '../audit/audit-log.js';
import { type Database, sql } from '../database/sql.js';
import { afterCommit, inTransaction } from '../database/transaction.js';
import { conflict } from '../http/problem.js';
import { containing } from '../database/like.js';
import { logFields } from './about-job.js';
import type { FailedJob } from './failed-job.entity.js';
import type { GenerationJob } from './generation-job.entity.js';
import { JobsService, REQUEUED } from './jobs.service.js';
import { ACTIVE } from './insert.js';
import { NO_PENDING_MESSAGE } from './pending-messages.js';
import { ERROR_TYPES, type ErrorType } from '../domain/vocabulary.js';
import { wantAgain } from './wishes.js';

/** Selects failed jobs; a missing field does not narrow the selection. */
interface FailedJobsFilter {
  ids?: string[];
  type?: ErrorType;
  entity?: EntityKind;
  q?: string;
  since?: Date;
}

/** A position in the list, newest first. `micros`: microseconds since 1970, which a Date could not hold. */
export interface Position {
  micros: string;
  uuid: string;
}

export type FailedJobRow = FailedJob & Position;

/** Most rows that one statement retries or forgets, so that each transaction is short. */
const BATCH = 500;

/**
 * The job gets all its tries again under the same id; the history stays. A deadline that has passed is dropped:
 * otherwise the retried job would end EXPIRED at once.
 */
const RETRIED = `${REQUEUED}, attempts = 0, crashes = 0, error = NULL, started_at = NULL, finished_at = NULL,
  run_at = now(), wait_seconds = 0, retried_at = now(),
  deadline_at = CASE WHEN deadline_at > now() THEN deadline_at END`;

/** Deletes the `failed_jobs` rows of the jobs in `retried`, in the statement that retries them. */
const AND_REMOVED = `removed AS (DELETE FROM failed_jobs WHERE job_id IN (SELECT id FROM retried))`;

const SAME_SUBJECT = `a.entity = j.entity AND a.requested_slug = j.requested_slug AND a.locale = j.locale
  AND a.context_tag = j.context_tag`;

export const notFailed = () => conflict('Only a FAILED job can be retried; this one is not, or not any more.');
const subjectBusy = () => conflict('Another job for the same subject is active; cancel it or wait for it.');

/** Jobs that failed for good: listed, retried (FAILED → PENDING, the only way out of a final state) and forgotten. */
@Injectable()
export class FailedJobsService {
  private readonly logger = new Logger('FailedJobs');

  constructor(
    private readonly db: DataSource,
    private readonly jobs: JobsService,
  ) {}

  /** Newest first, after `position`. */
  list(filter: FailedJobsFilter, limit: number, position?: Position): Promise<FailedJobRow[]> {
    const { ids, q, since } = filter;
    const newest = 'ORDER BY failed_at DESC, uuid DESC LIMIT $1';
    const walks = kindsOf(filter).map(
      (kind) => `(SELECT * FROM failed_jobs
       WHERE ${kind} AND ($2::uuid[] IS NULL OR uuid = ANY($2)) AND ($3::timestamptz IS NULL OR failed_at >= $3)
         AND ($4::text IS NULL OR exception ILIKE $4 OR payload ->> 'requested_slug' ILIKE $4
              OR payload -> 'request' ->> 'subject' ILIKE $4)
         AND ($5::bigint IS NULL OR (failed_at, uuid) < (timestamptz 'epoch' + $5 * interval '1 microsecond', $6::uuid))
       ${newest})`,
    );
    return sql<FailedJobRow>(
      this.db,
      `SELECT *, (extract(epoch FROM failed_at) * 1000000)::bigint::text AS micros
        FROM (${walks.join(' UNION ALL ')}) AS found ${newest}`,
      [limit, ids ?? null, since ?? null, q ? containing(q) : null, position?.micros ?? null, position?.uuid ?? null],
    );
  }

  /** `null`: there is no such row. */
  async find(uuid: string): Promise<FailedJob | null> {
    const [row] = await sql<FailedJob>(this.db, 'SELECT * FROM failed_jobs WHERE uuid = $1', [uuid]);
    return row ?? null;
  }

  /**
   * When two callers retry at once, the second waits for the first and then gets 409.
   * @param keyId the key that asks for it; `null`: an operator
   * @returns `null` when there is no such job
   * @throws ProblemException 409 when it is not FAILED, or its subject has another active job
   */
  async retry(jobId: string, keyId: string | null, db: Database = this.db): Promise<GenerationJob | null> {
    const [row] = await this.retryOne(jobId, db);
    if (row) await wantAgain(db, [{ job: row, api_key_id: keyId }]);
    if (row) return this.announce(row, db);
    if (await isKnown(db, jobId)) throw notFailed();
    return null;
  }

  /** The same by an operator who has not made it: that is written down. */
  retryAs(doer: Doer, jobId: string, keyId: string | null, db: Database = this.db): Promise<GenerationJob | null> {
    return inTransaction(db, async (tx) => {
      const job = await this.retry(jobId, keyId, tx);
      const deed = { action: 'retry_job', target_kind: 'JOB', target: jobId, details: {} } as const;
      if (job) await noteDeed(tx, doer, deed);
      return job;
    });
  }

  /**
   * Retries all that the filter selects, newest first, so that jobs failing again meanwhile are not retried twice. A
   * job whose subject is active stays as it is. Of several for one subject only the newest is retried.
   * @returns how many were retried
   */
  async retryAll(filter: FailedJobsFilter, doer: Doer): Promise<number> {
    const tally = new Tally(doer, { action: 'retry_jobs', target_kind: 'JOB', target: null, details: { filter } });
    let retried = 0;
    for (let last: FailedJobRow | undefined; ;) {
      const rows = await this.list(filter, BATCH, last);
      const ids = rows.map(({ job_id }) => job_id);
      const jobs = await this.retryBatch(ids, tally);
      await Promise.all(jobs.map((job) => this.announce(job)));
      retried += jobs.length;
      last = rows.at(-1);
      if (rows.length < BATCH) return retried;
    }
  }

  /**
   * Retries those of the jobs that are FAILED, each under the rules of {@link retry}.
   * @param makers only what these keys have made; `null`: any
   * @param tally `null`: it is no operator who does it
   * @returns how many were retried, and how many stay FAILED
   */
  async retryThese(
    ids: string[],
    { keyId, makers, tally }: { keyId: string | null; makers: readonly string[] | null; tally: Tally | null },
  ) {
    const failed = await sql<GenerationJob>(
      this.db,
      `SELECT * FROM generation_jobs WHERE id = ANY($1::uuid[]) AND status = 'FAILED'`,
      [ids],
    );
    const own = failed.filter(({ api_key_id }) => makers === null || makers.includes(api_key_id ?? ''));
    if (own.length === 0) return { retried: [], left: failed.length };
    // Before they are in line: whoever has withdrawn from one wants it again.
    await inTransaction(this.db, (tx) =>
      wantAgain(
        tx,
        own.map((job) => ({ job, api_key_id: keyId })),
      ),
    );
    const retried = await this.retryBatch(
      own.map(({ id }) => id),
      tally,
    );
    await Promise.all(retried.map((job) => this.announce(job)));
    return { retried, left: failed.length - retried.length };
  }

  /** Removes the row and its job. @returns whether there was one */
  forget(uuid: string, doer: Doer): Promise<boolean> {
    return inTransaction(this.db, async (tx) => {
      const [job] = await sql<{ id: string }>(
        tx,
        `DELETE FROM generation_jobs WHERE id = (SELECT job_id FROM failed_jobs WHERE uuid = $1) AND status = 'FAILED'
          RETURNING id`,
        [uuid],
      );
      if (!job) return false;
      await noteDeed(tx, doer, { action: 'forget_job', target_kind: 'JOB', target: job.id, details: {} });
      return true;
    });
  }

  /**
   * Removes what failed before `moment`, rows and jobs, once their messages are delivered or given up.
   * @returns how many
   */
  async forgetOlder(moment: Date, doer: Doer): Promise<number> {
    const details = { failed_before: moment };
    const tally = new Tally(doer, { action: 'forget_jobs', target_kind: 'JOB', target: null, details });
    for (let forgotten = 0; ;) {
      const count = await this.forgetBatch(moment, tally);
      forgotten += count;
      if (count < BATCH) return forgotten;
    }
  }

  private forgetBatch(moment: Date, tally: Tally): Promise<number> {
    return inTransaction(this.db, async (tx) => {
      const batch = await sql(
        tx,
        `DELETE FROM generation_jobs WHERE status = 'FAILED'
          AND id IN (SELECT job_id FROM failed_jobs AS failed WHERE failed_at < $1
           AND ${NO_PENDING_MESSAGE('job_id = failed.job_id')} ORDER BY failed_at LIMIT $2) RETURNING id`,
        [moment, BATCH],
      );
      await tally.add(tx, batch.length);
      return batch.length;
    });
  }

  private async retryOne(jobId: string, db: Database = this.db): Promise<GenerationJob[]> {
    try {
      return await sql<GenerationJob>(
        db,
        `WITH retried AS (UPDATE generation_jobs SET ${RETRIED} WHERE id = $1 AND status = 'FAILED' RETURNING *),
           ${AND_REMOVED} SELECT * FROM retried`,
        [jobId],
      );
    } catch (error) {
      throw isSubjectBusy(error) ? subjectBusy() : error;
    }
  }

  private async retryBatch(ids: string[], tally: Tally | null): Promise<GenerationJob[]> {
    try {
      return await this.tallied(tally, (db) => this.retryFree(ids, db));
    } catch (error) {
      if (!isSubjectBusy(error)) throw error;
      return this.retryEach(ids, tally);
    }
  }

  /** In one transaction with its row of the log; in none where there is no such row. */
  private tallied(tally: Tally | null, retry: (db: Database) => Promise<GenerationJob[]>): Promise<GenerationJob[]> {
    if (!tally) return retry(this.db);
    return inTransaction(this.db, async (tx) => {
      const jobs = await retry(tx);
      await tally.add(tx, jobs.length);
      return jobs;
    });
  }

  private retryFree(ids: string[], db: Database): Promise<GenerationJob[]> {
    return sql<GenerationJob>(
      db,
      `WITH free AS (
           SELECT DISTINCT ON (j.entity, j.requested_slug, j.locale, j.context_tag) j.id FROM generation_jobs j
           WHERE j.id = ANY($1::uuid[]) AND j.status = 'FAILED'
             AND NOT EXISTS (SELECT 1 FROM generation_jobs a WHERE ${SAME_SUBJECT} AND a.${ACTIVE})
           ORDER BY j.entity, j.requested_slug, j.locale, j.context_tag, j.finished_at DESC),
         locked AS MATERIALIZED (SELECT id FROM generation_jobs WHERE id IN (SELECT id FROM free) AND status = 'FAILED'
           FOR UPDATE SKIP LOCKED),
         retried AS (UPDATE generation_jobs SET ${RETRIED} WHERE id IN (SELECT id FROM locked) RETURNING *),
         ${AND_REMOVED} SELECT * FROM retried`,
      [ids],
    );
  }

  /** Used when a subject became active at this moment: only that job is left out, not its whole batch. */
  private async retryEach(ids: string[], tally: Tally | null): Promise<GenerationJob[]> {
    const retried: GenerationJob[] = [];
    for (const id of ids) {
      const rows = await this.tallied(tally, (db) => this.retryOne(id, db)).catch((error: unknown) => {
        if (conflictOf(error)) return [];
        throw error;
      });
      retried.push(...rows);
    }
    return retried;
  }

  private async announce(job: GenerationJob, db: Database = this.db): Promise<GenerationJob> {
    await afterCommit(db, async () => {
      this.logger.log({ msg: 'job retried', ...logFields(job) });
      await this.jobs.published(job);
    });
    return job;
  }
}

/** One walk along an index for each selected kind of job and of error; without those, one walk by time. */
function kindsOf({ type, entity }: FailedJobsFilter): string[] {
  if (!type && !entity) return ['TRUE'];
  const names = (entity ? [entity] : ENTITIES).map((one) => KINDS[one].jobName);
  const types = type ? [type] : ERROR_TYPES;
  return names.flatMap((name) =>
    types.map((error) => `name = '${name}' AND split_part(exception, ': ', 1) = '${error}'`),
  );
}

/** SQLSTATE 23505 of the index that allows one active job a subject. */
function isSubjectBusy(error: unknown): boolean {
  const { code, constraint } = error as { code?: string; constraint?: string };
  return code === '23505' && constraint === 'generation_jobs_one_active';
}

const conflictOf = (error: unknown) => (error as { kind?: string }).kind === 'conflict';

async function isKnown(db: Database, jobId: string): Promise<boolean> {
  const rows = await sql(db, 'SELECT 1 FROM generation_jobs WHERE id = $1', [jobId]);
  return rows.length > 0;
}
