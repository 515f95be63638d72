import { GenerationFailure } from '../domain/failure.js';
import { priced, type Prices } from '../domain/usage.js';
import type { Meter } from '../ledger/budget.js';
import type { Ask, Llm } from '../llm/llm.js';

/** Calls of a try at most: the answer, the question whose it is, the repair. Source: the contract. */
const MOST_CALLS = 3;

/** Whom a try asks, what it may cost, and where that is noted. */
export interface Asking {
  llm: Llm;
  model: string;
  prices: Prices;
  meter: Meter;
  signal: AbortSignal;
}

/** The calls of one try. What each used is noted as it ends, whatever becomes of the try. */
export class Dialogue {
  private calls = 0;

  constructor(private readonly asking: Asking) {}

  /** @throws GenerationFailure, BudgetSpent, or the signal's reason when aborted */
  async ask(ask: Ask): Promise<unknown> {
    const { llm, model, signal, meter, prices } = this.asking;
    await meter.beforeCall();
    this.calls++;
    const since = performance.now();
    try {
      const { output, usage } = await llm.ask({ ...ask, model }, signal);
      meter.add(priced(usage, model, prices));
      return output;
    } catch (error) {
      if (error instanceof GenerationFailure && error.usage) meter.add(priced(error.usage, model, prices));
      throw error;
    } finally {
      if (!signal.aborted) meter.asked((performance.now() - since) / 1000);
    }
  }

  get mayAsk(): boolean {
    return this.calls < MOST_CALLS;
  }
}
