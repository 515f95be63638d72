import { type Database, sql } from '../database/sql.js';
import type { GenerationJob } from './generation-job.entity.js';
import { MIDNIGHT, SPENT_BY_KEY, spentBy } from './uses.js';
import { AT_ONCE } from './waits.js';
import { HAS_KEY } from './wishes.js';

/** It waits for the next day, so that it is due at once for a key that has tokens. */
const WAITS_FOR_TOMORROW = `job.run_at >= ${MIDNIGHT}`;

const TAKE_OVER = `WITH heir AS MATERIALIZED (
    SELECT DISTINCT ON (job.id) job.id, job.api_key_id AS maker, other.api_key_id AS payer
    FROM (SELECT * FROM generation_jobs WHERE id = ANY($1::uuid[]) AND status = 'PENDING' AND ${SPENT_BY_KEY}) AS job
    CROSS JOIN LATERAL (SELECT api_key_id FROM job_requesters AS one
      WHERE one.job_id = job.id AND one.withdrawn_at IS NULL AND (${HAS_KEY})) AS other
    WHERE NOT ${spentBy('other.api_key_id')} ORDER BY job.id, other.api_key_id),
  shared AS (INSERT INTO job_requesters (job_id, api_key_id) SELECT id, maker FROM heir ORDER BY id
    ON CONFLICT DO NOTHING)
  UPDATE generation_jobs AS job SET api_key_id = payer, revision = revision + 1,
    run_at = CASE WHEN ${WAITS_FOR_TOMORROW} THEN now() ELSE job.run_at END,
    wait_seconds = CASE WHEN ${WAITS_FOR_TOMORROW} THEN ${AT_ONCE} ELSE job.wait_seconds END,
    dispatch = job.dispatch + (${WAITS_FOR_TOMORROW})::int,
    dispatched_at = CASE WHEN ${WAITS_FOR_TOMORROW} THEN NULL ELSE job.dispatched_at END
  FROM heir WHERE job.id = heir.id AND job.status = 'PENDING' AND job.api_key_id = maker RETURNING job.*`;

/**
 * Gives jobs whose key has spent its tokens of this day to another key that wants them and has some. It pays for what
 * they use from now on. The key that made them still shares them.
 */
export function takeOver(db: Database, ids: string[]): Promise<GenerationJob[]> {
  return sql<GenerationJob>(db, TAKE_OVER, [ids]);
}
