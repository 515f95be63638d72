import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { v4 as uuidv4 } from 'uuid';
import { Config } from '../config/config.js';
import { isDatabaseUnavailable, isTransient } from '../database/sql.js';
import type { Loop } from '../timing/loop.js';
import { Loops } from '../timing/loops.js';
import { traceIdOf } from '../http/trace.js';
import { GenerationFailure } from '../domain/failure.js';
import type { Delivery } from '../domain/queues.js';
import { waitAfter } from '../timing/backoff.js';
import { drained } from '../timing/drained.js';
import { Pauses } from '../ledger/pauses.js';
import { WorkerRegistry } from './worker-registry.js';
import type { CallUsage } from '../domain/usage.js';
import type { GenerationJob, JobError } from '../ledger/generation-job.entity.js';
import { Claims } from '../ledger/claims.js';
import { JobsService } from '../ledger/jobs.service.js';
import type { Outcome } from '../ledger/settle.js';
import type { Result } from '../catalog/told.js';
import type { Generated } from '../generation/kind.js';
import { backOffMs } from './back-off.js';
import { Completions } from './completions.js';
import { LEASE_LOST, Leases, SHUTDOWN } from './leases.js';
import { type Hold, Throttle } from '../ledger/throttle.js';

type Work = (job: GenerationJob, signal: AbortSignal) => Promise<Generated>;

/** An outcome without a result, and the pause that the model's service asked for. */
type Failed = Extract<Outcome<Result>, { error: unknown }> & { retryAfterMs: number };

/** How often a worker that waits out a pause checks whether it must stop, milliseconds. */
const PAUSE_LOOK_MS = 500;
/**
 * How long a finished answer waits in memory for a database that is away, milliseconds. Meanwhile the worker has
 * nothing else to do.
 */
const DATABASE_PATIENCE_MS = 900_000;
/** Pauses before the same write is sent again. */
const DATABASE_AWAY = { firstMs: 50, longestMs: 2000 };

/**
 * Runs one delivery of a job, the same way for every kind:
 * 1. claim the row (a delivery that is stale, double or too early ends here);
 * 2. work, while the lease is renewed;
 * 3. settle the outcome: done, another try later, failed for good, or handed back.
 *
 * The queue only learns "done with this delivery": the row says what happens next.
 */
@Injectable()
export class JobRunner {
  private readonly logger = new Logger('Worker');
  private stopping = false;
  private readonly ran: Loop;

  constructor(
    private readonly jobs: JobsService,
    private readonly claims: Claims,
    private readonly leases: Leases,
    private readonly completions: Completions,
    private readonly throttle: Throttle,
    private readonly pauses: Pauses,
    private readonly registry: WorkerRegistry,
    private readonly config: Config,
    loops: Loops,
  ) {
    this.ran = loops.open('run-jobs');
  }

  /** Aborts the running calls; their jobs are handed back, and no new one is claimed. */
  stop(): void {
    this.stopping = true;
    this.leases.abortAll();
  }

  /** Settles when this worker holds nothing any more, or has handed nothing back for a while. */
  idle(patienceMs: number): Promise<void> {
    return drained(() => this.leases.size, patienceMs);
  }

  async run(delivery: Delivery, work: Work): Promise<void> {
    const job = await this.claim(delivery.job_id);
    if (!job?.lease_token) return;
    const signal = this.leases.hold(job.id, job.lease_token);
    try {
      const outcome = await this.outcomeOf(job, work, signal);
      if (outcome) await this.settle(outcome);
      else this.logLost('job cancelled or lease lost, call aborted', job);
    } finally {
      this.leases.release(job.lease_token);
    }
  }

  /** `null`: the lease was lost meanwhile. */
  private async outcomeOf(job: GenerationJob, work: Work, signal: AbortSignal): Promise<Outcome<Result> | null> {
    try {
      const { usage, result } = await work(job, signal);
      return { kind: 'done', job, call: usage, result };
    } catch (error) {
      if (signal.reason === LEASE_LOST) return null;
      if (signal.reason === SHUTDOWN || isDatabaseUnavailable(error)) return { kind: 'handBack', job };
      return this.failureOf(job, error, undefined);
    }
  }

  /** Whether the failure is worth another try. @param used known once the model has answered, whatever the answer is */
  private failureOf(job: GenerationJob, cause: unknown, used: CallUsage | undefined): Failed {
    const failure = GenerationFailure.from(cause);
    if (failure.type === 'UNKNOWN_ERROR') this.logger.error({ msg: 'job hit a defect', ...logFields(job), err: cause });
    const { type, retryable, message, usage: call = used, retryAfterMs, suggestions } = failure;
    const error: JobError = { type, message, retryable, attempt: job.attempts, ...(suggestions && { suggestions }) };
    const common = { job, call, error, retryAfterMs };
    if (!retryable || isLastAttempt(job)) return { ...common, kind: 'failed' };
    // The pause of the model's service is not part of this delay: it blocks the claim, so that it can be lifted.
    return { ...common, kind: 'retry', delayMs: backOffMs(job.attempts, this.config.backoffMs) };
  }

  /** Settles the outcome; if that fails, settles the failure. */
  private async settle(outcome: Outcome<Result> | Failed, isLast = false): Promise<void> {
    const { job, call } = outcome;
    try {
      const settled = await this.untilDatabaseAnswers(async () => {
        if ('retryAfterMs' in outcome && outcome.retryAfterMs > 0)
          await this.throttle.pause(outcome.retryAfterMs, outcome.error.message);
        return this.completions.settle(outcome);
      });
      this.logOutcome(outcome, settled);
    } catch (error) {
      if (isLast) throw error;
      const handBack = isDatabaseUnavailable(error) && outcome.kind === 'done';
      if (isDatabaseUnavailable(error) && !handBack) throw error;
      await this.settle(handBack ? { kind: 'handBack', job, call } : this.failureOf(job, error, call), true);
    }
  }

  private logOutcome(outcome: Outcome<Result> | Failed, settled: GenerationJob | null): void {
    const { job, kind } = outcome;
    if (!settled) return this.logLost('job cancelled or lease lost, result dropped', job);
    if (kind === 'handBack') return this.logger.log({ msg: 'job handed back', ...logFields(job) });
    if (kind === 'done')
      return this.logger.log({ msg: 'job done', ...logFields(job), slug: settled.slug, ...outcome.call });
    const { type } = outcome.error;
    if (kind === 'failed') return this.logger.warn({ msg: 'job failed', ...logFields(job), type });
    this.logger.warn({ msg: 'try failed', ...logFields(job), type, retry_in_ms: Math.round(outcome.delayMs) });
  }

  /**
   * Keeps the delivery while the model's service or an operator wants a pause. So the queue behind it waits as well,
   * because a worker takes no more deliveries than it has places.
   */
  private async claim(id: string): Promise<GenerationJob | null> {
    const token = uuidv4();
    for (;;) {
      if (this.stopping) {
        await this.jobs.undispatch(id);
        return null;
      }
      const job = await this.untilDatabaseAnswers(() => this.claims.claim(id, this.registry.name, token));
      if (job) return job;
      const hold = await this.untilDatabaseAnswers(() => this.throttle.findHold(id));
      if (!hold) return null;
      await this.waitOut(hold);
    }
  }

  /** Ends early when the worker is told to stop. */
  private async waitOut({ paused, throttledMs }: Hold): Promise<void> {
    if (throttledMs > 0) await sleep(Math.min(throttledMs, PAUSE_LOOK_MS));
    if (!paused) return;
    do await sleep(PAUSE_LOOK_MS);
    while (!this.stopping && (await this.untilDatabaseAnswers(() => this.pauses.isPaused(paused))));
  }

  private logLost(msg: string, job: GenerationJob): void {
    this.jobs.events.emit('lost', job);
    this.logger.warn({ msg, ...logFields(job) });
  }

  /** An outage of the database is not a try: the write waits here until the database is back. */
  private async untilDatabaseAnswers<T>(write: () => Promise<T>): Promise<T> {
    // By a monotonic clock.
    const deadline = performance.now() + DATABASE_PATIENCE_MS;
    for (let failures = 1; ; failures++) {
      try {
        const written = await write();
        this.ran.succeeded();
        return written;
      } catch (error) {
        this.ran.refused(error);
        const mayPass = isDatabaseUnavailable(error) || isTransient(error);
        if (!mayPass || this.stopping || performance.now() > deadline) throw error;
        await sleep(waitAfter(failures, DATABASE_AWAY));
      }
    }
  }
}

const isLastAttempt = (job: GenerationJob) => job.attempts >= job.max_attempts;

/** Fields by which a log line names its job and the request behind it. */
const logFields = ({ id, entity, attempts, request_id, traceparent }: GenerationJob) => ({
  job_id: id,
  entity,
  attempt: attempts,
  request_id,
  ...(traceparent && { trace_id: traceIdOf(traceparent) }),
});
