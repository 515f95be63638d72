import { traceIdOf } from '../tracing/traceparent.js';
import type { GenerationJob } from './generation-job.entity.js';

type Named = Pick<GenerationJob, 'id' | 'entity' | 'requested_slug' | 'request_id' | 'traceparent'>;

/** Fields by which every log line names its job and the request behind it. The slug is that of the request. */
export const logFields = ({ id, entity, requested_slug, request_id, traceparent }: Named) => ({
  job_id: id,
  entity,
  slug: requested_slug,
  request_id,
  ...(traceparent && { trace_id: traceIdOf(traceparent) }),
});

/** When the next try is. It is not before that: a model that is held, or a queue that is paused, comes on top. */
export const waitFields = (delayMs: number) => ({
  retry_in_ms: Math.round(delayMs),
  retry_at: new Date(Date.now() + delayMs).toISOString(),
});

/** The same for a step of a trace. */
export const jobAttributes = ({
  id,
  entity,
  requested_slug,
  locale,
  context_tag,
}: Pick<GenerationJob, 'id' | 'entity' | 'requested_slug' | 'locale' | 'context_tag'>) => ({
  'moviemind.job.id': id,
  'moviemind.job.entity': entity,
  'moviemind.job.slug': requested_slug,
  'moviemind.job.locale': locale,
  'moviemind.job.context_tag': context_tag,
});
