import { setTimeout as sleep } from 'node:timers/promises';
import type { GenerationFailure } from '../src/domain/failure.js';
import type { TroubleKind } from '../src/domain/trouble.js';
import type { Answer, Ask, Llm } from '../src/llm/llm.js';
import type { Attributes, Span } from '../src/tracing/span.js';
import type { Program } from './program.ts';
import { type Came, NOTHING, type Spending, type Spent, together, tokensIn, type Tokens } from './spending.ts';
import { isTurnedAway } from './turned-away.ts';

/** A call, and what came of it. */
export interface Heard {
  ask: Ask;
  /** `undefined`: none came, or none that could be read. */
  output?: unknown;
  /** Whether the model answered what nobody can read. */
  unreadable?: true;
}

/** The model's service does not work for us at all: the run ends, and can go on later. */
export class ServiceGone extends Error {}

/** Troubles that no further call of this run would be spared. */
const LASTING: readonly TroubleKind[] = ['key', 'quota', 'unknown-model'];
/** Troubles that pass. */
const PASSING: readonly TroubleKind[] = ['rate-limited', 'loading', 'broken'];
/** How often a call is made that meets them, and the waits between: the first, doubled up to the longest. */
const MOST_CALLS = 6;
export const PATIENCE = { firstMs: 1000, longestMs: 60_000 };
/** Tokens that an answer is expected to have at most, until one has more: it is asked for 200 words and a cast. */
export const LONGEST_ANSWER = 2500;

/** What a call may take at most, about. */
export const mostOf = ({ instructions, data, schema, before }: Ask): Tokens => ({
  input: tokensIn(
    instructions + JSON.stringify(data) + JSON.stringify(schema) + (before ? before.answer + before.further : ''),
  ),
  output: LONGEST_ANSWER,
});

export interface Listening {
  program: Program;
  llm: Llm;
  spending: Spending;
  patience?: typeof PATIENCE;
  /** Told what each call came to. */
  onSpent?: (spent: Spent) => void;
}

/** A model that is listened to: it notes each call, what it used and how long it took, and waits when it is told to. */
export class HeardLlm implements Llm {
  readonly service: Llm['service'];
  calls: Heard[] = [];
  spent: Spent = NOTHING;
  durationMs = 0;
  private readonly listening: Listening;

  constructor(listening: Listening) {
    this.listening = listening;
    this.service = listening.llm.service;
  }

  /** Begins the next text. What was spent on the whole subject stays in the run's spending. */
  forget(): void {
    Object.assign(this, { calls: [], spent: NOTHING, durationMs: 0 });
  }

  greet(model: string, signal: AbortSignal): Promise<void> {
    return this.listening.llm.greet(model, signal);
  }

  /** @throws GenerationFailure, ServiceGone, BoundReached, or the signal's reason when aborted */
  async ask(ask: Ask, signal: AbortSignal): Promise<Answer> {
    const heard: Heard = { ask };
    this.calls.push(heard);
    for (let made = 1; ; made++) {
      const waitMs = await this.call(heard, made, signal);
      if (typeof waitMs !== 'number') return waitMs;
      await sleep(waitMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }

  /** @returns the answer, or how long to wait before the next call, milliseconds */
  private async call(heard: Heard, made: number, signal: AbortSignal): Promise<Answer | number> {
    const { llm, spending } = this.listening;
    signal.throwIfAborted();
    const end = spending.begin(mostOf(heard.ask));
    const started = performance.now();
    try {
      const answer = await llm.ask(heard.ask, signal);
      heard.output = answer.output;
      this.add(end(answer.usage), started);
      return answer;
    } catch (error) {
      this.add(end(this.cameOf(error)), started);
      signal.throwIfAborted();
      if (this.isFailure(error) && error.type === 'VALIDATION_ERROR') heard.unreadable = true;
      return this.waitAfter(error, made);
    }
  }

  private add(spent: Spent, started: number): void {
    this.listening.onSpent?.(spent);
    this.spent = together(this.spent, spent);
    this.durationMs += performance.now() - started;
  }

  private cameOf(error: unknown): Came {
    if (!this.isFailure(error)) return 'lost';
    const { usage, trouble } = error;
    // Without a trouble it was answered, by what is no use: its tokens may be told or not.
    if (usage && (!trouble || usage.input_tokens + usage.output_tokens > 0)) return usage;
    return isTurnedAway(error) ? null : 'lost';
  }

  private isFailure(error: unknown): error is GenerationFailure {
    return error instanceof this.listening.program.failure.GenerationFailure;
  }

  private waitAfter(error: unknown, made: number): number {
    const { firstMs, longestMs } = this.listening.patience ?? PATIENCE;
    if (!this.isFailure(error) || !error.trouble) throw error;
    const { kind, reason } = error.trouble;
    if (LASTING.includes(kind)) throw new ServiceGone(`${error.message} ${reason}`.trim());
    if (!PASSING.includes(kind) || made >= MOST_CALLS) throw error;
    return Math.min(longestMs, Math.max(error.retryAfterMs, firstMs * 2 ** (made - 1)));
  }
}

/** Steps of a try that tell which gate each answer met. */
export class HeardSpan implements Span {
  readonly traceparent = null;
  private readonly gates: (string | null)[];

  /** @param gates gets one for each answer that was examined; `null`: it was fit */
  constructor(gates: (string | null)[]) {
    this.gates = gates;
  }

  set(attributes: Attributes): void {
    if ('moviemind.fit' in attributes) this.gates.push((attributes['moviemind.gate'] as string | undefined) ?? null);
  }

  child(): Span {
    return this;
  }

  link(): void {}
  fail(): void {}
  end(): void {}
}
