import { v7 as uuidv7 } from 'uuid';
import { type Database, sql } from '../database/sql.js';
import { inTransaction } from '../database/transaction.js';
import type { Webhook } from '../webhooks/endpoint.js';
import { subscribe } from '../webhooks/subscriptions.js';
import type { GenerationJob, JobRequest } from './generation-job.entity.js';
import type { ContextTag, EntityKind, Locale } from './vocabulary.js';
import { want } from './wishes.js';

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

/** The latest deadline of each subject, seconds; `undefined` where one of its submissions has none. */
function latestDeadlines(submissions: Submission[]): Map<string, number | undefined> {
  const latest = new Map<string, number | undefined>();
  for (const { subject, deadlineSeconds } of submissions) {
    const key = keyOf(subject);
    const known = latest.has(key) ? latest.get(key) : 0;
    const later = known === undefined || deadlineSeconds === undefined ? undefined : Math.max(known, deadlineSeconds);
    latest.set(key, later);
  }
  return latest;
}

/**
 * The accept path: one INSERT for all submissions; those whose subject is active join the active job, equal ones share one,
 * made as the first of them says. Of all who share a job the latest deadline holds.
 * @param db a transaction where a submission has a webhook
 * @returns the job of each submission, in their order; those that are new; those whose deadline was put off
 */
export async function insertOrJoin(
  db: Database,
  submissions: Submission[],
  origin: Origin,
  tries: number,
): Promise<{ jobs: GenerationJob[]; created: GenerationJob[]; postponed: GenerationJob[] }> {
  const found = new Map<string, GenerationJob>();
  const created: GenerationJob[] = [];
  const postponed: GenerationJob[] = [];
  const deadlines = latestDeadlines(submissions);
  const records = submissions
    .map((submission) => ({ ...submission, deadlineSeconds: deadlines.get(keyOf(submission.subject)), id: uuidv7() }))
    .sort(bySubject);
  for (let round = 0; round < ROUNDS; round++) {
    const missing = records.filter(({ subject }) => !found.has(keyOf(subject)));
    const inserted = await insert(db, missing, origin, tries);
    created.push(...inserted);
    for (const job of inserted) found.set(keyOf(job), job);
    const taken = missing.filter(({ subject }) => !found.has(keyOf(subject)));
    const joined = taken.length > 0 ? await join(db, taken, origin.api_key_id) : { jobs: [], postponed: [] };
    for (const job of joined.jobs) found.set(keyOf(job), job);
    postponed.push(...joined.postponed);
    const jobs = submissions.map(({ subject }) => found.get(keyOf(subject)));
    if (!jobs.every((job) => job !== undefined)) continue;
    const ended = await subscribe(db, submissions, jobs, origin.api_key_id);
    if (ended.size === 0) return { jobs, created, postponed };
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
    `INSERT INTO generation_jobs (id, ${SUBJECT}, request, max_attempts, request_id, traceparent, api_key_id, deadline_at, wait_seconds)
     SELECT id, ${SUBJECT}, request, max_attempts, request_id, traceparent, api_key_id, now() + make_interval(secs => deadline_seconds), 0
     FROM jsonb_to_recordset($1::jsonb) AS item (id uuid, entity text, requested_slug text, locale text, context_tag text,
       request jsonb, max_attempts smallint, request_id text, traceparent text, api_key_id uuid, deadline_seconds integer)
     ON CONFLICT (${SUBJECT}) WHERE ${ACTIVE} DO NOTHING RETURNING *`,
    [JSON.stringify(rows)],
  );
}

const ACTIVE_JOBS = `SELECT job.* FROM jsonb_to_recordset($1::jsonb) AS item (entity text, requested_slug text, locale text, context_tag text)
  JOIN generation_jobs AS job USING (${SUBJECT}) WHERE job.${ACTIVE}`;

const subjectsOf = (submissions: Submission[]) => JSON.stringify(submissions.map(({ subject }) => subject));

/** Has `keyId` want the active jobs of these subjects, and gives each the later deadline: none beats any. */
function join(db: Database, taken: Submission[], keyId: string | null) {
  const submissions = [...new Map(taken.map((submission) => [keyOf(submission.subject), submission])).values()];
  return inTransaction(db, async (tx) => {
    // In order of their ids: two batches never wait for each other.
    const jobs = await sql<GenerationJob>(tx, `${ACTIVE_JOBS} ORDER BY job.id FOR NO KEY UPDATE OF job`, [
      subjectsOf(submissions),
    ]);
    await want(tx, jobs, keyId);
    const dated = jobs.filter(({ deadline_at }) => deadline_at !== null);
    const postponed = dated.length > 0 ? await postpone(tx, dated, submissions) : [];
    const changed = new Map(postponed.map((job) => [job.id, job]));
    return { jobs: jobs.map((job) => changed.get(job.id) ?? job), postponed };
  });
}

/** @returns the jobs whose deadline was put off */
function postpone(tx: Database, jobs: GenerationJob[], submissions: Submission[]): Promise<GenerationJob[]> {
  const wished = new Map(submissions.map(({ subject, deadlineSeconds }) => [keyOf(subject), deadlineSeconds]));
  const wishes = jobs.map((job) => ({ id: job.id, seconds: wished.get(keyOf(job)) ?? null }));
  return sql<GenerationJob>(
    tx,
    `UPDATE generation_jobs AS job SET deadline_at = now() + make_interval(secs => wish.seconds), revision = revision + 1
     FROM jsonb_to_recordset($1::jsonb) AS wish (id uuid, seconds integer)
     WHERE job.id = wish.id AND (wish.seconds IS NULL OR job.deadline_at < now() + make_interval(secs => wish.seconds))
     RETURNING job.*`,
    [JSON.stringify(wishes)],
  );
}

/** How many jobs the submissions would make at this moment: one for each subject that has no active job. */
export async function countNew(db: Database, submissions: Submission[]): Promise<number> {
  const known = await sql<GenerationJob>(db, ACTIVE_JOBS, [subjectsOf(submissions)]);
  const subjects = new Set(submissions.map(({ subject }) => keyOf(subject)));
  for (const job of known) subjects.delete(keyOf(job));
  return subjects.size;
}
