import type { Suggestion } from './suggestion.js';
import type { Trouble } from './trouble.js';
import type { CallUsage } from './usage.js';
import type { ErrorType } from './vocabulary.js';

/** Longest wait that a provider may ask for, milliseconds; longer ones are cut. */
export const MAX_RETRY_AFTER_MS = 3_600_000;

interface FailureOptions {
  retryable: boolean;
  /** The wait that the provider asked for, milliseconds; 0: none. */
  retryAfterMs?: number;
  usage?: CallUsage;
  /** What may have been meant. */
  suggestions?: Suggestion[];
  /** What the model's service said of the call. */
  trouble?: Trouble;
  /** The gate that an answer did not pass. */
  gate?: string;
  cause?: unknown;
}

/** A failed try, with a type of the contract. Clients may see the message. */
export class GenerationFailure extends Error {
  readonly retryable: boolean;
  readonly retryAfterMs: number;
  readonly usage: CallUsage | undefined;
  readonly suggestions: Suggestion[] | undefined;
  /** What the model's service said of the call; `undefined`: the failure is not that of a call. */
  readonly trouble: Trouble | undefined;
  /** The gate that the answer did not pass. The message has its reason, which may repeat words of the answer. */
  readonly gate: string | undefined;

  constructor(
    readonly type: ErrorType,
    message: string,
    { retryable, retryAfterMs = 0, usage, suggestions, trouble, gate, cause }: FailureOptions,
  ) {
    super(message, { cause });
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
    this.usage = usage;
    this.suggestions = suggestions;
    this.trouble = trouble;
    this.gate = gate;
  }

  /** Any other error is a defect of this program. The job gets its tries, and the text of the error is not shown. */
  static from(error: unknown): GenerationFailure {
    if (error instanceof GenerationFailure) return error;
    return new GenerationFailure('UNKNOWN_ERROR', 'An unexpected error; the operator finds it in the log.', {
      retryable: true,
      cause: error,
    });
  }
}
