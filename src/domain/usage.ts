/** What one call of a model used, as far as the model reported it. */
export interface CallUsage {
  model: string;
  input_tokens: number;
  output_tokens: number;
  duration_ms: number;
}

/** The same, summed over all calls of a job. */
export interface JobUsage extends CallUsage {
  calls: number;
}

/** Adds one call to a job's usage. `model` is the last model that was called. */
export function withCall(before: JobUsage | null, call: CallUsage | undefined): JobUsage | null {
  if (!call) return before;
  const { calls = 0, input_tokens = 0, output_tokens = 0, duration_ms = 0 } = before ?? {};
  return {
    model: call.model,
    calls: calls + 1,
    input_tokens: input_tokens + call.input_tokens,
    output_tokens: output_tokens + call.output_tokens,
    duration_ms: duration_ms + call.duration_ms,
  };
}
