import { type Database, sql } from '../database/sql.js';
import type { GenerationJob } from './generation-job.entity.js';

/** A job, and the key that gets it as an answer; `null`: the request had no key. */
export type Answered = GenerationJob & { asked_by: string | null };

/**
 * The jobs that a SELECT over `generation_jobs AS job` finds. Its column `asked_by` is the key that gets the job as an
 * answer. From then on that key shares the job, unless it made it. It is one statement, so that the key can read every
 * job it was answered with. The rows are locked: otherwise a job might be forgotten before it is shared.
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
