import { kindOfTable, kindOfTexts, type Table, type Texts } from '../domain/kinds.js';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Session, sql } from '../database/sql.js';
import type { GenerationJob, JobRequest } from '../ledger/generation-job.entity.js';
import { formerPattern, formerSlugs, partsOf, slugOf } from '../domain/slug.js';
import type { PersonRole } from '../domain/vocabulary.js';

export interface Credit {
  movie_id: string;
  person_id: string;
  role: PersonRole;
  character_name: string | null;
  billing_order: number | null;
}

/** The row this is: the one with its year, else the one whose year is not yet known. Call under the lock on its name that `mention` takes. */
export async function findNamed(
  tx: EntityManager,
  table: Table,
  named: { base: string; year: number | null },
): Promise<string | null> {
  const { base, year } = kindOfTable(table);
  const [found] = await sql<{ id: string }>(
    tx,
    `SELECT id FROM ${table} WHERE ${base} = $1 AND (${year} = $2 OR ${year} IS NULL) ORDER BY ${year} NULLS LAST, id LIMIT 1`,
    [named.base, named.year],
  );
  return found?.id ?? null;
}

/** A row that a slug means, besides the columns that were asked for. */
interface Meant {
  slug: string;
  spelled: string;
  year: number | null;
  /** By its slug or its name; else by the hash of its spelling. */
  named: boolean;
}

/**
 * What a slug means: exactly that row first; without a year all of that name, the newest first. A slug has a hash where its words
 * alone could be mistaken; the row it meant is found by it also when its year was learned later, and is in its slug instead;
 * and so it is by the shorter hash that slugs had before.
 */
export async function findMeant<Row>(
  db: Session,
  { table, slug, firstYear, columns }: { table: Table; slug: string; firstYear: number; columns: string },
  limit: number,
): Promise<(Row & Meant)[]> {
  const { base, text, year } = kindOfTable(table);
  const name = partsOf(slug, firstYear).year === null ? slug : null;
  const [, unhashed = null] = /^(.+)-(?:[\da-f]{8}|[\da-f]{16})$/.exec(slug) ?? [];
  const rows = await sql<Row & Meant>(
    db,
    `SELECT ${columns}, slug, ${text} AS spelled, ${year} AS year, (slug = $1 OR ${base} = $2) IS TRUE AS named FROM ${table}
     WHERE slug = $1 OR ${base} IN ($2, $3) OR ${base} LIKE $5 ORDER BY slug = $1 DESC, ${year} DESC NULLS LAST, id LIMIT $4`,
    [slug, name, unhashed, limit, formerPattern(slug)],
  );
  return rows.filter(
    ({ named, spelled, year: known }) =>
      named || slugOf(spelled, null) === slug || formerSlugs(spelled, known).includes(slug),
  );
}

/** How the film or person of exactly that slug is called; `null`: none is. */
export async function knownAs(db: Session, table: Table, slug: string, firstYear: number): Promise<JobRequest | null> {
  const meant = await findMeant(db, { table, slug, firstYear, columns: 'id' }, 1);
  const known = meant.find((row) => row.slug === slug || !row.named);
  return known ? { subject: known.spelled, year: known.year } : null;
}

/** Writes who did what; what is known already is completed, not doubled. */
export async function saveCredits(tx: EntityManager, credits: Credit[]): Promise<void> {
  // Of somebody who is named twice the first place counts.
  const single = new Map(
    credits.toReversed().map((credit) => [`${credit.movie_id} ${credit.person_id} ${credit.role}`, credit]),
  );
  await sql(
    tx,
    `INSERT INTO movie_people (movie_id, person_id, role, character_name, billing_order)
     SELECT * FROM jsonb_to_recordset($1::jsonb)
       AS credit (movie_id uuid, person_id uuid, role text, character_name text, billing_order smallint)
     ON CONFLICT (movie_id, person_id, role) DO UPDATE SET
       character_name = COALESCE(EXCLUDED.character_name, movie_people.character_name),
       billing_order = COALESCE(EXCLUDED.billing_order, movie_people.billing_order)`,
    [JSON.stringify([...single.values()])],
  );
}

/** Appends a version of a film's description or a person's biography. */
export async function saveText(
  tx: EntityManager,
  table: Texts,
  owner: string,
  { job, text, model }: { job: GenerationJob; text: string; model: string },
): Promise<{ id: string; version: number }> {
  const { owner: column } = kindOfTexts(table);
  const [saved] = await sql<{ id: string; version: number }>(
    tx,
    `INSERT INTO ${table} (id, ${column}, job_id, locale, context_tag, version, text, origin, ai_model)
     SELECT $1, $2, $3, $4, $5, COALESCE(MAX(version), 0) + 1, $6, 'GENERATED', $7 FROM ${table}
     WHERE ${column} = $2 AND locale = $4 AND context_tag = $5 RETURNING id, version`,
    [uuidv7(), owner, job.id, job.locale, job.context_tag, text, model],
  );
  return saved!;
}
