import { type Database, sql } from '../database/sql.js';
import type { GenerationJob } from './generation-job.entity.js';

/**
 * The jobs that a SELECT over `generation_jobs AS job` finds for the key `keyId`, which from then on shares those it
 * did not make. One statement, so that no answer can get lost on its way to being readable; the rows are locked, or
 * one might be forgotten before it is shared. Without a key it is the SELECT alone.
 */
export function answeredTo<Row extends GenerationJob>(
  db: Database,
  keyId: string | null,
  select: string,
  values: unknown[],
): Promise<Row[]> {
  if (keyId === null) return sql<Row>(db, select, values);
  const key = `$${values.length + 1}::uuid`;
  return sql<Row>(
    db,
    `WITH answered AS (${select} FOR KEY SHARE OF job),
     shared AS (INSERT INTO job_requesters (job_id, api_key_id) SELECT id, ${key} FROM answered
       WHERE api_key_id IS DISTINCT FROM ${key} ON CONFLICT DO NOTHING)
     SELECT * FROM answered`,
    [...values, keyId],
  );
}
