import type { Result } from '../catalog/told.js';
import { KINDS } from '../domain/kinds.js';
import { jobAttributes } from '../ledger/about-job.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import type { Outcome } from '../ledger/settle.js';
import { queueAttributes } from '../queue/dispatch-spans.js';
import type { Span } from '../tracing/span.js';
import type { Tracing } from '../tracing/tracing.js';

/** A try, as a part of the request that its row names: in whatever process that was, and however long ago. */
export function beginTry(tracing: Tracing, job: GenerationJob): Span {
  const { queue } = KINDS[job.entity];
  if (!tracing.isOn) return tracing.begin(queue, job.traceparent);
  const attributes = {
    ...queueAttributes(queue, 'process'),
    'messaging.message.id': job.id,
    ...jobAttributes(job),
    'moviemind.job.attempt': job.attempts,
    'moviemind.job.max_attempts': job.max_attempts,
  };
  return tracing.begin(`process ${queue}`, job.traceparent, { kind: 'consumer', attributes });
}

/** @param outcome `null`: the job was not ours any more */
export function tellOutcome(span: Span, outcome: Outcome<Result> | null): void {
  span.set({ 'moviemind.outcome': outcome?.kind ?? 'lost' });
  if (outcome?.kind === 'retry') span.set({ 'moviemind.retry_in_ms': Math.round(outcome.delayMs) });
  // A job that is handed back has failed at nothing.
  const error = outcome && 'error' in outcome && outcome.kind !== 'handBack' ? outcome.error : undefined;
  if (!error) return;
  span.set({ 'moviemind.trouble': outcome?.cause?.trouble?.kind, 'moviemind.gate': outcome?.cause?.gate });
  span.fail(error.type);
}
