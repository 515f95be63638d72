import { linkedBelow } from '../http/base-path.js';
import { countsOf } from '../jobs/counts.dto.js';
import { linksOf } from '../jobs/jobs.dto.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import type { ReportedStatus } from './events.js';
import type { WebhookDelivery } from './webhook-delivery.entity.js';

type Told = Pick<WebhookDelivery, 'event' | 'created_at' | 'metadata'>;

/** A message about a job. */
export type JobMessage = Told &
  Pick<WebhookDelivery, 'suggestions'> &
  Pick<GenerationJob, 'entity' | 'requested_slug' | 'locale' | 'context_tag' | 'result'> & {
    job_id: string;
    job_status: ReportedStatus;
  };

/** A message about a batch. */
export type BatchMessage = Told & { job_id: null; batch_id: string; total: number } & Pick<WebhookDelivery, 'counts'>;

/** The content of a message. */
export type MessageContent = JobMessage | BatchMessage;

/**
 * The body: what happened, to which job or batch, and where to look. It is made anew for each attempt, only from what
 * does not change. So all attempts carry the same bytes.
 */
export function bodyOf(message: MessageContent, basePath: string): string {
  const { event, created_at } = message;
  const data = message.job_id === null ? aboutBatch(message) : aboutJob(message);
  return JSON.stringify(linkedBelow(basePath, { type: event, timestamp: created_at.toISOString(), data }));
}

/** A job whose run FAILED has no result in that message, though a later run may have one. */
function aboutJob({ job_status, suggestions, metadata, job_id, result: last, ...job }: JobMessage) {
  const result = job_status === 'DONE' ? last : null;
  const links = linksOf({ ...job, id: job_id, result });
  const { entity, requested_slug, locale, context_tag } = job;
  const subject = { entity, slug: result?.slug ?? requested_slug, locale, context_tag };
  const noted = { metadata: metadata ?? {} };
  return { job_id, status: job_status, ...subject, ...noted, links, ...(suggestions && { suggestions }) };
}

function aboutBatch({ batch_id, total, counts, metadata }: BatchMessage) {
  const self = `/batches/${batch_id}`;
  return {
    batch_id,
    total,
    counts: countsOf(counts ?? {}),
    metadata: metadata ?? {},
    links: { self, jobs: `${self}/jobs` },
  };
}
