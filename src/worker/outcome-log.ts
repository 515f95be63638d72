import { Logger } from '@nestjs/common';
import type { Result } from '../catalog/told.js';
import { logFields, waitFields } from '../ledger/about-job.js';
import { modelOf } from '../ledger/breakers.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import type { Outcome } from '../ledger/settle.js';

/** The log of what tries come to: one line each, and one for a job where all is well. */
export class OutcomeLog {
  private readonly logger = new Logger('Worker');

  settled(outcome: Outcome<Result>, settled: GenerationJob): void {
    const { job, kind, call } = outcome;
    if (kind === 'done')
      return this.logger.log({ msg: 'job done', ...aboutTry(job), result_slug: settled.slug, ...call });
    const about = { ...aboutTry(job), model: modelOf(job), ...promptOf(call), ...whyIn(outcome) };
    if (kind === 'handBack') return this.logger.log({ msg: 'job handed back', ...about, ...wait(outcome.delayMs) });
    const line =
      kind === 'failed' ? { msg: 'job failed', ...about } : { msg: 'try failed', ...about, ...wait(outcome.delayMs) };
    if (outcome.error.type === 'UNKNOWN_ERROR') this.logger.error(line);
    else this.logger.warn(line);
  }

  /** @param outcome what the try came to nevertheless; missing: it was broken off */
  lost(msg: string, job: GenerationJob, outcome?: Outcome<Result>): void {
    this.logger.warn({ msg, ...aboutTry(job), ...(outcome && whyIn(outcome)) });
  }

  /** Neither what the try came to nor that it failed could be written: its lease ends, and it is a crash. */
  notWritten(job: GenerationJob, error: unknown): void {
    this.logger.error({ msg: 'outcome not written', ...aboutTry(job), type: 'UNKNOWN_ERROR', err: error });
  }
}

/** Which try of how many. */
const aboutTry = (job: GenerationJob) => ({ ...logFields(job), attempt: job.attempts, max_attempts: job.max_attempts });

/** Of the prompts; a try that has called nothing has none. */
const promptOf = (call: Outcome<Result>['call']) =>
  call?.prompt_version === undefined ? {} : { prompt_version: call.prompt_version };

const wait = (delayMs: number | undefined) => (delayMs === undefined ? {} : waitFields(delayMs));

/** Why a try failed, in words that are neither the model's nor a client's. */
function whyIn(outcome: Outcome<Result>): object {
  if (!('error' in outcome) || !outcome.error) return {};
  const { error, reason, cause } = outcome;
  const { trouble, gate } = cause ?? {};
  const common = { type: error.type, ...(trouble && { trouble: trouble.kind, status: trouble.status ?? undefined }) };
  if (gate !== undefined) return { ...common, gate, reason: 'The answer did not pass this gate, nor did its repair.' };
  if (error.type === 'AMBIGUOUS') return { ...common, reason: 'The name fits several.' };
  if (error.type === 'UNKNOWN_ERROR') return { ...common, reason: error.message, err: cause?.cause ?? cause };
  // What a service says of a slip may repeat the model's words.
  return { ...common, reason: (trouble?.kind !== 'slip' && reason) || error.message };
}
