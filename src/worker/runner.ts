import { Injectable, Logger } from '@nestjs/common';
import type { Result } from '../catalog/told.js';
import { isDatabaseUnavailable } from '../database/sql.js';
import type { Delivery } from '../domain/queues.js';
import type { Generated } from '../generation/kind.js';
import { modelOf } from '../ledger/breakers.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { JobsService } from '../ledger/jobs.service.js';
import type { Outcome } from '../ledger/settle.js';
import { drained } from '../timing/drained.js';
import { Claiming } from './claiming.js';
import { Completions } from './completions.js';
import { Failures } from './failures.js';
import { LEASE_LOST, Leases, SHUTDOWN } from './leases.js';
import { logFields } from './log-fields.js';
import { Patience } from './patience.js';

type Work = (job: GenerationJob, signal: AbortSignal) => Promise<Generated>;

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

  constructor(
    private readonly jobs: JobsService,
    private readonly claiming: Claiming,
    private readonly leases: Leases,
    private readonly completions: Completions,
    private readonly failures: Failures,
    private readonly patience: Patience,
  ) {}

  /** Aborts the running calls; their jobs are handed back, and no new one is claimed. */
  stop(): void {
    this.patience.stopping = true;
    this.leases.abortAll();
  }

  /** Settles when this worker holds nothing any more, or has handed nothing back for a while. */
  idle(patienceMs: number): Promise<void> {
    return drained(() => this.leases.size, patienceMs);
  }

  /** Before the delivered job, others may run in its place that probe a model. */
  async run({ job_id: id }: Delivery, work: Work): Promise<void> {
    for (;;) {
      const job = await this.claiming.next(id);
      if (!job?.lease_token) return;
      await this.runClaimed(job, job.lease_token, work);
      if (job.id === id) return;
    }
  }

  private async runClaimed(job: GenerationJob, token: string, work: Work): Promise<void> {
    const signal = this.leases.hold(job.id, token);
    try {
      const outcome = await this.outcomeOf(job, work, signal);
      if (outcome) await this.settle(outcome);
      else this.logLost('job cancelled or lease lost, call aborted', job);
    } finally {
      this.leases.release(token);
    }
  }

  /** `null`: the lease was lost meanwhile. */
  private async outcomeOf(job: GenerationJob, work: Work, signal: AbortSignal): Promise<Outcome<Result> | null> {
    try {
      const { usage, result } = await work(job, signal);
      return { kind: 'done', job, call: usage, answered: modelOf(job), result };
    } catch (error) {
      if (signal.reason === LEASE_LOST) return null;
      if (signal.reason === SHUTDOWN || isDatabaseUnavailable(error)) return { kind: 'handBack', job };
      return this.failureOf(job, error);
    }
  }

  private failureOf(job: GenerationJob, error: unknown, used?: Outcome<Result>['call']): Promise<Outcome<Result>> {
    return this.patience.untilDatabaseAnswers(() => this.failures.outcomeOf(job, error, used));
  }

  /** Settles the outcome; if that fails, settles the failure. */
  private async settle(outcome: Outcome<Result>, isLast = false): Promise<void> {
    const { job, call } = outcome;
    try {
      const settled = await this.patience.untilDatabaseAnswers(() => this.completions.settle(outcome));
      this.logOutcome(outcome, settled);
    } catch (error) {
      if (isLast) throw error;
      const handBack = isDatabaseUnavailable(error) && outcome.kind === 'done';
      if (isDatabaseUnavailable(error) && !handBack) throw error;
      await this.settle(handBack ? { kind: 'handBack', job, call } : await this.failureOf(job, error, call), true);
    }
  }

  private logOutcome(outcome: Outcome<Result>, settled: GenerationJob | null): void {
    const { job, kind, reason } = outcome;
    const told = { ...logFields(job), ...('error' in outcome && { type: outcome.error?.type, reason }) };
    if (!settled) return this.logLost('job cancelled or lease lost, result dropped', job);
    if (kind === 'handBack') return this.logger.log({ msg: 'job handed back', ...told });
    if (kind === 'done') return this.logger.log({ msg: 'job done', ...told, slug: settled.slug, ...outcome.call });
    if (kind === 'failed') return this.logger.warn({ msg: 'job failed', ...told });
    this.logger.warn({ msg: 'try failed', ...told, retry_in_ms: Math.round(outcome.delayMs) });
  }

  private logLost(msg: string, job: GenerationJob): void {
    this.jobs.events.emit('lost', job);
    this.logger.warn({ msg, ...logFields(job) });
  }
}
