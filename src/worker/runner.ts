import { Injectable } from '@nestjs/common';
import type { Result } from '../catalog/told.js';
import { isDatabaseUnavailable } from '../database/sql.js';
import { GenerationFailure } from '../domain/failure.js';
import type { Stop } from '../domain/gate-names.js';
import type { JobUsage } from '../domain/usage.js';
import type { Delivery } from '../domain/queues.js';
import type { Try } from '../generation/kind.js';
import { modelOf } from '../ledger/breakers.js';
import { Budget, BudgetSpent } from '../ledger/budget.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { JobsService } from '../ledger/jobs.service.js';
import type { Outcome } from '../ledger/settle.js';
import { UseNotes } from '../ledger/use-notes.js';
import { drained } from '../timing/drained.js';
import { type Span, typeOfError } from '../tracing/span.js';
import { Tracing } from '../tracing/tracing.js';
import { Claiming } from './claiming.js';
import { Completions } from './completions.js';
import { Failures } from './failures.js';
import { LEASE_LOST, Leases, SHUTDOWN } from './leases.js';
import { OutcomeLog } from './outcome-log.js';
import { Patience } from './patience.js';
import { beginTry, tellOutcome } from './try-span.js';

/**
 * A try that the database broke off begins anew after this, milliseconds. A statement that takes too long each time
 * keeps no worker busy.
 */
const AWAY_MS = 1000;

type Work = (job: GenerationJob, tried: Try) => Promise<Result>;

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
  private readonly log = new OutcomeLog();

  constructor(
    private readonly jobs: JobsService,
    private readonly claiming: Claiming,
    private readonly leases: Leases,
    private readonly completions: Completions,
    private readonly failures: Failures,
    private readonly patience: Patience,
    private readonly budget: Budget,
    private readonly notes: UseNotes,
    private readonly tracing: Tracing,
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
    const meter = this.budget.begin(job, (used) => this.note(job, used));
    const span = beginTry(this.tracing, job);
    try {
      const stopped = (stop: Stop) => void this.jobs.events.emit('stopped', stop);
      const outcome = await this.outcomeOf(job, work, { meter, signal, span, stopped });
      if (!outcome) this.lost('job cancelled or lease lost, call aborted', job);
      const settled = outcome && (await this.settle(outcome, span));
      tellOutcome(span, settled ? outcome : null);
      // The job is not ours any more, and what its calls used was spent all the same.
      if (!settled && meter.usage) await this.note(job, meter.usage);
    } finally {
      span.end();
      this.leases.release(token);
      this.budget.end(meter);
    }
  }

  private note(job: GenerationJob, used: JobUsage): Promise<void> {
    return this.patience.untilDatabaseAnswers(() => this.notes.note(job, used));
  }

  /** `null`: the lease was lost meanwhile. */
  private async outcomeOf(job: GenerationJob, work: Work, tried: Try): Promise<Outcome<Result> | null> {
    const { meter, signal } = tried;
    try {
      const result = await work(job, tried);
      return { kind: 'done', job, call: meter.usage!, answered: modelOf(job), result };
    } catch (error) {
      const call = meter.usage;
      if (signal.reason === LEASE_LOST) return null;
      if (error instanceof BudgetSpent) return { kind: 'handBack', job, call, delayMs: error.delayMs };
      if (signal.reason === SHUTDOWN) return { kind: 'handBack', job, call };
      const isOurs = error instanceof GenerationFailure; // its message may have words of the client and of the model
      if (!isOurs && isDatabaseUnavailable(error)) return { kind: 'handBack', job, call, delayMs: AWAY_MS };
      return this.failureOf(job, error, call);
    }
  }

  private failureOf(job: GenerationJob, error: unknown, call?: Outcome<Result>['call']): Promise<Outcome<Result>> {
    return this.patience.untilDatabaseAnswers(() => this.failures.outcomeOf(job, error, call));
  }

  /** Settles the outcome; if that fails, settles the failure. @returns what was settled; `null`: the lease was lost */
  private async settle(outcome: Outcome<Result>, span: Span, isLast = false): Promise<Outcome<Result> | null> {
    const { job, call } = outcome;
    const step = span.child(outcome.kind === 'done' ? 'store' : 'settle');
    try {
      const settled = await this.patience.untilDatabaseAnswers(() => this.completions.settle(outcome));
      if (!settled) this.lost('job cancelled or lease lost, result dropped', job, outcome);
      else this.log.settled(outcome, settled);
      return settled && outcome;
    } catch (error) {
      step.fail(typeOfError(error));
      const handBack = isDatabaseUnavailable(error) && outcome.kind === 'done';
      if (isLast && !isDatabaseUnavailable(error)) this.log.notWritten(job, error);
      if (isLast || (isDatabaseUnavailable(error) && !handBack)) throw error;
      const instead = handBack ? ({ kind: 'handBack', job, call } as const) : await this.failureOf(job, error, call);
      return this.settle(instead, span, true);
    } finally {
      step.end();
    }
  }

  private lost(msg: string, job: GenerationJob, outcome?: Outcome<Result>): void {
    this.jobs.events.emit('lost', job);
    this.log.lost(msg, job, outcome);
  }
}
