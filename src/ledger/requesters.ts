import { type Database, sql } from '../database/sql.js';
import type { GenerationJob } from './generation-job.entity.js';

/** A job, and the key that it is the answer to; `null`: it was asked for without one. */
export type Answered = GenerationJob & { asked_by: string | null };

/**
 * The jobs that a SELECT over `generation_jobs AS job` finds, each with the column `asked_by`: the key that it is
 * answered to, and that from then on shares it when it did not make it. One statement, so that no answer can get lost
 * on its way to being readable; the rows are locked, or one might be forgotten before it is shared.
 */
export function answeredTo<Row extends Answered>(db: Database, select: string, values: unknown[]): Promise<Row[]> {
  return sql<Row>(
    db,
    `WITH answered AS (${select} FOR KEY SHARE OF job),
     shared AS (INSERT INTO job_requesters (job_id, api_key_id) SELECT DISTINCT id, asked_by FROM answered
       WHERE asked_by IS NOT NULL AND api_key_id IS DISTINCT FROM asked_by ON CONFLICT DO NOTHING)
     SELECT * FROM answered`,
    values,
  );
}
