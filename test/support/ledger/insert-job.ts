import { v7 as uuidv7 } from 'uuid';
import { KINDS } from '../../../src/domain/kinds.js';
import { slugOf } from '../../../src/domain/slug.js';
import { isFinished } from '../../../src/domain/vocabulary.js';
import type { GenerationJob, JobError } from '../../../src/ledger/generation-job.entity.js';

type Columns = Omit<GenerationJob, 'request' | 'queue_position' | 'hold' | 'result' | 'error' | 'history'>;

/** What a test says of a job. The rest is as the program accepts one, and as its status demands it. */
export interface NewJob extends Partial<Columns> {
  /** Of the film or the person; one that no other job has. */
  title?: string;
  /** Default 2000. */
  year?: number | null;
  result?: object;
  error?: Partial<JobError>;
  history?: object[];
}

interface Database {
  query: (text: string, values: unknown[]) => Promise<unknown>;
}

export const fromNow = (seconds: number) => new Date(Date.now() + seconds * 1000);
export const ago = (seconds: number) => fromNow(-seconds);

/** Jobs that differ in nothing but what is asked for. */
export const alike = (count: number, job: NewJob = {}) => Array.from({ length: count }, () => job);

/** Puts a job into the ledger in the state that `status` says; PENDING and due at once, unless it is said. */
export async function insertJob(db: Database, job: NewJob = {}): Promise<string> {
  const [id] = await insertJobs(db, [job]);
  return id!;
}

/** Many in one statement; tens of thousands are faster by generate_series. @returns their ids, in the same order */
export async function insertJobs(db: Database, jobs: NewJob[]): Promise<string[]> {
  const rows = jobs.map(rowOf);
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].join(', ');
  await db.query(
    `WITH job AS (
       INSERT INTO generation_jobs (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(NULL::generation_jobs, $1))
     INSERT INTO failed_jobs (uuid, job_id, connection, queue, name, payload, exception, attempts)
     SELECT uuid, job_id, connection, queue, name, payload, exception, attempts
     FROM jsonb_populate_recordset(NULL::failed_jobs, $2)`,
    [JSON.stringify(rows), JSON.stringify(rows.filter(({ status }) => status === 'FAILED').map(failedRowOf))],
  );
  return rows.map(({ id }) => id);
}

function rowOf({ title, year = 2000, ...columns }: NewJob) {
  const id = columns.id ?? uuidv7();
  const subject = title ?? `Job ${id}`;
  const { status = 'PENDING', ...named } = columns;
  const states = { ...demandedBy(status), ...named };
  return {
    id,
    entity: 'MOVIE' as const,
    requested_slug: slugOf(subject, year),
    locale: 'en-US',
    context_tag: 'DEFAULT',
    request: { subject, year },
    max_attempts: 3,
    attempts: 0,
    crashes: 0,
    history: [],
    request_id: 'test',
    status,
    run_at: new Date(),
    // Nothing ends or starts before it was asked for.
    created_at: earliest(new Date(), states.started_at, states.finished_at),
    ...states,
  };
}

type Row = ReturnType<typeof rowOf>;

/** Its CHECKs, and what its last worker has written. */
function demandedBy(status: GenerationJob['status']): NewJob {
  const now = new Date();
  if (status === 'IN_PROGRESS')
    return {
      attempts: 1,
      started_at: now,
      worker: 'somebody:1',
      history: [{ attempt: 1, worker: 'somebody:1', started_at: now }],
      lease_token: uuidv7(),
      lease_expires_at: fromNow(3600),
      wait_seconds: 3600,
    };
  return {
    ...(isFinished(status) && { finished_at: now }),
    ...(status === 'DONE' && { result: {} }),
    ...(status === 'FAILED' && {
      error: { type: 'UNKNOWN_ERROR', message: 'x', retryable: true, attempt: 1 },
    }),
  };
}

/** As the transaction writes it that makes a job FAILED. */
function failedRowOf({ id, entity, requested_slug, locale, context_tag, request, error, attempts }: Row) {
  return {
    uuid: uuidv7(),
    job_id: id,
    connection: DRIVER,
    queue: KINDS[entity].queue,
    name: KINDS[entity].jobName,
    payload: { job_id: id, entity, requested_slug, locale, context_tag, request },
    exception: `${error?.type}: ${error?.message}`,
    attempts,
  };
}

const earliest = (...times: (Date | null | undefined)[]) =>
  new Date(Math.min(...times.flatMap((time) => (time ? [time.getTime()] : []))));
