import type { EntityKind } from '../domain/kinds.js';
import { type Database, sql } from '../database/sql.js';
import { inTransaction } from '../database/transaction.js';
import { COLUMNS, type GenerationJob, type JobRequest } from './generation-job.entity.js';
import type { ContextTag, Locale } from '../domain/vocabulary.js';
import { annotate, type Note } from './notes.js';
import { takeOver } from './take-over.js';
import { want, type Wish } from './wishes.js';
import type { Origin } from '../access/origin.js';
import type { Metadata } from '../domain/metadata.js';

/** The subject of a job. It has at most one active job. */
export interface Subject {
  entity: EntityKind;
  requested_slug: string;
  locale: Locale;
  context_tag: ContextTag;
}

/** A requested job. */
export interface NewJob {
  subject: Subject;
  request: JobRequest;
  /** A job that has not started within so many seconds ends EXPIRED. */
  deadlineSeconds?: number;
  /** What the request notes on it. */
  metadata?: Metadata;
}

export const ACTIVE = `status IN ('PENDING', 'IN_PROGRESS')`;
const SUBJECT = 'entity, requested_slug, locale, context_tag';

/** A key that is equal for equal subjects. */
export const subjectKey = ({ entity, requested_slug, locale, context_tag }: Subject) =>
  [entity, requested_slug, locale, context_tag].join(' ');

/** A requested job, and the origin of its request. */
export interface AskedJob extends NewJob, Note {
  /** The id of the job, if a new one is made. */
  id: string;
  origin: Origin;
}

/** Whether an `item` asks for what is blocked, by its slug or by an id. */
const IS_BLOCKED = `EXISTS (SELECT 1 FROM blocks AS block WHERE block.entity = item.entity
  AND (block.slugs @> ARRAY[COALESCE(item.request ->> 'slug', item.requested_slug)]
    OR block.imdb_id = item.request -> 'external_ids' ->> 'imdb'
    OR block.tmdb_id = (item.request -> 'external_ids' ->> 'tmdb')::integer))`;

const INSERT = `INSERT INTO generation_jobs (id, ${SUBJECT}, request, max_attempts, request_id, traceparent, api_key_id,
     deadline_at, wait_seconds, metadata)
   SELECT id, ${SUBJECT}, request, max_attempts, request_id, traceparent, api_key_id,
     now() + make_interval(secs => deadline_seconds), 0, metadata
   FROM jsonb_to_recordset($1::jsonb) AS item (id uuid, entity text, requested_slug text, locale text,
     context_tag text, request jsonb, max_attempts smallint, request_id text, traceparent text, api_key_id uuid,
     deadline_seconds integer, metadata jsonb)
   WHERE NOT ${IS_BLOCKED}
   ON CONFLICT (${SUBJECT}) WHERE ${ACTIVE} DO NOTHING RETURNING ${COLUMNS.join(', ')}`;

/**
 * Inserts jobs whose subject has no active job and is not blocked; of equal ones the first.
 * @returns the inserted jobs
 */
export function insertNew(db: Database, jobs: AskedJob[], tries: number) {
  const rows = jobs.map(({ id, subject, request, deadlineSeconds, origin, notes }) => ({
    ...subject,
    ...origin,
    id,
    request,
    max_attempts: tries,
    deadline_seconds: deadlineSeconds,
    metadata: notes ?? undefined,
  }));
  return sql<GenerationJob>(db, INSERT, [JSON.stringify(rows)]);
}

/** Those of the requests that ask for what is blocked. */
export async function blockedOf(db: Database, asked: NewJob[]): Promise<NewJob[]> {
  const items = asked.map(({ subject, request }, place) => ({ place, ...subject, request }));
  const rows = await sql<{ place: number }>(
    db,
    `SELECT place FROM jsonb_to_recordset($1::jsonb)
       AS item (place integer, entity text, requested_slug text, request jsonb) WHERE ${IS_BLOCKED}`,
    [JSON.stringify(items)],
  );
  return rows.map(({ place }) => asked[place]!);
}

const ACTIVE_JOBS = `SELECT job.*
  FROM jsonb_to_recordset($1::jsonb) AS item (entity text, requested_slug text, locale text, context_tag text)
  JOIN generation_jobs AS job USING (${SUBJECT}) WHERE job.${ACTIVE}`;

const subjectsOf = (submissions: NewJob[]) => JSON.stringify(submissions.map(({ subject }) => subject));

/**
 * Joins the active jobs of these subjects: notes the wishes and what the keys note, and gives each job the later
 * deadline. No deadline is later than any.
 * @param asked equal subjects must have one deadline, and the same notes
 * @throws ProblemException 422 when a key has noted too much
 */
export function joinActive(db: Database, asked: AskedJob[]) {
  const bySubject = new Map(asked.map((one) => [subjectKey(one.subject), one]));
  return inTransaction(db, async (tx) => {
    // In the order of their ids: two batches never wait for each other.
    const jobs = await sql<GenerationJob>(tx, `${ACTIVE_JOBS} ORDER BY job.id FOR NO KEY UPDATE OF job`, [
      subjectsOf([...bySubject.values()]),
    ]);
    const wishes = wishesOf(jobs, asked);
    await want(tx, wishes);
    const taken = await passOn(tx, wishes);
    const dated = jobs.filter(({ deadline_at }) => deadline_at !== null);
    const postponed = dated.length > 0 ? await postpone(tx, dated, [...bySubject.values()]) : [];
    const noted = await annotate(tx, notesOn(jobs, bySubject));
    const changed = new Map([...taken, ...postponed, ...noted].map((job) => [job.id, job]));
    return { jobs: jobs.map((job) => changed.get(job.id) ?? job), changed: [...changed.values()] };
  });
}

/** Jobs that wait because their key has spent its tokens may go on for a key that joins them. */
async function passOn(tx: Database, wishes: Wish[]): Promise<GenerationJob[]> {
  const others = wishes.filter(({ job, api_key_id }) => job.api_key_id !== null && job.api_key_id !== api_key_id);
  const ids = others.map(({ job }) => job.id);
  return ids.length > 0 ? takeOver(tx, ids) : [];
}

/** Which key wants which job. */
function wishesOf(jobs: GenerationJob[], asked: AskedJob[]): Wish[] {
  const bySubject = new Map(jobs.map((job) => [subjectKey(job), job]));
  return asked.flatMap(({ subject, origin }) => {
    const job = bySubject.get(subjectKey(subject));
    return job ? [{ job, api_key_id: origin.api_key_id }] : [];
  });
}

const notesOn = (jobs: GenerationJob[], asked: Map<string, AskedJob>) =>
  jobs.map((job) => {
    const { notes, at } = asked.get(subjectKey(job))!;
    return { job, notes, at };
  });

/** @returns the jobs whose deadline was postponed */
function postpone(tx: Database, jobs: GenerationJob[], submissions: NewJob[]): Promise<GenerationJob[]> {
  const wished = new Map(submissions.map(({ subject, deadlineSeconds }) => [subjectKey(subject), deadlineSeconds]));
  const wishes = jobs.map((job) => ({ id: job.id, seconds: wished.get(subjectKey(job)) ?? null }));
  return sql<GenerationJob>(
    tx,
    `UPDATE generation_jobs AS job
     SET deadline_at = now() + make_interval(secs => wish.seconds), revision = revision + 1
     FROM jsonb_to_recordset($1::jsonb) AS wish (id uuid, seconds integer)
     WHERE job.id = wish.id AND (wish.seconds IS NULL OR job.deadline_at < now() + make_interval(secs => wish.seconds))
     RETURNING job.*`,
    [JSON.stringify(wishes)],
  );
}

/** How many jobs the submissions would make now: one for each subject that has no active job. */
export async function countNew(db: Database, submissions: NewJob[]): Promise<number> {
  const known = await sql<GenerationJob>(db, ACTIVE_JOBS, [subjectsOf(submissions)]);
  const subjects = new Set(submissions.map(({ subject }) => subjectKey(subject)));
  for (const job of known) subjects.delete(subjectKey(job));
  return subjects.size;
}

/**
 * Inserts a finished job for each row of `orphan`: a text whose job was forgotten, with the origin of the request. It
 * is part of the statement that gives the text this job.
 */
export const doneJobs = (entity: EntityKind, textId: 'description_id' | 'bio_id') =>
  `INSERT INTO generation_jobs (id, entity, requested_slug, slug, locale, context_tag, request, status, stage,
     max_attempts, result, request_id, traceparent, api_key_id, started_at, finished_at)
   SELECT job_id, '${entity}', slug, slug, locale, context_tag, jsonb_build_object('subject', name, 'year', year),
     'DONE', 'DONE', max_attempts,
     jsonb_build_object('id', owner_id, 'slug', slug, '${textId}', id, 'version', version),
     request_id, traceparent, api_key_id, now(), now() FROM orphan`;
