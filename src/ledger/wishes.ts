import { type Database, sql } from '../database/sql.js';
import type { Caller } from '../access/caller.js';
import { NOBODY, ownerOf } from './owner.js';
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

/** A key, and those of the same project: they act for each other. */
export type Wisher = Pick<Caller, 'key_id' | 'fellows'>;
const keysOf = ({ key_id, fellows = [] }: Wisher) => [key_id ?? NOBODY, ...fellows];

/** Those of the jobs that any key but these wants. A key that is not valid any more wants nothing. */
export async function wantedByOthers(tx: Database, jobIds: string[], by: Wisher): Promise<Set<string>> {
  const wanted = await sql<{ job_id: string }>(
    tx,
    `SELECT DISTINCT job_id FROM (
       SELECT job_id, api_key_id, withdrawn_at FROM job_requesters WHERE job_id = ANY($1::uuid[])
       UNION ALL SELECT id, api_key_id, NULL FROM generation_jobs AS job WHERE id = ANY($1::uuid[]) AND NOT EXISTS (
         SELECT 1 FROM job_requesters AS own WHERE own.job_id = job.id
         AND ${ownerOf('own.api_key_id')} = ${ownerOf('job.api_key_id')}
       )) AS asked
     WHERE withdrawn_at IS NULL AND ${ownerOf('api_key_id')} <> ALL($2::uuid[]) AND (${HAS_KEY})`,
    [jobIds, keysOf(by)],
  );
  return new Set(wanted.map(({ job_id }) => job_id));
}

/** Withdraws the wishes of these keys; their endpoints get no more messages about the jobs, whose rows are locked. */
export async function withdraw(tx: Database, jobs: GenerationJob[], by: Wisher): Promise<void> {
  if (jobs.length === 0) return;
  const ids = jobs.map(({ id }) => id);
  const keys = keysOf(by);
  const made = jobs.filter(({ api_key_id }) => keys.includes(api_key_id ?? NOBODY));
  const own = `job_id = ANY($1::uuid[]) AND ${ownerOf('api_key_id')} = ANY($2::uuid[])`;
  if (made.length > 0)
    await sql(
      tx,
      `INSERT INTO job_requesters (job_id, api_key_id) SELECT * FROM unnest($1::uuid[], $2::uuid[])
       ON CONFLICT DO NOTHING`,
      [made.map(({ id }) => id), made.map(({ api_key_id }) => api_key_id)],
    );
  await sql(tx, `UPDATE job_requesters SET withdrawn_at = COALESCE(withdrawn_at, now()) WHERE ${own}`, [ids, keys]);
  await sql(tx, `DELETE FROM job_webhooks WHERE ${own}`, [ids, keys]);
}
