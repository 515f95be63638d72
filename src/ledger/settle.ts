import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Config } from '../config/config.js';
import { isForgotten } from '../database/prepared.js';
import { type Database, sql } from '../database/sql.js';
import { isOrphaned } from '../database/transaction.js';
import type { GenerationFailure } from '../domain/failure.js';
import type { CallUsage } from '../domain/usage.js';
import { FailedRows } from './failed-rows.js';
import { SPENT } from './fleet-bounds.js';
import type { GenerationJob, JobError, JobResult } from './generation-job.entity.js';
import { FREE } from './jobs.service.js';
import { RECOVERIES } from './recoveries.js';
import { ADDED, NOT_TOLD, USES_OF } from './uses.js';
import { AT_ONCE } from './waits.js';

/** What is the same of every claim's result. */
interface Ended {
  job: GenerationJob;
  /** What the model used; missing: it was not called, or did not say. */
  call?: CallUsage;
  /** The model whose service is well: it has answered, whatever the answer was. Missing: it has not. */
  answered?: string;
  /** What the service of the model said of itself, for operators. */
  reason?: string;
  /** What went wrong, for the log and the trace alone. */
  cause?: GenerationFailure;
}

/** The result of a claim. */
export type Outcome<Result> = Ended &
  (
    | { kind: 'done'; call: CallUsage; result: Result }
    /** The try failed; another follows after `delayMs`. */
    | { kind: 'retry'; error: JobError; delayMs: number }
    /** The last try failed, or no further one would help. */
    | { kind: 'failed'; error: JobError }
    /**
     * The worker stops or could not do its part, or the model's service is in trouble: no try is counted. The job is
     * due again after `delayMs`; missing: at once, in its old place.
     */
    | { kind: 'handBack'; error?: JobError; delayMs?: number; refused?: true }
  );

/** Writes results as part of a transaction; one answer for each, in their order. */
type Store<Result> = (tx: EntityManager, results: Result[]) => Promise<JobResult[]>;

/** What an outcome changes in its job. */
interface Change {
  id: string;
  token: string;
  status: 'DONE' | 'PENDING' | 'FAILED';
  stage: 'DONE' | 'QUEUED' | null;
  entry: object;
  slug: string | null;
  result: JobResult | null;
  error: JobError | null;
  /** Seconds that a job waits that is PENDING again; `null`: it is due as soon as before. */
  wait: number | null;
  /** Tries to subtract, because they do not count. */
  uncounted: number;
  answered: string | null;
}

/**
 * Claims that still hold their lease. It takes no locks: storing may take long, and a request that joins or cancels a
 * job must not wait for it. The statements that store find rows by their keys, so one plan fits all values.
 */
const FENCE = `SELECT job.id, set_config('plan_cache_mode', 'force_generic_plan', true) FROM generation_jobs AS job
  JOIN unnest($1::uuid[], $2::uuid[]) AS claim (id, token) USING (id)
  WHERE job.status = 'IN_PROGRESS' AND job.lease_token = claim.token`;

/** The worker that took the job over has stored its result already. */
const isSecondResult = (error: unknown) => (error as { constraint?: string }).constraint?.endsWith('_one_per_job');
/** A lease was lost between the fence and the change of the job. */
const LEASE_LOST = new Error('lease lost');

/**
 * Ends claims. `again`: the job waits again, under a new id in the queue. It locks the rows in the order of their ids
 * first, as a request that joins several jobs does. So no two wait for each other.
 */
const SETTLE = (more: string) => `WITH change AS MATERIALIZED (
    SELECT *, status = 'PENDING' AS again FROM jsonb_to_recordset($1::jsonb) AS one (id uuid, token uuid, status text,
      stage text, entry jsonb, slug text, result jsonb, error jsonb, wait float8, uncounted smallint,
      answered text)),
  held AS MATERIALIZED (SELECT job.id, job.api_key_id, job.entity, change.entry, answered AS model,
      ${NOT_TOLD('change.entry', 'history -> -1')} AS rest, (history -> -1 ->> 'started_at')::timestamptz AS began
    FROM generation_jobs AS job JOIN change USING (id)
    WHERE job.status = 'IN_PROGRESS' AND job.lease_token = change.token ORDER BY job.id FOR NO KEY UPDATE OF job),
  used AS (${USES_OF('held')}),
  ${RECOVERIES}${more}
  UPDATE generation_jobs AS job SET status = change.status, stage = COALESCE(change.stage, job.stage), ${FREE},
    slug = COALESCE(change.slug, job.slug), result = COALESCE(change.result, job.result),
    usage = ${ADDED('job.usage', 'held.rest')},
    error = COALESCE(change.error, job.error), attempts = job.attempts - change.uncounted,
    history = jsonb_set(job.history, '{-1}',
      (job.history -> -1) || change.entry || jsonb_build_object('finished_at', now())),
    finished_at = CASE WHEN change.again THEN NULL ELSE GREATEST(now(), job.started_at) END,
    dispatch = job.dispatch + change.again::int,
    dispatched_at = CASE WHEN change.again THEN NULL ELSE job.dispatched_at END,
    run_at = CASE WHEN change.wait IS NOT NULL THEN now() + make_interval(secs => change.wait)
      WHEN change.again THEN LEAST(job.run_at, now()) ELSE job.run_at END,
    wait_seconds = CASE WHEN change.again THEN COALESCE(change.wait, ${AT_ONCE}) ELSE job.wait_seconds END
  FROM change JOIN held USING (id) WHERE job.id = change.id AND job.status = 'IN_PROGRESS'
  AND job.lease_token = change.token RETURNING job.*`;

/**
 * Ends claims in one transaction: it asks the fence, stores the results, then changes the jobs. A claim that lost its
 * lease changes nothing. If that happens in between, all is rolled back and done again without it.
 */
@Injectable()
export class Settlement {
  private readonly statement: string;

  constructor(
    private readonly db: DataSource,
    private readonly failed: FailedRows,
    { fleet }: Config,
  ) {
    this.statement = SETTLE(fleet.tokensPerMinute > 0 ? SPENT : '');
  }

  /**
   * The caller publishes them.
   * @returns the job of each outcome as it is now, in their order; `null`: its lease was lost
   */
  async settle<Result>(outcomes: Outcome<Result>[], store: Store<Result>): Promise<(GenerationJob | null)[]> {
    // Outcomes that store nothing take one statement, which contains the fence.
    const isOne = outcomes.every(({ kind }) => kind === 'retry' || kind === 'handBack');
    const rows = await (isOne
      ? this.change(
          this.db,
          outcomes.map((outcome) => changeOf(outcome, null)),
        )
      : this.settleAll(outcomes, store));
    const byId = new Map(rows.map((row) => [row.id, row]));
    return outcomes.map(({ job }) => byId.get(job.id) ?? null);
  }

  private async settleAll<Result>(outcomes: Outcome<Result>[], store: Store<Result>): Promise<GenerationJob[]> {
    // In each round at least one lease less is held, or statements are prepared anew, or what was removed is not found.
    let last: unknown;
    for (let round = 0; round <= outcomes.length; round++) {
      try {
        return await this.db.transaction((tx) => this.settleIn(tx, outcomes, store));
      } catch (error) {
        const passes = error === LEASE_LOST || isSecondResult(error) || isForgotten(error) || isOrphaned(error);
        if (!passes) throw error;
        last = error;
      }
    }
    throw new Error('leases kept getting lost', { cause: last });
  }

  private async settleIn<Result>(
    tx: EntityManager,
    outcomes: Outcome<Result>[],
    store: Store<Result>,
  ): Promise<GenerationJob[]> {
    const held = await this.heldOf(tx, outcomes);
    const done = held.filter((outcome) => outcome.kind === 'done');
    const results =
      done.length > 0
        ? await store(
            tx,
            done.map(({ result }) => result),
          )
        : [];
    const stored = new Map<Outcome<Result>, JobResult>(done.map((outcome, n) => [outcome, results[n]!]));
    const rows = await this.change(
      tx,
      held.map((outcome) => changeOf(outcome, stored.get(outcome) ?? null)),
    );
    if (rows.length < held.length) throw LEASE_LOST; // rolls back what was stored
    await this.failed.add(
      tx,
      rows.filter(({ status }) => status === 'FAILED'),
    );
    return rows;
  }

  private async heldOf<Result>(tx: EntityManager, outcomes: Outcome<Result>[]): Promise<Outcome<Result>[]> {
    const claims = [outcomes.map(({ job }) => job.id), outcomes.map(({ job }) => job.lease_token)];
    const rows = await sql<{ id: string }>(tx, FENCE, claims);
    const held = new Set(rows.map(({ id }) => id));
    return outcomes.filter(({ job }) => held.has(job.id));
  }

  private async change(db: Database, changes: Change[]): Promise<GenerationJob[]> {
    if (changes.length === 0) return [];
    return sql<GenerationJob>(db, this.statement, [JSON.stringify(changes)]);
  }
}

function changeOf<Result>(outcome: Outcome<Result>, result: JobResult | null): Change {
  const { job, call, answered = null, reason } = outcome;
  const nothing = { stage: null, slug: null, result: null, error: null, wait: null, uncounted: 0 };
  const common = { ...nothing, id: job.id, token: job.lease_token!, answered };
  const told = reason ? { reason } : {};
  const entry = (how: string, error?: JobError) => ({ outcome: how, ...call, ...(error && { error }), ...told });
  switch (outcome.kind) {
    case 'done':
      return { ...common, status: 'DONE', stage: 'DONE', entry: entry('DONE'), slug: result!.slug, result };
    case 'retry': {
      const { error, delayMs } = outcome;
      return { ...common, status: 'PENDING', stage: 'QUEUED', entry: entry('FAILED', error), wait: delayMs / 1000 };
    }
    case 'failed':
      return { ...common, status: 'FAILED', entry: entry('FAILED', outcome.error), error: outcome.error };
    default: {
      const { error, delayMs, refused } = outcome;
      const back = { status: 'PENDING', stage: 'QUEUED', uncounted: 1 } as const;
      const wait = delayMs === undefined ? null : delayMs / 1000;
      return { ...common, ...back, entry: { ...entry('HANDED_BACK', error), ...(refused && { refused }) }, wait };
    }
  }
}
