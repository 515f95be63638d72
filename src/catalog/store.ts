import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { sql } from '../database/sql.js';
import { type Kind, KINDS, ROWS } from '../domain/kinds.js';
import { baseOf } from '../domain/slug.js';
import type { GenerationJob, JobResult } from '../ledger/generation-job.entity.js';
import { dropCredits, type Named, saveCredits } from './told-credits.js';
import { mention, nameKey } from './mentions.js';
import { saveSubjects, type Subject } from './subjects.js';

/** The result of a job as data, so that one statement can store many results. */
export interface Result {
  job: Pick<GenerationJob, 'id' | 'entity' | 'locale' | 'context_tag'>;
  subject: Subject;
  named: Named[];
  /** Only for a kind with genres. */
  genres: string[];
  text: string;
  model: string;
}

const kindOf = ({ job }: Result): Kind => KINDS[job.entity];
const ownName = (result: Result) => ({ table: kindOf(result).table, base: result.subject.base });

/** Two results with one key cannot be stored by the same statements. */
export const storeKey = (result: Result) => nameKey(ownName(result));

/**
 * Stores the texts with set-based statements: mentions, subjects, genres, credits, texts. It is part of the transaction
 * that makes the jobs DONE.
 * @param results of different {@link storeKey}
 * @returns one for each, in their order
 */
export async function store(tx: EntityManager, results: Result[]): Promise<JobResult[]> {
  const mentions = results.flatMap((result) =>
    namedBy(result).map(({ text, year }) => ({ table: kindOf(result).credits!.names, text, year })),
  );
  const mentioned = await mention(tx, results.map(ownName), mentions);
  const ids = new Map<Result, string>();
  const stored = new Map<Result, JobResult>();
  const ofEachKind = async (save: (kind: Kind, own: Result[]) => Promise<void>): Promise<void> => {
    for (const kind of ROWS) {
      const own = results.filter((result) => kindOf(result) === kind);
      if (own.length > 0) await save(kind, own);
    }
  };
  await ofEachKind((kind, own) => saveKind(tx, kind, own, ids));
  await ofEachKind((kind, own) => saveGenres(tx, kind, own, ids));
  const told = results.flatMap((result) =>
    namedBy(result).map((named) => ({ kind: kindOf(result), own: ids.get(result)!, named })),
  );
  await saveCredits(
    tx,
    told.map((credit, n) => ({ ...credit, other: mentioned[n]! })),
  );
  await ofEachKind((kind, own) => saveTexts(tx, kind, own, { ids, stored }));
  return results.map((result) => stored.get(result)!);
}

const namedBy = (result: Result) => (kindOf(result).credits ? result.named : []);

async function saveKind(tx: EntityManager, kind: Kind, own: Result[], ids: Map<Result, string>): Promise<void> {
  const subjects = own.map(({ subject }) => subject);
  const saved = await saveSubjects(tx, kind, subjects, (known) => dropCredits(tx, kind, known));
  for (const [n, result] of own.entries()) ids.set(result, saved[n]!);
}

async function saveGenres(
  tx: EntityManager,
  { genres, owner }: Kind,
  own: Result[],
  ids: Map<Result, string>,
): Promise<void> {
  if (!genres) return;
  const rows = own.flatMap((result) =>
    result.genres.map((name) => ({ owner: ids.get(result), id: uuidv7(), slug: baseOf(name), name })),
  );
  await sql(
    tx,
    // Sorted, so that no two with new genres wait for each other.
    `INSERT INTO genres (id, slug, name) SELECT DISTINCT ON (slug) id, slug, name
     FROM jsonb_to_recordset($1::jsonb) AS genre (id uuid, slug text, name text) ORDER BY slug ON CONFLICT (slug)
     DO NOTHING`,
    [JSON.stringify(rows)],
  );
  await sql(tx, `DELETE FROM ${genres} WHERE ${owner} = ANY($1::uuid[])`, [own.map((result) => ids.get(result))]);
  await sql(
    tx,
    `INSERT INTO ${genres} (${owner}, genre_id) SELECT DISTINCT row.owner, genres.id
     FROM jsonb_to_recordset($1::jsonb) AS row (owner uuid, slug text) JOIN genres USING (slug)`,
    [JSON.stringify(rows)],
  );
}

/** Appends a version of each text. */
async function saveTexts(
  tx: EntityManager,
  { texts, owner, textId }: Kind,
  own: Result[],
  { ids, stored }: { ids: Map<Result, string>; stored: Map<Result, JobResult> },
): Promise<void> {
  const rows = own.map((result) => {
    const { id: job_id, locale, context_tag } = result.job;
    return {
      id: uuidv7(),
      owner: ids.get(result),
      job_id,
      locale,
      context_tag,
      text: result.text,
      model: result.model,
    };
  });
  const saved = await sql<{ id: string; version: number }>(
    tx,
    `INSERT INTO ${texts} (id, ${owner}, job_id, locale, context_tag, version, text, origin, ai_model)
     SELECT id, owner, job_id, locale, context_tag, COALESCE((SELECT MAX(version) FROM ${texts} AS known
         WHERE known.${owner} = row.owner AND known.locale = row.locale
         AND known.context_tag = row.context_tag), 0) + 1,
       text, 'GENERATED', model
     FROM jsonb_to_recordset($1::jsonb)
       AS row (id uuid, owner uuid, job_id uuid, locale text, context_tag text, text text, model text)
     RETURNING id, version`,
    [JSON.stringify(rows)],
  );
  for (const [n, result] of own.entries()) {
    const { id } = rows[n]!;
    const { version } = saved.find((row) => row.id === id)!;
    stored.set(result, { id: ids.get(result)!, slug: result.subject.slug, [textId]: id, version });
  }
}
