import { GenerationFailure } from '../domain/failure.js';
import type { PromptVersion } from '../domain/prompt-versions.js';
import type { CallUsage } from '../domain/usage.js';
import type { Ask, Service } from '../llm/llm.js';
import { type Attributes, type Span, typeOfError } from '../tracing/span.js';

/** OpenTelemetry's words for a call of a model. What was asked and answered is not among them, on purpose. */
export const callAttributes = (
  { name, before }: Pick<Ask, 'name' | 'before'>,
  { model, prompt }: { model: string; prompt: PromptVersion },
  { provider, address, port }: Service,
): Attributes => ({
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': provider,
  'gen_ai.request.model': model,
  'gen_ai.output.type': 'json',
  'server.address': address,
  'server.port': port,
  'moviemind.question': name,
  'moviemind.prompt': prompt,
  'moviemind.repair': before !== undefined,
});

export const usageAttributes = ({ model, input_tokens, output_tokens }: CallUsage): Attributes => ({
  'gen_ai.response.model': model,
  'gen_ai.usage.input_tokens': input_tokens,
  'gen_ai.usage.output_tokens': output_tokens,
});

/** A call that failed, or that was broken off. */
export function tellFailure(span: Span, error: unknown, signal: AbortSignal): void {
  if (error instanceof GenerationFailure) {
    const { usage, trouble } = error;
    span.set({ ...(usage && usageAttributes(usage)), 'http.response.status_code': trouble?.status ?? undefined });
    return span.fail(trouble?.kind ?? error.type);
  }
  span.fail(signal.aborted ? 'aborted' : typeOfError(error));
}
