import { type Database, sql } from '../database/sql.js';
import { unprocessable } from '../http/problem.js';
import { ownerOf } from '../ledger/owner.js';
import type { Webhook } from './endpoint.js';

/** Endpoints of one key that a job tells. Each request that joins a job may bring one; this bounds what it sets off. */
const MAX_A_JOB = 20;

/** Of a submission, what concerns its webhook. */
interface Wish {
  webhook?: Webhook;
  at?: string;
}

/**
 * Writes who wants to be told of these jobs, in the transaction that accepts them. Jobs are locked, so that one that
 * ends at this moment either ends afterwards and tells, or is found to be finished. A second wish for the same URL
 * adds its events.
 * @param jobs of each wish, in their order
 * @returns jobs that are finished by now: nobody was subscribed to them
 * @throws ProblemException 422 when a job would tell more than {@link MAX_A_JOB} endpoints
 */
export async function subscribe(
  tx: Database,
  wishes: Wish[],
  jobs: { id: string }[],
  apiKeyId: string | null,
): Promise<Set<string>> {
  const wanted = wishes.flatMap(({ webhook, at = '' }, n) =>
    webhook ? [{ job_id: jobs[n]!.id, at, ...webhook }] : [],
  );
  if (wanted.length === 0) return new Set();
  const ids = wanted.map(({ job_id }) => job_id);
  // In order of their ids: two batches never wait for each other.
  const active = await sql<{ id: string }>(
    tx,
    `SELECT id FROM generation_jobs WHERE id = ANY($1::uuid[]) AND status IN ('PENDING', 'IN_PROGRESS') ORDER BY id
      FOR NO KEY UPDATE`,
    [ids],
  );
  const held = new Set(active.map(({ id }) => id));
  await insert(
    tx,
    wanted.filter(({ job_id }) => held.has(job_id)),
    apiKeyId,
  );
  const crowded = await jobsWithTooMany(tx, ids, apiKeyId);
  if (crowded.size > 0) throw tooMany(wanted.find(({ job_id }) => crowded.has(job_id))!.at);
  return new Set(ids.filter((id) => !held.has(id)));
}

async function insert(tx: Database, rows: (Webhook & { job_id: string })[], apiKeyId: string | null): Promise<void> {
  await sql(
    tx,
    `INSERT INTO job_webhooks (id, job_id, api_key_id, url, events)
       SELECT uuid_v7_of_now(), job_id, $2::uuid, url, array_agg(DISTINCT event)
       FROM jsonb_to_recordset($1::jsonb) AS wanted (job_id uuid, url text, events text[]), unnest(events) AS event
       GROUP BY job_id, url
     ON CONFLICT (job_id, url, ${ownerOf('api_key_id')})
       DO UPDATE SET events = ARRAY(SELECT DISTINCT unnest(job_webhooks.events || EXCLUDED.events))`,
    [JSON.stringify(rows), apiKeyId],
  );
}

async function jobsWithTooMany(tx: Database, ids: string[], apiKeyId: string | null): Promise<Set<string>> {
  const crowded = await sql<{ job_id: string }>(
    tx,
    `SELECT job_id FROM job_webhooks WHERE job_id = ANY($1::uuid[])
      AND ${ownerOf('api_key_id')} = ${ownerOf('$2::uuid')}
     GROUP BY job_id HAVING count(*) > $3`,
    [ids, apiKeyId, MAX_A_JOB],
  );
  return new Set(crowded.map(({ job_id }) => job_id));
}

const tooMany = (at: string) =>
  unprocessable([
    { pointer: `${at}/webhook_url`, detail: `is one too many: a job tells ${MAX_A_JOB} endpoints at most` },
  ]);
