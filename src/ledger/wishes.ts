import { type Database, sql } from '../database/sql.js';
import { ownerOf } from './owner.js';
import type { GenerationJob } from './generation-job.entity.js';

/**
 * Who wants a job: the key that made it, and keys that asked for the same meanwhile. All callers that need no key count
 * as one, named `null`. A request that joins or leaves a job holds the lock of its row. So it either joins a job that
 * goes on or finds it cancelled. And no cancellation ends a job that another key was promised.
 */

/** For a WHERE on rows with `api_key_id`: the key is valid, or there is none. */
export const HAS_KEY = `api_key_id IS NULL OR EXISTS (SELECT 1 FROM api_keys AS key WHERE key.id = api_key_id
  AND key.revoked_at IS NULL AND (key.expires_at IS NULL OR key.expires_at > now()))`;

/** A key that wants a job. */
export interface Wish {
  job: { id: string; api_key_id: string | null };
  /** The key; it need not be the one that made the job. */
  api_key_id: string | null;
}

const WISHES = `jsonb_to_recordset($1::jsonb) AS wish (job_id uuid, api_key_id uuid)`;
const rowsOf = (wishes: Wish[]) =>
  JSON.stringify(wishes.map(({ job, api_key_id }) => ({ job_id: job.id, api_key_id })));

/** Notes the wishes for these jobs, also of keys that had withdrawn. The jobs' rows must be locked. */
export async function want(tx: Database, wishes: Wish[]): Promise<void> {
  const isOwn = ({ job, api_key_id }: Wish) => job.api_key_id === api_key_id;
  const others = wishes.filter((wish) => !isOwn(wish));
  await wantAgain(tx, wishes.filter(isOwn));
  if (others.length === 0) return;
  await sql(
    tx,
    `INSERT INTO job_requesters (job_id, api_key_id) SELECT DISTINCT job_id, api_key_id FROM ${WISHES}
       ORDER BY job_id, api_key_id
     ON CONFLICT (job_id, ${ownerOf('api_key_id')}) DO UPDATE SET withdrawn_at = NULL`,
    [rowsOf(others)],
  );
}

/** The same for keys that made the jobs themselves; a retry does it. */
export async function wantAgain(tx: Database, wishes: Wish[]): Promise<void> {
  if (wishes.length === 0) return;
  await sql(
    tx,
    `UPDATE job_requesters AS known SET withdrawn_at = NULL FROM ${WISHES}
     WHERE known.job_id = wish.job_id AND ${ownerOf('known.api_key_id')} = ${ownerOf('wish.api_key_id')}
     AND known.withdrawn_at IS NOT NULL`,
    [rowsOf(wishes)],
  );
}

/** No key, among keys; see owner.ts. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/**
 * Whether any key but `keyId` and its fellows wants the job. A key that is not valid any more wants nothing.
 * @param fellows keys of the same project
 */
export async function othersWant(
  tx: Database,
  jobId: string,
  keyId: string | null,
  fellows: readonly string[] = [],
): Promise<boolean> {
  const others = await sql(
    tx,
    `SELECT 1 FROM (
       SELECT api_key_id, withdrawn_at FROM job_requesters WHERE job_id = $1
       UNION ALL SELECT api_key_id, NULL FROM generation_jobs AS job WHERE id = $1 AND NOT EXISTS (
         SELECT 1 FROM job_requesters AS own WHERE own.job_id = $1
         AND ${ownerOf('own.api_key_id')} = ${ownerOf('job.api_key_id')}
       )) AS asked
     WHERE withdrawn_at IS NULL AND ${ownerOf('api_key_id')} <> ALL($2::uuid[]) AND (${HAS_KEY}) LIMIT 1`,
    [jobId, [keyId ?? NOBODY, ...fellows]],
  );
  return others.length > 0;
}

/**
 * Withdraws the wishes of `keyId` and its fellows; their endpoints get no further messages about the job. The job's row
 * must be locked.
 */
export async function withdraw(
  tx: Database,
  { id, api_key_id }: GenerationJob,
  keyId: string | null,
  fellows: readonly string[] = [],
): Promise<void> {
  const own = `job_id = $1 AND ${ownerOf('api_key_id')} = ANY($2::uuid[])`;
  const keys = [keyId ?? NOBODY, ...fellows];
  if (keys.includes(api_key_id ?? NOBODY))
    await sql(tx, 'INSERT INTO job_requesters (job_id, api_key_id) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      id,
      api_key_id,
    ]);
  await sql(tx, `UPDATE job_requesters SET withdrawn_at = COALESCE(withdrawn_at, now()) WHERE ${own}`, [id, keys]);
  await sql(tx, `DELETE FROM job_webhooks WHERE ${own}`, [id, keys]);
}
