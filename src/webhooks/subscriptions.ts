import { type Database, sql } from '../database/sql.js';
import { unprocessable } from '../http/problem.js';
import { ownerOf } from '../ledger/owner.js';
import type { Webhook } from './endpoint.js';
import { BATCH_COMPLETED } from './events.js';

/**
 * Most endpoints of one key that a job tells. Each request that joins a job may bring one, so this limits the messages.
 */
const MAX_A_JOB = 20;

/** The part of a request for a text that concerns its webhook. */
interface Wish {
  webhook?: Webhook;
  /** JSON Pointer of the item within its request. */
  at?: string;
  origin: { api_key_id: string | null };
}

interface Subscription extends Webhook {
  job_id: string;
  api_key_id: string | null;
  at: string;
}

/**
 * Writes which endpoints are told of these jobs, in the transaction that accepts them. Jobs are locked. So a job that
 * ends at this moment either ends afterwards and tells, or is found to be finished. A second wish for the same URL adds
 * its events.
 * @param jobs the job of each wish, in their order
 * @returns jobs that are finished already: they tell none of these endpoints
 * @throws ProblemException 422 when a job would tell more than {@link MAX_A_JOB} endpoints
 */
export async function subscribe(tx: Database, wishes: Wish[], jobs: { id: string }[]): Promise<Set<string>> {
  const wanted = wishes.flatMap(({ webhook, at = '', origin: { api_key_id } }, n) =>
    webhook ? [{ job_id: jobs[n]!.id, api_key_id, at, ...webhook }] : [],
  );
  if (wanted.length === 0) return new Set();
  const ids = wanted.map(({ job_id }) => job_id);
  // In the order of their ids: two batches never wait for each other.
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
  );
  const crowded = await firstOfTooMany(tx, wanted);
  if (crowded) throw tooMany(crowded.at);
  return new Set(ids.filter((id) => !held.has(id)));
}

/** Writes which endpoint is told when the batch is completed, in the transaction that accepts it. */
export async function subscribeBatch(tx: Database, batch_id: string, apiKeyId: string | null, url: string) {
  await sql(
    tx,
    `INSERT INTO job_webhooks (id, batch_id, api_key_id, url, events)
     VALUES (uuid_v7_of_now(), $1, $2, $3, ARRAY['${BATCH_COMPLETED}'])`,
    [batch_id, apiKeyId, url],
  );
}

async function insert(tx: Database, rows: Subscription[]): Promise<void> {
  await sql(
    tx,
    `INSERT INTO job_webhooks (id, job_id, api_key_id, url, events)
       SELECT uuid_v7_of_now(), job_id, api_key_id, url, array_agg(DISTINCT event)
       FROM jsonb_to_recordset($1::jsonb) AS wanted (job_id uuid, api_key_id uuid, url text, events text[]),
         unnest(events) AS event
       GROUP BY job_id, api_key_id, url
     ON CONFLICT (job_id, url, ${ownerOf('api_key_id')})
       DO UPDATE SET events = ARRAY(SELECT DISTINCT unnest(job_webhooks.events || EXCLUDED.events))`,
    [JSON.stringify(rows)],
  );
}

/** The first endpoint whose key has too many endpoints at this job. */
async function firstOfTooMany(tx: Database, rows: Subscription[]): Promise<Subscription | undefined> {
  const crowded = await sql<{ job_id: string; api_key_id: string | null }>(
    tx,
    `SELECT job_id, api_key_id FROM job_webhooks WHERE job_id = ANY($1::uuid[])
     GROUP BY job_id, api_key_id HAVING count(*) > $2`,
    [rows.map(({ job_id }) => job_id), MAX_A_JOB],
  );
  return rows.find((row) =>
    crowded.some(({ job_id, api_key_id }) => job_id === row.job_id && api_key_id === row.api_key_id),
  );
}

const tooMany = (at: string) =>
  unprocessable([
    { pointer: `${at}/webhook_url`, detail: `is one too many: a job tells ${MAX_A_JOB} endpoints at most` },
  ]);
