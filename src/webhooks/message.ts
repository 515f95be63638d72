import { linkedBelow } from '../http/base-path.js';
import { linksOf } from '../jobs/jobs.dto.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import type { WebhookDelivery } from './webhook-delivery.entity.js';

/** The content of a message. */
export type MessageContent = Pick<WebhookDelivery, 'event' | 'job_status' | 'created_at' | 'suggestions' | 'metadata'> &
  Pick<GenerationJob, 'entity' | 'requested_slug' | 'locale' | 'context_tag' | 'result'> & { job_id: string };

/**
 * The body: what happened, to which job, and where to look. It is made anew for each attempt, only from what does not
 * change. So all attempts carry the same bytes. A job whose run FAILED has no result in that message, though a later
 * run may have one.
 */
export function bodyOf(
  { event, job_status, created_at, suggestions, metadata, job_id, result: last, ...job }: MessageContent,
  basePath: string,
): string {
  const result = job_status === 'DONE' ? last : null;
  const links = linksOf({ ...job, id: job_id, result });
  const { entity, requested_slug, locale, context_tag } = job;
  const subject = { entity, slug: result?.slug ?? requested_slug, locale, context_tag };
  const message = {
    type: event,
    timestamp: created_at.toISOString(),
    data: {
      job_id,
      status: job_status,
      ...subject,
      metadata: metadata ?? {},
      links,
      ...(suggestions && { suggestions }),
    },
  };
  return JSON.stringify(linkedBelow(basePath, message));
}
