/** What the calls of a try used, as far as the model said so. */
export interface CallUsage {
  model: string;
  /** Missing: one. */
  calls?: number;
  input_tokens: number;
  output_tokens: number;
  duration_ms: number;
}

/** The same with the number of calls. */
export interface JobUsage extends CallUsage {
  calls: number;
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
  };
}
