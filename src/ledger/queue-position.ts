/** The count stops here, so that a million waiting jobs cost no more than a thousand. */
export const MAX_POSITION = 1000;

const IS_DUE = `job.status = 'PENDING' AND job.run_at <= now()`;

/**
 * For a statement with `asked`, rows of generation_jobs. Numbers the first {@link MAX_POSITION} due jobs of each kind
 * that occurs among these rows. However many rows there are, this takes one index scan for each kind.
 */
export const IN_LINE = `in_line AS MATERIALIZED (
    SELECT first.id,
      (row_number() OVER (PARTITION BY kind.entity ORDER BY first.run_at, first.id) - 1)::integer AS place
    FROM (SELECT DISTINCT entity FROM asked AS job WHERE ${IS_DUE}) AS kind
    CROSS JOIN LATERAL (SELECT id, run_at FROM generation_jobs
      WHERE status = 'PENDING' AND entity = kind.entity AND run_at <= now()
      ORDER BY run_at, id LIMIT ${MAX_POSITION}) AS first)`;

/**
 * For a SELECT from `asked AS job LEFT JOIN in_line`: how many jobs of its kind became due before it; 0: it is next.
 * NULL: it is not PENDING or not due. The queue is first in, first out, so this is how many start before it.
 * Jobs that were handed back or lost meanwhile are not counted exactly.
 */
export const PLACE = `CASE WHEN ${IS_DUE} THEN COALESCE(in_line.place, ${MAX_POSITION}) END`;
