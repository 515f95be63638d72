import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Origin } from '../access/origin.js';
import { Config } from '../config/config.js';
import type { Database } from '../database/sql.js';
import { afterCommit, inTransaction } from '../database/transaction.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { countNew, insertNew, joinActive, type NewJob, subjectKey } from '../ledger/insert.js';
import { JobsService } from '../ledger/jobs.service.js';
import type { Webhook } from '../webhooks/endpoint.js';
import { subscribe } from '../webhooks/subscriptions.js';
import { UnfinishedCap } from './unfinished-cap.js';

/** One accepted item, ready for the ledger. */
export interface Submission extends NewJob {
  /** Take the finished job of the text that is there instead of having a new one written. */
  reuse?: boolean;
  /** Whom to tell how it goes. */
  webhook?: Webhook;
  /** JSON Pointer of the item within the request; missing: it is the request. */
  at?: string;
}

/** A job, and whether it is an old one whose result is reused. */
export interface Submitted {
  job: GenerationJob;
  reused: boolean;
}

/** Rounds of insert and look-up; a subject may finish in between. */
const ROUNDS = 10;

/** Commits requests for texts as jobs. */
@Injectable()
export class Submissions {
  constructor(
    private readonly db: DataSource,
    private readonly jobs: JobsService,
    private readonly cap: UnfinishedCap,
    private readonly config: Config,
  ) {}

  /**
   * Commits them, or finds the active job for the same subject, which the key then shares; all or none when `db` is a
   * transaction.
   * @returns the job of each, in their order
   * @throws ProblemException 429 when the key would have too many unfinished jobs
   */
  async submit(submissions: Submission[], origin: Origin, db: Database = this.db): Promise<GenerationJob[]> {
    const accept = async (on: Database) => {
      const { jobs, created, postponed } = await this.cap.within(
        { db: on, keyId: origin.api_key_id, jobs: submissions.length, exactly: () => countNew(on, submissions) },
        () => insertOrJoin(on, submissions, origin, this.config.tries),
        (made) => made.created.length,
      );
      if (created.length > 0) await afterCommit(on, () => this.jobs.accepted(created, origin));
      for (const job of postponed) await afterCommit(on, () => this.jobs.changed(job));
      return jobs;
    };
    // Whom to tell is a second statement, and one transaction with the first. Where nobody is, there is neither.
    return submissions.some(({ webhook }) => webhook) ? inTransaction(db, accept) : accept(db);
  }
}

/** One order for everybody: requests that overlap wait for each other, but never in a circle. */
function bySubject(a: Submission, b: Submission): number {
  const [first, second] = [subjectKey(a.subject), subjectKey(b.subject)];
  return first === second ? 0 : first < second ? -1 : 1;
}

/** The latest deadline of each subject, seconds; `undefined` where one of its submissions has none. */
function latestDeadlines(submissions: Submission[]): Map<string, number | undefined> {
  const latest = new Map<string, number | undefined>();
  for (const { subject, deadlineSeconds } of submissions) {
    const key = subjectKey(subject);
    const known = latest.has(key) ? latest.get(key) : 0;
    const later = known === undefined || deadlineSeconds === undefined ? undefined : Math.max(known, deadlineSeconds);
    latest.set(key, later);
  }
  return latest;
}

/**
 * The accept path: one INSERT for all submissions; those whose subject is active join the active job, equal ones
 * share one, made as the first of them says. Of all who share a job the latest deadline holds.
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
    .map((submission) => ({
      ...submission,
      deadlineSeconds: deadlines.get(subjectKey(submission.subject)),
      id: uuidv7(),
    }))
    .sort(bySubject);
  for (let round = 0; round < ROUNDS; round++) {
    const missing = records.filter(({ subject }) => !found.has(subjectKey(subject)));
    const inserted = await insertNew(db, missing, origin, tries);
    created.push(...inserted);
    for (const job of inserted) found.set(subjectKey(job), job);
    const taken = missing.filter(({ subject }) => !found.has(subjectKey(subject)));
    const joined = taken.length > 0 ? await joinActive(db, taken, origin.api_key_id) : { jobs: [], postponed: [] };
    for (const job of joined.jobs) found.set(subjectKey(job), job);
    postponed.push(...joined.postponed);
    const jobs = submissions.map(({ subject }) => found.get(subjectKey(subject)));
    if (!jobs.every((job) => job !== undefined)) continue;
    const ended = await subscribe(db, submissions, jobs, origin.api_key_id);
    if (ended.size === 0) return { jobs, created, postponed };
    for (const [key, { id }] of found) if (ended.has(id)) found.delete(key);
  }
  throw new Error(`a subject kept changing hands for ${ROUNDS} rounds`);
}
