import { type Session, sql } from '../database/sql.js';
import { ROWS } from '../domain/kinds.js';
import { ACTIVE_STATUSES, STATUSES } from '../domain/vocabulary.js';

/** Breaches of one invariant that are told at most. */
const TOLD = 20;

const listed = (words: readonly string[]) => words.map((word) => `'${word}'`).join(', ');

/** Ids of texts, films and people that somebody has removed: a job may have written what is gone now. */
const REMOVED = `SELECT CASE action WHEN 'remove' THEN entity_id::text ELSE details ->> 'id' END FROM audit_log
  WHERE action IN ('remove', 'remove_text')`;

/** Every text with its job: `id`, `job_id`. */
const TEXTS = ROWS.map(({ texts }) => `SELECT id, job_id FROM ${texts}`).join(' UNION ALL ');
/** Every film and person with its slug: `slug`, `table_name`. */
const SLUGS = ROWS.map(({ table }) => `SELECT slug, '${table}' AS table_name FROM ${table}`).join(' UNION ALL ');
/** The id of the text that a job says it wrote. */
const NAMED = `COALESCE(${ROWS.map(({ textId }) => `result ->> '${textId}'`).join(', ')})`;

/**
 * What holds of every database of this program at any moment, as questions that answer with the breaches: what is
 * wrong (`of`), and how (`detail`). Most is held by constraints as well; this asks whether it is so, whoever wrote it.
 */
export const INVARIANTS = {
  'constraints and indexes are valid': `
    SELECT conrelid::regclass::text AS of, conname || ' is not validated' AS detail FROM pg_constraint
    WHERE NOT convalidated AND connamespace = current_schema()::regnamespace
    UNION ALL SELECT indrelid::regclass::text, indexrelid::regclass::text || ' is not valid' FROM pg_index
    JOIN pg_class AS c ON c.oid = indexrelid
    WHERE NOT (indisvalid AND indisready) AND relnamespace = current_schema()::regnamespace`,
  'every job is in a known state': `
    SELECT id::text AS of, status || CASE WHEN lease_token IS NULL THEN '' ELSE ' with a lease' END AS detail
    FROM generation_jobs WHERE status NOT IN (${listed(STATUSES)})
      OR (status = 'IN_PROGRESS') <> (lease_token IS NOT NULL)
      OR (status IN (${listed(ACTIVE_STATUSES)})) = (finished_at IS NOT NULL)`,
  'a subject has one unfinished job': `
    SELECT min(id::text) AS of, count(*) || ' for ' || requested_slug AS detail FROM generation_jobs
    WHERE status IN (${listed(ACTIVE_STATUSES)})
    GROUP BY entity, requested_slug, locale, context_tag HAVING count(*) > 1`,
  'every DONE job has its result': `
    SELECT job.id::text AS of, 'its text ' || COALESCE(${NAMED}, 'has no id and') || ' is not there' AS detail
    FROM generation_jobs AS job
    WHERE status = 'DONE' AND NOT EXISTS (SELECT FROM (${TEXTS}) AS own WHERE own.id::text = ${NAMED}
      AND own.job_id = job.id)
    AND NOT EXISTS (SELECT FROM (${REMOVED}) AS gone (id) WHERE gone.id IN (${NAMED}, result ->> 'id'))`,
  'only DONE jobs have a result': `
    SELECT job.id::text AS of, status || ' with the text ' || own.id AS detail
    FROM (${TEXTS}) AS own JOIN generation_jobs AS job ON job.id = own.job_id WHERE status <> 'DONE'`,
  'a FAILED job is kept as one failed job': `
    SELECT COALESCE(job.id, failed.job_id)::text AS of,
      COALESCE(job.status, 'no job') || ' with ' || COALESCE(failed.count, 0) || ' failed_jobs rows' AS detail
    FROM generation_jobs AS job
    FULL JOIN (SELECT job_id, count(*) FROM failed_jobs GROUP BY 1) AS failed ON failed.job_id = job.id
    WHERE COALESCE(failed.count, 0) <> CASE WHEN job.status = 'FAILED' THEN 1 ELSE 0 END`,
  'a slug names one film or person': `
    SELECT table_name || ' ' || slug AS of, count(*) || ' rows' AS detail FROM (${SLUGS}) AS named
    GROUP BY table_name, slug HAVING count(*) > 1`,
};

/** What does not hold. */
export interface LedgerBreach {
  invariant: string;
  of: string;
  detail: string;
}

/** Holds the ledger against every invariant. Reads all of it: not for a request. @returns what does not hold */
export async function ledgerBreaches(db: Session): Promise<LedgerBreach[]> {
  const found: LedgerBreach[] = [];
  for (const [invariant, question] of Object.entries(INVARIANTS)) {
    const rows = await sql<Omit<LedgerBreach, 'invariant'>>(db, `${question} LIMIT ${TOLD}`);
    found.push(...rows.map((row) => ({ invariant, ...row })));
  }
  return found;
}
