/** The count stops here, so that a million waiting jobs cost no more than a thousand. */
export const MAX_POSITION = 1000;

/**
 * For a SELECT from `generation_jobs AS job`: how many jobs of its kind became due before it; 0: it is next. NULL: it
 * is not PENDING or not due. The queue is first in, first out, so this is how many start before it. Jobs that were
 * handed back or lost meanwhile are not counted exactly. The cost is an index scan forwards from the job, of {@link
 * MAX_POSITION} entries at most.
 */
export const QUEUE_POSITION = `CASE WHEN job.status = 'PENDING' AND job.run_at <= now() THEN (
  SELECT count(*)::integer FROM (SELECT 1 FROM generation_jobs AS ahead
    WHERE ahead.status = 'PENDING' AND ahead.entity = job.entity AND (ahead.run_at, ahead.id) < (job.run_at, job.id)
    ORDER BY ahead.run_at DESC, ahead.id DESC LIMIT ${MAX_POSITION}) AS counted) END`;
