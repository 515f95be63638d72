import type { CallUsage } from './usage.js';
import type { ErrorType } from './vocabulary.js';

/** A provider that asks for more patience than this does not get it, milliseconds. */
export const MAX_RETRY_AFTER_MS = 3_600_000;

interface FailureOptions {
  retryable: boolean;
  /** What the provider asked for, milliseconds; 0: nothing. */
  retryAfterMs?: number;
  usage?: CallUsage;
  cause?: unknown;
}

/** A try that came to nothing, in the words of the contract. The message may be shown to clients. */
export class GenerationFailure extends Error {
  readonly retryable: boolean;
  readonly retryAfterMs: number;
  readonly usage: CallUsage | undefined;

  constructor(
    readonly type: ErrorType,
    message: string,
    { retryable, retryAfterMs = 0, usage, cause }: FailureOptions,
  ) {
    super(message, { cause });
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
    this.usage = usage;
  }

  /** Anything that is not a failure already is a defect of ours; it gets its tries, and its text stays inside. */
  static from(error: unknown): GenerationFailure {
    if (error instanceof GenerationFailure) return error;
    return new GenerationFailure('UNKNOWN_ERROR', 'An unexpected error; the operator finds it in the log.', {
      retryable: true,
      cause: error,
    });
  }
}
