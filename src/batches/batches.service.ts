import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Config } from '../config/config.js';
import { type Database, sql } from '../database/sql.js';
import type { JobStatus } from '../domain/vocabulary.js';
import type { Batch } from './batch.entity.js';

/** A batch and its items by status; `null`: all of its jobs are forgotten. */
export interface BatchRow extends Batch {
  counts: Partial<Record<JobStatus, number>> | null;
}

@Injectable()
export class BatchesService {
  constructor(
    private readonly db: DataSource,
    private readonly config: Config,
  ) {}

  /**
   * Keeps which jobs were asked for together.
   * @param jobIds one an item, equal ones repeated.
   * @returns the id of the batch
   */
  async create(tx: Database, jobIds: string[], apiKeyId: string | null): Promise<string> {
    const id = uuidv7();
    await sql(
      tx,
      `WITH batch AS (INSERT INTO batches (id, api_key_id, total) VALUES ($1, $2, $3))
       INSERT INTO batch_jobs (batch_id, job_id, items)
       SELECT $1, job_id, count(*) FROM unnest($4::uuid[]) AS job_id GROUP BY job_id ORDER BY job_id`,
      [id, apiKeyId, jobIds.length, jobIds],
    );
    return id;
  }

  async find(id: string): Promise<BatchRow | null> {
    const [row] = await sql<BatchRow>(
      this.db,
      `SELECT *, (SELECT jsonb_object_agg(status, items) FROM (
         SELECT status, sum(items) AS items FROM batch_jobs JOIN generation_jobs ON generation_jobs.id = job_id
         WHERE batch_id = $1 GROUP BY status) AS by_status) AS counts FROM batches WHERE id = $1`,
      [id],
    );
    return row ?? null;
  }

  /** Forgets batches past retention that have no job left. @returns how many */
  async prune(limit: number): Promise<number> {
    const pruned = await sql(
      this.db,
      `DELETE FROM batches WHERE id IN (SELECT id FROM batches WHERE created_at < now() - make_interval(days => $2)
         AND NOT EXISTS (SELECT 1 FROM batch_jobs WHERE batch_id = batches.id) LIMIT $1 FOR UPDATE SKIP LOCKED)
         RETURNING 1`,
      [limit, this.config.retentionDays],
    );
    return pruned.length;
  }
}
