import { GenerationFailure } from '../domain/failure.js';
import type { GateName, GateOutcome } from '../domain/gate-names.js';
import type { PromptVersion } from '../domain/prompt-versions.js';
import { type CallUsage, priced, type Prices } from '../domain/usage.js';
import type { Meter } from '../ledger/budget.js';
import type { Llm } from '../llm/llm.js';
import type { Span } from '../tracing/span.js';
import { callAttributes, tellFailure, usageAttributes } from './call-span.js';
import type { Try } from './kind.js';
import type { Question } from './questions.js';

/** Calls of a try at most: the answer, the question whose it is, the repair. Source: the contract. */
const MOST_CALLS = 3;

/** Whom a try asks, what it may cost, and where that is noted. */
export interface Asking {
  llm: Llm;
  model: string;
  prompt: PromptVersion;
  prices: Prices;
  meter: Meter;
  signal: AbortSignal;
  span: Span;
  stopped: Try['stopped'];
}

/** The calls of one try. What each used is noted as it ends, whatever becomes of the try. */
export class Dialogue {
  private calls = 0;

  constructor(private readonly asking: Asking) {}

  /** @throws GenerationFailure, BudgetSpent, or the signal's reason when aborted */
  async ask(ask: Question['ask']): Promise<unknown> {
    const { llm, model, prompt, signal, meter, span } = this.asking;
    await meter.beforeCall();
    this.calls++;
    const since = performance.now();
    const call = span.child(`chat ${model}`, {
      kind: 'client',
      attributes: callAttributes(ask, { model, prompt }, llm.service),
    });
    try {
      const { output, usage } = await llm.ask({ ...ask, model, traceparent: call.traceparent }, signal);
      meter.add(this.counted(usage));
      call.set(usageAttributes(usage));
      return output;
    } catch (error) {
      if (error instanceof GenerationFailure && error.usage) meter.add(this.counted(error.usage));
      tellFailure(call, error, signal);
      throw error;
    } finally {
      call.end();
      if (!signal.aborted) meter.asked((performance.now() - since) / 1000);
    }
  }

  private counted(usage: CallUsage): CallUsage {
    const { model, prices, prompt } = this.asking;
    return { ...priced(usage, model, prices), prompt_version: prompt };
  }

  /** The version of the prompts. */
  get prompt(): PromptVersion {
    return this.asking.prompt;
  }

  /** What ends the try before its time. */
  get signal(): AbortSignal {
    return this.asking.signal;
  }

  /** The try. */
  get span(): Span {
    return this.asking.span;
  }

  /** An answer did not pass a gate, and this became of it. */
  tell(gate: GateName, outcome: GateOutcome): void {
    const { prompt, stopped } = this.asking;
    stopped({ gate, outcome, prompt_version: prompt });
  }

  get mayAsk(): boolean {
    return this.calls < MOST_CALLS;
  }
}
