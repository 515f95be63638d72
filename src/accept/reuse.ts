import { ENTITIES, type EntityKind, type Kind, KINDS } from '../domain/kinds.js';
import { type Database, sql } from '../database/sql.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { type Answered, answeredTo } from '../ledger/requesters.js';
import { CURRENT_FIRST } from '../domain/text.dto.js';
import { seekAll } from '../catalog/sought.js';
import { askedBy, soughtBy } from '../generation/asked.js';
import { doneJobs } from '../ledger/insert.js';
import type { AskedText } from './asked.js';

/**
 * The current text that a submission would have had written again, and the job that wrote it; `null`: the job is
 * forgotten.
 */
interface ExistingText {
  n: number;
  text_id: string;
  job_id: string | null;
}

/**
 * The finished jobs of existing texts, for the requests that reuse them. The requesting key shares the job. A text
 * outlives its job, which is forgotten after a while. Then the text gets a new job, made as finished.
 */
export async function reusableJobs(db: Database, asked: AskedText[], tries: number) {
  const jobs = new Map<AskedText, GenerationJob>();
  for (const entity of ENTITIES) {
    const wanted = asked.filter(({ subject, reuse }) => reuse && subject.entity === entity);
    const found = wanted.length > 0 ? await findTexts(db, entity, wanted) : [];
    await insertDoneJobs(
      db,
      entity,
      found.filter(({ job_id }) => job_id === null),
      wanted,
      tries,
    );
    for (const { n, ...job } of await jobsOf(db, KINDS[entity], found, wanted)) jobs.set(wanted[n]!, job);
  }
  return jobs;
}

/**
 * The current text in this locale and tag, of what each request means. Of several it means none, and what has its
 * id under another name is first looked at by its job.
 */
async function findTexts(db: Database, entity: EntityKind, wanted: AskedText[]): Promise<ExistingText[]> {
  const { texts, owner } = KINDS[entity];
  const asked = wanted.map(({ subject, request }) => askedBy({ ...subject, request }));
  const found = await seekAll(db, entity, asked.map(soughtBy));
  const items = found.flatMap(({ row, several }, n) => {
    const { locale, context_tag, choose } = asked[n]!;
    return row?.named && (choose || several.length === 0) ? [{ n, id: row.id, locale, context_tag }] : [];
  });
  if (items.length === 0) return [];
  return sql<ExistingText>(
    db,
    `SELECT item.n, served.id AS text_id, served.job_id
     FROM jsonb_to_recordset($1::jsonb) AS item (n integer, id uuid, locale text, context_tag text)
     CROSS JOIN LATERAL (SELECT id, job_id FROM ${texts} AS text WHERE text.${owner} = item.id
       AND text.locale = item.locale AND text.context_tag = item.context_tag
       ORDER BY ${CURRENT_FIRST} LIMIT 1) AS served`,
    [JSON.stringify(items)],
  );
}

/**
 * Makes a finished job for each text without one, with the origin of the first request. Of several requests at once the
 * first locks the text.
 */
async function insertDoneJobs(
  db: Database,
  entity: EntityKind,
  orphans: ExistingText[],
  asked: AskedText[],
  tries: number,
): Promise<void> {
  if (orphans.length === 0) return;
  const { table, texts, owner, textId, text: name, year } = KINDS[entity];
  const first = new Map([...orphans].reverse().map(({ n, text_id }) => [text_id, asked[n]!]));
  const rows = [...first].map(([text_id, { origin }]) => ({ text_id, max_attempts: tries, ...origin }));
  await sql(
    db,
    `WITH orphan AS MATERIALIZED (
       SELECT text.id, text.locale, text.context_tag, text.version, owner.id AS owner_id, owner.slug,
         owner.${name} AS name, owner.${year} AS year, uuid_v7_of_now() AS job_id,
         asker.max_attempts, asker.request_id, asker.traceparent, asker.api_key_id
       FROM jsonb_to_recordset($1::jsonb) AS asker (text_id uuid, max_attempts smallint, request_id text,
         traceparent text, api_key_id uuid)
       JOIN ${texts} AS text ON text.id = asker.text_id
       JOIN ${table} AS owner ON owner.id = text.${owner}
       WHERE text.job_id IS NULL ORDER BY text.id FOR UPDATE OF text),
     made AS (${doneJobs(entity, textId)})
     UPDATE ${texts} AS text SET job_id = orphan.job_id FROM orphan WHERE text.id = orphan.id`,
    [JSON.stringify(rows)],
  );
}

async function jobsOf(
  db: Database,
  { texts }: Kind,
  found: ExistingText[],
  asked: AskedText[],
): Promise<(Answered & { n: number })[]> {
  if (found.length === 0) return [];
  const items = found.map(({ n, text_id }) => ({ n, text_id, asked_by: asked[n]!.origin.api_key_id }));
  return answeredTo(
    db,
    `SELECT item.n, item.asked_by, job.*
     FROM jsonb_to_recordset($1::jsonb) AS item (n integer, text_id uuid, asked_by uuid)
     JOIN ${texts} AS text ON text.id = item.text_id JOIN generation_jobs AS job ON job.id = text.job_id`,
    [JSON.stringify(items)],
  );
}
