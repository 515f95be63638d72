import { GenerationFailure } from '../domain/failure.js';
import { priced, type Prices } from '../domain/usage.js';
import type { Meter } from '../ledger/budget.js';
import type { Llm } from '../llm/llm.js';
import type { Span } from '../tracing/span.js';
import { callAttributes, tellFailure, usageAttributes } from './call-span.js';
import type { Question } from './questions.js';

/** Calls of a try at most: the answer, the question whose it is, the repair. Source: the contract. */
const MOST_CALLS = 3;

/** Whom a try asks, what it may cost, and where that is noted. */
export interface Asking {
  llm: Llm;
  model: string;
  prices: Prices;
  meter: Meter;
  signal: AbortSignal;
  span: Span;
}

/** The calls of one try. What each used is noted as it ends, whatever becomes of the try. */
export class Dialogue {
  private calls = 0;

  constructor(private readonly asking: Asking) {}

  /** @throws GenerationFailure, BudgetSpent, or the signal's reason when aborted */
  async ask(ask: Question['ask']): Promise<unknown> {
    const { llm, model, signal, meter, prices, span } = this.asking;
    await meter.beforeCall();
    this.calls++;
    const since = performance.now();
    const call = span.child(`chat ${model}`, { kind: 'client', attributes: callAttributes(ask, model, llm.service) });
    try {
      const { output, usage } = await llm.ask({ ...ask, model, traceparent: call.traceparent }, signal);
      meter.add(priced(usage, model, prices));
      call.set(usageAttributes(usage));
      return output;
    } catch (error) {
      if (error instanceof GenerationFailure && error.usage) meter.add(priced(error.usage, model, prices));
      tellFailure(call, error, signal);
      throw error;
    } finally {
      call.end();
      if (!signal.aborted) meter.asked((performance.now() - since) / 1000);
    }
  }

  /** What ends the try before its time. */
  get signal(): AbortSignal {
    return this.asking.signal;
  }

  /** The try. */
  get span(): Span {
    return this.asking.span;
  }

  get mayAsk(): boolean {
    return this.calls < MOST_CALLS;
  }
}
