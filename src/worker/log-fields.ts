import { traceIdOf } from '../http/trace.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';

/** Fields by which a log line names its job and the request behind it. */
export const logFields = ({ id, entity, attempts, request_id, traceparent }: GenerationJob) => ({
  job_id: id,
  entity,
  attempt: attempts,
  request_id,
  ...(traceparent && { trace_id: traceIdOf(traceparent) }),
});
