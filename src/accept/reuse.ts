import { ENTITIES, type EntityKind, type Kind, KINDS } from '../domain/kinds.js';
import { type Database, sql } from '../database/sql.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { answeredTo } from '../ledger/requesters.js';
import { baseOf, partsOf } from '../domain/slug.js';
import type { Origin } from '../access/origin.js';
import { doneJobs } from '../ledger/insert.js';
import type { Submission } from './submit.js';

/**
 * The newest text that a submission would have had written once more, and the job that wrote it; `null`: forgotten
 * since.
 */
interface Found {
  n: number;
  text_id: string;
  job_id: string | null;
}

/**
 * The finished jobs of the texts that are there, for the submissions that reuse them; the key shares them. A text
 * outlives its job, which is forgotten after a while: then it gets another one, finished as it is made.
 */
export async function reusableJobs(
  db: Database,
  submissions: Submission[],
  origin: Origin,
  tries: number,
): Promise<Map<Submission, GenerationJob>> {
  const jobs = new Map<Submission, GenerationJob>();
  for (const entity of ENTITIES) {
    const kind = KINDS[entity];
    const wanted = submissions.filter(({ subject, reuse }) => reuse && subject.entity === entity);
    const found = wanted.length > 0 ? await findTexts(db, kind, wanted) : [];
    const orphans = found.filter(({ job_id }) => job_id === null).map(({ text_id }) => text_id);
    if (orphans.length > 0) await adopt(db, entity, orphans, origin, tries);
    for (const { n, ...job } of found.length > 0 ? await jobsOf(db, kind, found, origin.api_key_id) : [])
      jobs.set(wanted[n]!, job);
  }
  return jobs;
}

/** Of exactly that slug, or without a year of the newest of that name: the last text in that locale and manner. */
function findTexts(
  db: Database,
  { table, texts, owner, base, year, firstYear }: Kind,
  wanted: Submission[],
): Promise<Found[]> {
  const items = wanted.map(({ subject, request: { subject: text } }, n) => {
    const { requested_slug } = subject;
    const dated = partsOf(requested_slug, firstYear).year !== null;
    return { ...subject, n, words: text && !dated ? baseOf(text) : requested_slug };
  });
  return sql<Found>(
    db,
    `SELECT item.n, newest.id AS text_id, newest.job_id FROM jsonb_to_recordset($1::jsonb)
       AS item (n integer, requested_slug text, words text, locale text, context_tag text)
     CROSS JOIN LATERAL (SELECT id FROM ${table} WHERE slug = item.requested_slug OR ${base} = item.words
       ORDER BY slug = item.requested_slug DESC, ${year} DESC NULLS LAST LIMIT 1) AS known
     CROSS JOIN LATERAL (SELECT id, job_id FROM ${texts} AS text WHERE text.${owner} = known.id
       AND text.locale = item.locale AND text.context_tag = item.context_tag ORDER BY version DESC LIMIT 1) AS newest`,
    [JSON.stringify(items)],
  );
}

/** Of requests at once the first locks the text, and the others find it adopted. */
async function adopt(
  db: Database,
  entity: EntityKind,
  orphans: string[],
  origin: Origin,
  tries: number,
): Promise<void> {
  const { table, texts, owner, textId, text: name, year } = KINDS[entity];
  await sql(
    db,
    `WITH orphan AS MATERIALIZED (
       SELECT text.id, text.locale, text.context_tag, text.version, owner.id AS owner_id, owner.slug, owner.${name} AS name,
         owner.${year} AS year, uuid_v7_of_now() AS job_id
       FROM ${texts} AS text JOIN ${table} AS owner ON owner.id = text.${owner}
       WHERE text.id = ANY($1::uuid[]) AND text.job_id IS NULL ORDER BY text.id FOR UPDATE OF text),
     made AS (${doneJobs(entity, textId)})
     UPDATE ${texts} AS text SET job_id = orphan.job_id FROM orphan WHERE text.id = orphan.id`,
    [orphans, tries, origin.request_id, origin.traceparent, origin.api_key_id],
  );
}

function jobsOf(
  db: Database,
  { texts }: Kind,
  found: Found[],
  keyId: string | null,
): Promise<(GenerationJob & { n: number })[]> {
  return answeredTo(
    db,
    keyId,
    `SELECT item.n, job.* FROM jsonb_to_recordset($1::jsonb) AS item (n integer, text_id uuid)
     JOIN ${texts} AS text ON text.id = item.text_id JOIN generation_jobs AS job ON job.id = text.job_id`,
    [JSON.stringify(found)],
  );
}
