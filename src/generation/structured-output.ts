import { Ajv } from 'ajv';
import { GenerationFailure } from '../domain/failure.js';
import type { Answer, Ask } from '../llm/llm.js';

/** Parts of a schema in the subset that strict mode takes: every property required, no others. */
export const text = { type: 'string' };
export const optionalText = { type: ['string', 'null'] };
export const object = (properties: Record<string, object>) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

const ajv = new Ajv({ allowUnionTypes: true });

/** Checks an answer against the schema it was asked for. @throws GenerationFailure VALIDATION_ERROR, retryable. */
export function fitting<T>(ask: Ask, answer: Answer): T {
  // Each schema is compiled once: Ajv caches by the object's identity.
  const fits = ajv.compile<T>(ask.schema);
  if (fits(answer.output)) return answer.output;
  const [error] = fits.errors ?? [];
  throw misfit(`The model's answer does not fit: ${error?.instancePath || '/'} ${error?.message}.`, answer);
}

export const misfit = (message: string, answer: Answer) =>
  new GenerationFailure('VALIDATION_ERROR', message, { retryable: true, usage: answer.usage });

export const unknownSubject = (message: string, answer: Answer) =>
  new GenerationFailure('NOT_FOUND', message, { retryable: false, usage: answer.usage });
