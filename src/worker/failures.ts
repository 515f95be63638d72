import { Injectable } from '@nestjs/common';
import type { Result } from '../catalog/told.js';
import { Config } from '../config/config.js';
import { GenerationFailure } from '../domain/failure.js';
import type { Trouble, TroubleKind } from '../domain/trouble.js';
import type { CallUsage } from '../domain/usage.js';
import type { Mishap, Verdict } from '../ledger/breaker.js';
import { Breakers, modelOf } from '../ledger/breakers.js';
import type { GenerationJob, JobError } from '../ledger/generation-job.entity.js';
import type { Outcome } from '../ledger/settle.js';
import { Throttle } from '../ledger/throttle.js';
import { backOffMs } from './back-off.js';
import { reasonIn } from './reason.js';

/** An outcome without a result. */
export type Failed = Exclude<Outcome<Result>, { kind: 'done' }>;
type Unsuccessful = Pick<Failed, 'job' | 'call' | 'answered' | 'reason' | 'cause'> & { error: JobError };

/** Trouble that is the service's and not the job's; all other kinds are answers. `busy`: it has asked for a pause. */
const NOT_THE_JOBS: Partial<Record<TroubleKind, 'busy' | Mishap['kind']>> = {
  'rate-limited': 'busy',
  loading: 'busy',
  key: 'refused',
  quota: 'refused',
  'unknown-model': 'refused',
  broken: 'away',
};

/** Decides what a failed call comes to: a pause of all, a hold of the model, another try, or the end of the job. */
@Injectable()
export class Failures {
  constructor(
    private readonly breakers: Breakers,
    private readonly throttle: Throttle,
    private readonly config: Config,
  ) {}

  /** May be called twice for the same failure. @param call what the calls of the try used; missing: none has ended */
  async outcomeOf(job: GenerationJob, cause: unknown, call?: CallUsage): Promise<Failed> {
    const failure = GenerationFailure.from(cause);
    const { type, retryable, message, suggestions, trouble } = failure;
    const error: JobError = { type, message, retryable, attempt: job.attempts, ...(suggestions && { suggestions }) };
    const reason = reasonIn(trouble, this.config);
    const common = { job, call, error, cause: failure, ...(reason && { reason }) };
    const fault = trouble && NOT_THE_JOBS[trouble.kind];
    if (fault === 'busy') return this.busy(common, trouble!);
    if (fault) return this.troubled(common, fault);
    return this.triedOrFailed({ ...common, ...(call && { answered: modelOf(job) }) });
  }

  /** No try: all wait as the service has asked, and the job in its old place. */
  private async busy(common: Unsuccessful, { waitMs }: Trouble): Promise<Failed> {
    const { job, error } = common;
    const told = waitMs || null; // a wait of nothing would ask again at once, without end
    const began = job.history.at(-1)!.started_at;
    if (!(await this.breakers.postpone(job, told))) await this.throttle.pause(told, error.message, began);
    return { ...common, kind: 'handBack' };
  }

  private async troubled(common: Unsuccessful, kind: Mishap['kind']): Promise<Failed> {
    const { job, error, reason = null } = common;
    const verdict = await this.breakers.note(job, { kind, message: error.message, reason });
    if (verdict === 'try') return this.triedOrFailed(common);
    if (verdict === 'own') return { ...common, error: { ...error, retryable: false }, kind: 'failed' };
    const delayMs = this.delayAfter(verdict);
    return { ...common, kind: 'handBack', ...(kind === 'refused' && { refused: true }), delayMs };
  }

  /** `undefined`: the job keeps its place in line. Whose trouble it was goes to the end, so that others probe. */
  private delayAfter(verdict: Verdict): number | undefined {
    if (verdict === 'held') return undefined;
    return verdict === 'last' ? 0 : backOffMs(1, this.config.backoffMs);
  }

  private triedOrFailed(common: Unsuccessful): Failed {
    const { job, error } = common;
    if (!error.retryable || job.attempts >= job.max_attempts) return { ...common, kind: 'failed' };
    // The pause of the model's service is not part of this delay: it blocks the claim, so that it can be lifted.
    return { ...common, kind: 'retry', delayMs: backOffMs(job.attempts, this.config.backoffMs) };
  }
}
