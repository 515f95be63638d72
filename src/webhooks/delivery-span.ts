import { jobAttributes } from '../ledger/about-job.js';
import type { Attributes, Span } from '../tracing/span.js';
import type { Claimed } from './deliveries.service.js';
import type { Outcome } from './sender.js';

/** Of the endpoint nothing: its address is its owner's, and may itself be a secret. */
export const attributesOf = (claimed: Claimed): Attributes => ({
  'http.request.method': 'POST',
  'moviemind.delivery.id': claimed.id,
  'moviemind.delivery.event': claimed.event,
  'moviemind.delivery.attempt': claimed.attempts,
  ...(claimed.job_id === null
    ? { 'moviemind.batch.id': claimed.batch_id }
    : jobAttributes({ ...claimed, id: claimed.job_id })),
});

/** The attempt is over, and so is its step. @param outcome `null`: the worker stops, and broke it off */
export function tellOutcome(span: Span, outcome: Outcome | null): void {
  span.set({ 'http.response.status_code': outcome?.status ?? undefined });
  if (outcome === null) span.fail('aborted');
  else if (outcome.error !== null) span.fail(outcome.status === null ? 'no_answer' : String(outcome.status));
  span.end();
}
