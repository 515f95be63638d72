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

const NO_TOKENS: Tokens = { input: 0, output: 0 };

/** What calls that were answered came to. Cost is in the money of MODEL_PRICES; `null`: the price is not known. */
export interface Spent {
  calls: number;
  input_tokens: number;
  output_tokens: number;
  cost: number | null;
  /** Tokens that nobody told, estimated as most: of answers without a count, and of calls whose answer was lost. */
  untold: Tokens;
  /** Tokens of the longest answer. */
  longest: number;
}

export const NOTHING: Spent = {
  calls: 0,
  input_tokens: 0,
  output_tokens: 0,
  cost: null,
  untold: NO_TOKENS,
  longest: 0,
};

/** One token of the cheapest models is more than that. */
const rounded = (cost: number) => Number(cost.toFixed(10));

export const together = (one: Spent, other: Spent): Spent => ({
  calls: one.calls + other.calls,
  input_tokens: one.input_tokens + other.input_tokens,
  output_tokens: one.output_tokens + other.output_tokens,
  cost: one.cost === null && other.cost === null ? null : rounded((one.cost ?? 0) + (other.cost ?? 0)),
  untold: sum(one.untold, other.untold),
  longest: Math.max(one.longest, other.longest),
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

const sum = (one: Tokens, other: Tokens): Tokens => ({
  input: one.input + other.input,
  output: one.output + other.output,
});

export const sumOf = ({ input, output }: Tokens): number => input + output;

/** What came of a call: what its answer used; `null`: it was turned away; `lost`: it may have been answered. */
export type Came = CallUsage | 'lost' | null;

/**
 * Adds up what calls use, and lets none begin that might go over the bound. What is under way counts as estimated, and
 * so does what may have been answered without its tokens being told. No limit is sent with a question, so an answer may
 * be longer than estimated: then as much is expected of all.
 */
export class Spending {
  spent: Spent;
  private readonly usage: Program['usage'];
  private readonly options: SpendingOptions;
  private readonly underWay = new Set<Tokens>();

  constructor(usage: Program['usage'], options: SpendingOptions) {
    this.usage = usage;
    this.options = options;
    this.spent = options.before;
  }

  /**
   * @returns what is to be called once, with what came of the call
   * @throws BoundReached
   */
  begin(most: Tokens): (came: Came) => Spent {
    const call = { ...most };
    if (this.isOver(call)) throw new BoundReached();
    this.underWay.add(call);
    return (came) => {
      this.underWay.delete(call);
      const spent = this.spentBy(came, call);
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
    const { input_tokens: input, output_tokens: output, cost, untold } = this.spent;
    const open = [...this.underWay, next].map((call) => this.mostOf(call)).reduce(sum, untold);
    if (mostTokens !== null && input + output + open.input + open.output > mostTokens) return true;
    return mostCost !== null && (cost ?? 0) + (this.costOf(open) ?? 0) > mostCost;
  }

  /** An answer may be as long as the longest one was. */
  private mostOf({ input, output }: Tokens): Tokens {
    return { input, output: Math.max(output, this.spent.longest) };
  }

  private spentBy(came: Came, call: Tokens): Spent {
    if (came === null) return NOTHING;
    const most = this.mostOf(call);
    if (came === 'lost') return { ...NOTHING, untold: most };
    const { model, prices } = this.options;
    const { input_tokens, output_tokens } = came;
    return {
      calls: 1,
      input_tokens,
      output_tokens,
      cost: this.usage.priced(came, model, prices).cost ?? null,
      untold: { input: input_tokens > 0 ? 0 : most.input, output: output_tokens > 0 ? 0 : most.output },
      longest: output_tokens,
    };
  }
}
