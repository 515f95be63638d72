import { GenerationFailure } from '../domain/failure.js';
import { type CallUsage, withCall } from '../domain/usage.js';
import type { Ask, Llm } from '../llm/llm.js';

/** Calls of a try at most: the answer, the question whose it is, the repair. Source: the contract. */
const MOST_CALLS = 3;

/** The calls of one try, and what they used. */
export class Dialogue {
  private calls = 0;
  private used: (CallUsage & { calls: number }) | null = null;

  constructor(
    private readonly llm: Llm,
    private readonly signal: AbortSignal,
    private readonly model: string,
  ) {}

  /** @throws GenerationFailure, or the signal's reason when aborted */
  async ask(ask: Ask): Promise<unknown> {
    this.calls++;
    try {
      const { output, usage } = await this.llm.ask({ ...ask, model: this.model }, this.signal);
      this.used = withCall(this.used, usage);
      return output;
    } catch (error) {
      if (error instanceof GenerationFailure) this.used = withCall(this.used, error.usage);
      throw error;
    }
  }

  get mayAsk(): boolean {
    return this.calls < MOST_CALLS;
  }

  /** Of all calls that came to an end. */
  get usage(): CallUsage | undefined {
    return this.used ?? undefined;
  }
}
