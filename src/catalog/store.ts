import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { sql } from '../database/sql.js';
import { ENTITIES, type EntityKind, type Kind, KINDS } from '../domain/kinds.js';
import { baseOf } from '../domain/slug.js';
import type { PersonRole } from '../domain/vocabulary.js';
import type { GenerationJob, JobResult } from '../ledger/generation-job.entity.js';
import { mention, nameKey } from './mentions.js';
import { saveSubjects, type Subject } from './subjects.js';

/** A person whom a film names, or a film that a person's text names. */
export interface NamedCredit {
  text: string;
  year: number | null;
  role: PersonRole;
  character_name: string | null;
  billing_order: number | null;
}

/** The result of a job as data, so that one statement can store many results. */
export interface Result {
  job: Pick<GenerationJob, 'id' | 'entity' | 'locale' | 'context_tag'>;
  subject: Subject;
  named: NamedCredit[];
  /** Only for a film. */
  genres: string[];
  text: string;
  model: string;
}

interface Credit {
  movie_id: string;
  person_id: string;
  role: PersonRole;
  character_name: string | null;
  billing_order: number | null;
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
    result.named.map(({ text, year }) => ({ table: kindOf(result).names, text, year })),
  );
  const mentioned = await mention(tx, results.map(ownName), mentions);
  const ids = new Map<Result, string>();
  for (const entity of ENTITIES) await saveKind(tx, entity, results, ids);
  await saveGenres(tx, results, ids);
  await saveCredits(
    tx,
    results.flatMap((result) => creditsOf(result, ids.get(result)!, mentioned.splice(0, result.named.length))),
  );
  const stored = new Map<Result, JobResult>();
  for (const entity of ENTITIES) await saveTexts(tx, entity, results, { ids, stored });
  return results.map((result) => stored.get(result)!);
}

async function saveKind(
  tx: EntityManager,
  entity: EntityKind,
  results: Result[],
  ids: Map<Result, string>,
): Promise<void> {
  const own = results.filter(({ job }) => job.entity === entity);
  if (own.length === 0) return;
  const subjects = own.map(({ subject }) => subject);
  const saved = await saveSubjects(tx, KINDS[entity], subjects, async (known) => {
    if (entity === 'MOVIE') await dropCrews(tx, known);
  });
  for (const [n, result] of own.entries()) ids.set(result, saved[n]!);
}

/** Deletes the credits that an earlier text of these films brought. Credits from people's own biographies stay. */
async function dropCrews(tx: EntityManager, movieIds: string[]): Promise<void> {
  await sql(
    tx,
    `DELETE FROM movie_people AS credit USING people, movies
     WHERE credit.movie_id = ANY($1::uuid[]) AND movies.id = credit.movie_id AND people.id = person_id
       AND (billing_order IS NOT NULL OR (role = 'DIRECTOR' AND name = director))`,
    [movieIds],
  );
}

async function saveGenres(tx: EntityManager, results: Result[], ids: Map<Result, string>): Promise<void> {
  const films = results.filter(({ job }) => job.entity === 'MOVIE');
  if (films.length === 0) return;
  const rows = films.flatMap((film) =>
    film.genres.map((name) => ({ movie_id: ids.get(film), id: uuidv7(), slug: baseOf(name), name })),
  );
  await sql(
    tx,
    // Sorted, so that no two films with new genres wait for each other.
    `INSERT INTO genres (id, slug, name) SELECT DISTINCT ON (slug) id, slug, name
     FROM jsonb_to_recordset($1::jsonb) AS genre (id uuid, slug text, name text) ORDER BY slug ON CONFLICT (slug)
     DO NOTHING`,
    [JSON.stringify(rows)],
  );
  await sql(tx, 'DELETE FROM movie_genres WHERE movie_id = ANY($1::uuid[])', [films.map((film) => ids.get(film))]);
  await sql(
    tx,
    `INSERT INTO movie_genres (movie_id, genre_id) SELECT DISTINCT row.movie_id, genres.id
     FROM jsonb_to_recordset($1::jsonb) AS row (movie_id uuid, slug text) JOIN genres USING (slug)`,
    [JSON.stringify(rows)],
  );
}

const creditsOf = ({ job, named }: Result, own: string, mentioned: string[]): Credit[] =>
  named.map(({ role, character_name, billing_order }, n) => ({
    movie_id: job.entity === 'MOVIE' ? own : mentioned[n]!,
    person_id: job.entity === 'MOVIE' ? mentioned[n]! : own,
    role,
    character_name,
    billing_order,
  }));

/** Writes the credits; a credit that is known already is completed, not doubled. */
async function saveCredits(tx: EntityManager, credits: Credit[]): Promise<void> {
  if (credits.length === 0) return;
  // A person who is named twice keeps the first place.
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

/** Appends a version of each text. */
async function saveTexts(
  tx: EntityManager,
  entity: EntityKind,
  results: Result[],
  { ids, stored }: { ids: Map<Result, string>; stored: Map<Result, JobResult> },
): Promise<void> {
  const own = results.filter(({ job }) => job.entity === entity);
  if (own.length === 0) return;
  const { texts, owner, textId } = KINDS[entity];
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
