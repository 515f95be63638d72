import { linkedBelow } from '../http/base-path.js';
import { linksOf } from '../jobs/jobs.dto.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import type { WebhookDelivery } from './webhook-delivery.entity.js';

/** The content of a message. */
export type MessageContent = Pick<WebhookDelivery, 'event' | 'job_status' | 'created_at' | 'suggestions'> &
  Pick<GenerationJob, 'entity' | 'locale' | 'context_tag' | 'result'> & { job_id: string };

/**
 * The body: what happened, to which job, and where to look. It is made anew for each attempt, only from what does not
 * change. So all attempts carry the same bytes. A job whose run FAILED has no result in that message, though a later
 * run may have one.
 */
export function bodyOf(
  { event, job_status, created_at, suggestions, job_id, result, ...job }: MessageContent,
  basePath: string,
): string {
  const links = linksOf({ ...job, id: job_id, result: job_status === 'DONE' ? result : null });
  const message = {
    type: event,
    timestamp: created_at.toISOString(),
    data: { job_id, status: job_status, links, ...(suggestions && { suggestions }) },
  };
  return JSON.stringify(linkedBelow(basePath, message));
}
