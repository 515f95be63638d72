import { GenerationFailure } from '../domain/failure.js';
import type { Trouble, TroubleKind } from '../domain/trouble.js';
import type { CallUsage } from '../domain/usage.js';

/** No answer came, or none that can be read. Clients may see the message; the cause is for operators. */
export class NoAnswer extends Error {}

/** Troubles that pass, or that the next answer may not have. */
const RETRYABLE: TroubleKind[] = ['rate-limited', 'loading', 'slip', 'broken'];

/** The one place that says what a trouble of the model's service is to a job. */
export function failureOf(trouble: Trouble, cause: unknown, usage?: CallUsage): GenerationFailure {
  const { kind, waitMs } = trouble;
  const retryable = RETRYABLE.includes(kind);
  const common = { retryable, retryAfterMs: waitMs ?? 0, trouble, usage, cause };
  if (kind === 'refused') return new GenerationFailure('AI_REFUSED', 'The model refused to write about this.', common);
  if (kind === 'filtered')
    return new GenerationFailure('AI_REFUSED', 'A filter of the model service stopped this.', common);
  if (kind === 'slip') return new GenerationFailure('VALIDATION_ERROR', 'The model wrote no valid JSON.', common);
  return new GenerationFailure('AI_API_ERROR', messageOf(trouble, cause), common);
}

function messageOf({ status }: Trouble, cause: unknown): string {
  if (cause instanceof NoAnswer) return cause.message;
  return status === null ? 'The model service answered with an error.' : `The model service answered ${status}.`;
}

/** The model answered, but not what it was asked for. */
export const misfit = (message: string, usage: CallUsage) =>
  new GenerationFailure('VALIDATION_ERROR', message, { retryable: true, usage });

export const refusedKey = (trouble: Trouble) =>
  new GenerationFailure('AI_API_ERROR', `The model service answered ${trouble.status}: look at OPENAI_API_KEY`, {
    retryable: false,
    trouble,
  });
