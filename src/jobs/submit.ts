import { v7 as uuidv7 } from 'uuid';
import { type Database, sql } from '../database/sql.js';
import type { Webhook } from '../webhooks/endpoint.js';
import { subscribe } from '../webhooks/subscriptions.js';
import type { GenerationJob, JobRequest } from './generation-job.entity.js';
import type { ContextTag, EntityKind, Locale } from './vocabulary.js';

/** What is asked for. While a job for it is active there is no second one. */
export interface Subject {
  entity: EntityKind;
  requested_slug: string;
  locale: Locale;
  context_tag: ContextTag;
}

/** Where the request came from; follows it into the worker's log lines. */
export interface Origin {
  request_id: string;
  traceparent: string | null;
  api_key_id: string | null;
}

/** One accepted item, ready for the ledger. */
export interface Submission {
  subject: Subject;
  request: JobRequest;
  /** Take the finished job of the text that is there instead of having a new one written. */
  reuse?: boolean;
  /** Not started within so many seconds, it ends EXPIRED. */
  deadlineSeconds?: number;
  /** Whom to tell how it goes. */
  webhook?: Webhook;
  /** JSON Pointer of the item within the request; missing: it is the request. */
  at?: string;
}

export const ACTIVE = `status IN ('PENDING', 'IN_PROGRESS')`;
/** Rounds of insert and look-up; a subject may finish in between. */
const ROUNDS = 10;
const SUBJECT = 'entity, requested_slug, locale, context_tag';

const keyOf = ({ entity, requested_slug, locale, context_tag }: Subject) =>
  [entity, requested_slug, locale, context_tag].join(' ');
/** One order for everybody: requests that overlap wait for each other, but never in a circle. */
function bySubject(a: Submission, b: Submission): number {
  const [first, second] = [keyOf(a.subject), keyOf(b.subject)];
  return first === second ? 0 : first < second ? -1 : 1;
}

/**
 * The accept path: one INSERT for all submissions; those whose subject is active join the active job, equal ones share one,
 * made as the first of them says.
 * @param db a transaction where a submission has a webhook
 * @returns the job of each submission, in their order, and those that are new
 */
export async function insertOrJoin(
  db: Database,
  submissions: Submission[],
  origin: Origin,
  tries: number,
): Promise<{ jobs: GenerationJob[]; created: GenerationJob[] }> {
  const found = new Map<string, GenerationJob>();
  const created: GenerationJob[] = [];
  const records = submissions.map((submission) => ({ ...submission, id: uuidv7() })).sort(bySubject);
  for (let round = 0; round < ROUNDS; round++) {
    const missing = records.filter(({ subject }) => !found.has(keyOf(subject)));
    const inserted = await insert(db, missing, origin, tries);
    created.push(...inserted);
    for (const job of inserted) found.set(keyOf(job), job);
    const taken = missing.filter(({ subject }) => !found.has(keyOf(subject)));
    for (const job of taken.length > 0 ? await active(db, taken) : []) found.set(keyOf(job), job);
    const jobs = submissions.map(({ subject }) => found.get(keyOf(subject)));
    if (!jobs.every((job) => job !== undefined)) continue;
    const ended = await subscribe(db, submissions, jobs, origin.api_key_id);
    if (ended.size === 0) return { jobs, created };
    for (const [key, { id }] of found) if (ended.has(id)) found.delete(key);
  }
  throw new Error(`a subject kept changing hands for ${ROUNDS} rounds`);
}

function insert(db: Database, submissions: (Submission & { id: string })[], origin: Origin, tries: number) {
  const rows = submissions.map(({ id, subject, request, deadlineSeconds }) => ({
    ...subject,
    ...origin,
    id,
    request,
    max_attempts: tries,
    deadline_seconds: deadlineSeconds,
  }));
  return sql<GenerationJob>(
    db,
    `INSERT INTO generation_jobs (id, ${SUBJECT}, request, max_attempts, request_id, traceparent, api_key_id, deadline_at)
     SELECT id, ${SUBJECT}, request, max_attempts, request_id, traceparent, api_key_id, now() + make_interval(secs => deadline_seconds)
     FROM jsonb_to_recordset($1::jsonb) AS item (id uuid, entity text, requested_slug text, locale text, context_tag text,
       request jsonb, max_attempts smallint, request_id text, traceparent text, api_key_id uuid, deadline_seconds integer)
     ON CONFLICT (${SUBJECT}) WHERE ${ACTIVE} DO NOTHING RETURNING *`,
    [JSON.stringify(rows)],
  );
}

function active(db: Database, submissions: Submission[]): Promise<GenerationJob[]> {
  return sql<GenerationJob>(
    db,
    `SELECT job.* FROM jsonb_to_recordset($1::jsonb) AS item (entity text, requested_slug text, locale text, context_tag text)
     JOIN generation_jobs AS job USING (${SUBJECT}) WHERE job.${ACTIVE}`,
    [JSON.stringify(submissions.map(({ subject }) => subject))],
  );
}
