import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Config } from '../config/config.js';
import { type Database, sql } from '../database/sql.js';
import type { Metadata } from '../domain/metadata.js';
import { ACTIVE_STATUSES, type JobStatus } from '../domain/vocabulary.js';
import { NOBODY } from '../ledger/owner.js';
import { NO_PENDING_MESSAGE } from '../ledger/pending-messages.js';
import type { Batch } from './batch.entity.js';

/** Jobs that one statement changes. */
const PART = 500;

/** A batch and its items by status; `null`: all of its jobs are forgotten. */
export interface BatchRow extends Batch {
  counts: Partial<Record<JobStatus, number>> | null;
}

interface NewBatch {
  api_key_id: string | null;
  metadata?: Metadata;
  /** One an item, equal ones repeated. */
  job_ids: string[];
}

@Injectable()
export class BatchesService {
  constructor(
    private readonly db: DataSource,
    private readonly config: Config,
  ) {}

  /**
   * Records which jobs one request asked for.
   * @returns the id of each batch, in their order
   */
  async create(tx: Database, batches: NewBatch[]): Promise<string[]> {
    if (batches.length === 0) return [];
    const rows = batches.map((batch) => ({ id: uuidv7(), ...batch }));
    await sql(
      tx,
      `WITH asked AS MATERIALIZED (SELECT *
         FROM jsonb_to_recordset($1::jsonb) AS batch (id uuid, api_key_id uuid, metadata jsonb, job_ids uuid[])),
       batch AS (INSERT INTO batches (id, api_key_id, total, metadata)
         SELECT id, api_key_id, cardinality(job_ids), metadata FROM asked)
       INSERT INTO batch_jobs (batch_id, job_id, items)
       SELECT id, job_id, count(*) FROM asked, unnest(job_ids) AS job_id GROUP BY id, job_id ORDER BY job_id, id`,
      [JSON.stringify(rows)],
    );
    return rows.map(({ id }) => id);
  }

  async find(id: string): Promise<Batch | null> {
    const [row] = await sql<Batch>(this.db, 'SELECT * FROM batches WHERE id = $1', [id]);
    return row ?? null;
  }

  /** Its jobs that are not finished, a part at a time; what ends meanwhile is left out. */
  unfinished(id: string): AsyncGenerator<string[]> {
    return this.parts(id, `IN (${ACTIVE_STATUSES.map((status) => `'${status}'`).join(', ')})`);
  }

  /** The same of those that FAILED. */
  failed(id: string): AsyncGenerator<string[]> {
    return this.parts(id, `= 'FAILED'`);
  }

  private async *parts(id: string, status: string): AsyncGenerator<string[]> {
    for (let after = NOBODY; ;) {
      const rows = await sql<{ id: string }>(
        this.db,
        `SELECT job.id FROM batch_jobs JOIN generation_jobs AS job ON job.id = job_id
         WHERE batch_id = $1 AND job_id > $2 AND job.status ${status} ORDER BY job_id LIMIT ${PART}`,
        [id, after],
      );
      if (rows.length === 0) return;
      yield rows.map((row) => row.id);
      if (rows.length < PART) return;
      after = rows.at(-1)!.id;
    }
  }

  async findCounted(id: string): Promise<BatchRow | null> {
    const [row] = await sql<BatchRow>(
      this.db,
      `SELECT *, (SELECT jsonb_object_agg(status, items) FROM (
         SELECT status, sum(items) AS items FROM batch_jobs JOIN generation_jobs ON generation_jobs.id = job_id
         WHERE batch_id = $1 GROUP BY status) AS by_status) AS counts FROM batches WHERE id = $1`,
      [id],
    );
    return row ?? null;
  }

  /** Forgets batches past retention that have no job left, once that is told. @returns how many */
  async prune(limit: number): Promise<number> {
    const pruned = await sql(
      this.db,
      `DELETE FROM batches WHERE id IN (SELECT id FROM batches WHERE created_at < now() - make_interval(days => $2)
         AND NOT EXISTS (SELECT 1 FROM batch_jobs WHERE batch_id = batches.id)
         AND ${NO_PENDING_MESSAGE('batch_id = batches.id')} LIMIT $1 FOR UPDATE SKIP LOCKED)
         RETURNING 1`,
      [limit, this.config.retentionDays],
    );
    return pruned.length;
  }
}
