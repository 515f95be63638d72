import type { PromptVersion } from './prompt-versions.js';

/** What the calls of a try used, as far as the model said so. */
export interface CallUsage {
  model: string;
  /** Missing: one. */
  calls?: number;
  input_tokens: number;
  output_tokens: number;
  duration_ms: number;
  /** In the money of MODEL_PRICES; `null`: not known. Missing: the version before wrote the row. */
  cost?: number | null;
  /** Of the prompts that they were asked with. Missing: the version before wrote the row. */
  prompt_version?: PromptVersion;
}

/** The same with the number of calls. */
export interface JobUsage extends CallUsage {
  calls: number;
}

/** Money for a million tokens that a model reads, and for a million that it writes. */
export interface Price {
  input: number;
  output: number;
}

/** By the name of the model. */
export type Prices = ReadonlyMap<string, Price>;

const PRICED_TOKENS = 1_000_000;
/** Decimals of a cost: one token of the cheapest models is more than that. */
const DECIMALS = 10;

export const tokensOf = ({ input_tokens, output_tokens }: CallUsage): number => input_tokens + output_tokens;

/**
 * A call with its cost, by the model that answered. Services answer with a longer name, such as one with a date: then
 * by the name that was asked.
 */
export function priced(call: CallUsage, asked: string, prices: Prices): CallUsage {
  const price = prices.get(call.model) ?? prices.get(asked);
  if (!price) return { ...call, cost: null };
  const cost = (call.input_tokens * price.input + call.output_tokens * price.output) / PRICED_TOKENS;
  return { ...call, cost: rounded(cost) };
}

/** What was used by now, and by one call or try more. The last model that was called gives its name. */
export function withCall(before: JobUsage | null, call: CallUsage | undefined): JobUsage | null {
  if (!call) return before;
  const { calls = 0, input_tokens = 0, output_tokens = 0, duration_ms = 0 } = before ?? {};
  return {
    model: call.model,
    calls: calls + (call.calls ?? 1),
    input_tokens: input_tokens + call.input_tokens,
    output_tokens: output_tokens + call.output_tokens,
    duration_ms: duration_ms + call.duration_ms,
    cost: costOf(before ? [before, call] : [call]),
    ...(call.prompt_version && { prompt_version: call.prompt_version }),
  };
}

/** A call without tokens costs nothing, whatever its price; the cost of others must be known. */
function costOf(calls: CallUsage[]): number | null {
  const known = calls.flatMap(({ cost }) => cost ?? []);
  const isUnknown = calls.some((call) => tokensOf(call) > 0 && (call.cost ?? null) === null);
  return isUnknown || known.length === 0 ? null : rounded(known.reduce((sum, cost) => sum + cost));
}

const rounded = (cost: number) => Number(cost.toFixed(DECIMALS));
