import type { CallUsage, Prices } from '../src/domain/usage.js';
import type { Program } from './program.ts';

export interface Tokens {
  input: number;
  output: number;
}

/** What a run may take; `null`: there is no such bound. */
export interface Bounds {
  cost: number | null;
  tokens: number | null;
}

/** What calls that were answered came to. Cost is in the money of MODEL_PRICES; `null`: the price is not known. */
export interface Spent {
  calls: number;
  input_tokens: number;
  output_tokens: number;
  cost: number | null;
}

export const NOTHING: Spent = { calls: 0, input_tokens: 0, output_tokens: 0, cost: null };

/** One token of the cheapest models is more than that. */
const rounded = (cost: number) => Number(cost.toFixed(10));

export const together = (one: Spent, other: Spent): Spent => ({
  calls: one.calls + other.calls,
  input_tokens: one.input_tokens + other.input_tokens,
  output_tokens: one.output_tokens + other.output_tokens,
  cost: one.cost === null && other.cost === null ? null : rounded((one.cost ?? 0) + (other.cost ?? 0)),
});

/** Thrown before a call that might take the run over its bound. */
export class BoundReached extends Error {
  constructor() {
    super('the next call might cost more than the run may');
  }
}

/** Letters of a Latin script that are a token, about; of other scripts a letter may be one. Source: OpenAI's help. */
const LATIN_LETTERS = 4;
const OTHER_LETTERS = 1.4;

/** Tokens that a text is, about. */
export function tokensIn(text: string): number {
  const others = text.match(/[^\p{Script=Latin}\p{Script=Common}]/gu)?.length ?? 0;
  return Math.ceil((text.length - others) / LATIN_LETTERS + others / OTHER_LETTERS);
}

export interface SpendingOptions {
  model: string;
  prices: Prices;
  bounds: Bounds;
  /** Of the run so far, when it goes on. */
  before: Spent;
}

const NO_TOKENS: Tokens = { input: 0, output: 0 };
const sum = (one: Tokens, other: Tokens): Tokens => ({
  input: one.input + other.input,
  output: one.output + other.output,
});
const less = (one: Tokens, other: Tokens): Tokens => ({
  input: one.input - other.input,
  output: one.output - other.output,
});

/**
 * Adds up what calls use, and lets none begin that might go over the bound. What is under way counts as estimated, and
 * so does an answer of a server that tells no tokens.
 */
export class Spending {
  spent: Spent;
  private readonly usage: Program['usage'];
  private readonly options: SpendingOptions;
  private underWay = NO_TOKENS;
  private untold = NO_TOKENS;

  constructor(usage: Program['usage'], options: SpendingOptions) {
    this.usage = usage;
    this.options = options;
    this.spent = options.before;
  }

  /**
   * @returns what is to be called once, with what an answer used; `null`: none came
   * @throws BoundReached
   */
  begin(most: Tokens): (used: CallUsage | null) => Spent {
    if (this.isOver(most)) throw new BoundReached();
    this.underWay = sum(this.underWay, most);
    return (used) => {
      this.underWay = less(this.underWay, most);
      if (used && used.input_tokens + used.output_tokens === 0) this.untold = sum(this.untold, most);
      const spent = this.spentBy(used);
      this.spent = together(this.spent, spent);
      return spent;
    };
  }

  /** Of so many tokens; `null`: the price is not known. */
  costOf({ input, output }: Tokens): number | null {
    const { model, prices } = this.options;
    const call = { model, input_tokens: input, output_tokens: output, duration_ms: 0 };
    return this.usage.priced(call, model, prices).cost ?? null;
  }

  private isOver(next: Tokens): boolean {
    const { cost: mostCost, tokens: mostTokens } = this.options.bounds;
    const open = sum(sum(this.underWay, this.untold), next);
    const { input_tokens: input, output_tokens: output, cost } = this.spent;
    if (mostTokens !== null && input + output + open.input + open.output > mostTokens) return true;
    return mostCost !== null && (cost ?? 0) + (this.costOf(open) ?? 0) > mostCost;
  }

  private spentBy(used: CallUsage | null): Spent {
    if (used === null) return NOTHING;
    const { model, prices } = this.options;
    const { input_tokens, output_tokens } = used;
    return { calls: 1, input_tokens, output_tokens, cost: this.usage.priced(used, model, prices).cost ?? null };
  }
}
