import type { CallUsage, JobUsage } from '../ledger/generation-job.entity.js';

/** What a job has used by now, and one call more. The last model that was called gives its name. */
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
