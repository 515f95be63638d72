import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { filmsDirectedBy, joinDirectors } from '../catalog/joined-directors.js';
import { replaceGenres } from '../catalog/saved-genres.js';
import type { ExternalIds } from '../catalog/told.js';
import { sql, sqlRow } from '../database/sql.js';
import { inTransaction } from '../database/transaction.js';
import type { Kind } from '../domain/kinds.js';
import { baseOf, slugOf } from '../domain/slug.js';
import { named } from '../generation/asked.js';
import { conflict } from '../http/problem.js';
import { type Doer, noteDeed } from '../audit/audit-log.js';
import { type EditedRow, entityOf, lockWithNames } from './edited-row.js';
import { type Crew, crewBefore, listsOf, replaceCrew } from './edited-crew.js';
import { addName, replaceNames } from './edited-names.js';

/** What somebody knows better. What is missing stays; `null`: it is not known. */
export interface Correction {
  name?: string;
  otherNames?: string[];
  year?: number | null;
  genres?: string[];
  externalIds?: { [Id in keyof ExternalIds]?: ExternalIds[Id] | null };
  /** Of a film. */
  crew?: Crew;
  /** By column. */
  facts: Record<string, string | null>;
  hidden?: boolean;
}

export const sameFilm = (slug: string) => conflict(`${slug} has this name and year already.`);
export const takenId = (slug: string) => conflict(`${slug} has this external id.`);

/** The facts of a film or a person as somebody corrects them: no model changes them from then on. */
@Injectable()
export class Corrections {
  constructor(private readonly db: DataSource) {}

  /** @returns the id of the row */
  correct(kind: Kind, address: string, wanted: Correction, doer: Doer): Promise<string> {
    const entity = entityOf(kind);
    const more = wanted.name === undefined ? [] : [named(wanted.name, entity)];
    const work = async (tx: EntityManager) => {
      const { row } = await lockWithNames(tx, kind, address, more);
      await refuseConflicts(tx, kind, row, wanted);
      const before = {
        ...(await factsBefore(tx, kind, row, wanted)),
        ...(await crewBefore(tx, row.id, listsOf(wanted.crew ?? {}))),
      };
      await saveRow(tx, kind, row, wanted);
      await saveNames(tx, kind, row, wanted);
      if (wanted.genres && kind.genres) await replaceGenres(tx, kind, row.id, wanted.genres);
      if (wanted.crew) await replaceCrew(tx, row, wanted.crew);
      if (wanted.name !== undefined && kind.called === 'NAME')
        await joinDirectors(tx, await filmsDirectedBy(tx, row.id));
      await note(tx, kind, row, { wanted, before, doer });
      return row.id;
    };
    return inTransaction(this.db, work).catch((error: unknown) => {
      // Somebody took the id in between.
      if ((error as { code?: string }).code === '23505') throw conflict('Another one has this external id.');
      throw error;
    });
  }
}

/** The fields of {@link Correction} by the names under which they are kept as corrected. */
const fieldsOf = ({ name, otherNames, year, genres, externalIds, crew = {}, facts }: Correction): string[] => [
  ...(name === undefined ? [] : ['name']),
  ...(otherNames === undefined ? [] : ['other_names']),
  ...(year === undefined ? [] : ['year']),
  ...(genres === undefined ? [] : ['genres']),
  ...(externalIds === undefined ? [] : ['external_ids']),
  ...listsOf(crew),
  ...Object.keys(facts),
];

/** @throws ProblemException 409 */
async function refuseConflicts(tx: EntityManager, kind: Kind, row: EditedRow, wanted: Correction): Promise<void> {
  const { table, base, year: column } = kind;
  const { imdb = null, tmdb = null } = wanted.externalIds ?? {};
  const ids = `SELECT slug FROM ${table} WHERE id <> $1 AND (imdb_id = $2 OR tmdb_id = $3) LIMIT 1`;
  const [holder] = imdb || tmdb ? await sql<{ slug: string }>(tx, ids, [row.id, imdb, tmdb]) : [];
  if (holder) throw takenId(holder.slug);
  const { name = row.text, year = row.year } = wanted;
  if (year === null || (wanted.name === undefined && wanted.year === undefined)) return;
  const twins = `SELECT slug FROM ${table} WHERE id <> $1 AND ${base} = $2 AND ${column} = $3 LIMIT 1`;
  const [twin] = await sql<{ slug: string }>(tx, twins, [row.id, baseOf(name), year]);
  if (twin) throw sameFilm(twin.slug);
}

async function factsBefore(tx: EntityManager, kind: Kind, row: EditedRow, { facts, genres, otherNames }: Correction) {
  const { table, names, owner, text } = kind;
  const columns = Object.keys(facts).map((name) => `${name}::text AS ${name}`);
  const lists = [
    ...(otherNames
      ? [`ARRAY(SELECT ${text} FROM ${names} WHERE ${owner} = own.id AND source = 'OTHER') AS names`]
      : []),
    ...(genres && kind.genres
      ? [`ARRAY(SELECT slug FROM genres JOIN ${kind.genres} ON genre_id = genres.id WHERE ${owner} = own.id) AS genres`]
      : []),
  ];
  const wanted = ['id', ...columns, ...lists].join(', ');
  return sqlRow<Record<string, unknown>>(tx, `SELECT ${wanted} FROM ${table} AS own WHERE id = $1`, [row.id]);
}

async function saveRow(tx: EntityManager, kind: Kind, row: EditedRow, wanted: Correction): Promise<void> {
  const { table, base, text, year: column, facts } = kind;
  const { name, year, externalIds = {}, hidden } = wanted;
  const values: unknown[] = [row.id, [...new Set([...row.edited, ...fieldsOf(wanted)])]];
  const put = (value: unknown, type: string) => `$${values.push(value)}::${type}`;
  const changes = ['edited = $2::text[]', 'updated_at = now()'];
  const set = (field: string, value: unknown, type: string) => changes.push(`${field} = ${put(value, type)}`);
  if (name !== undefined) {
    set(text, name, 'text');
    set(base, baseOf(name), 'text');
    set('keys', named(name, entityOf(kind)).keys, 'text[]');
  }
  if (year !== undefined) set(column, year, 'smallint');
  if (externalIds.imdb !== undefined) set('imdb_id', externalIds.imdb, 'text');
  if (externalIds.tmdb !== undefined) set('tmdb_id', externalIds.tmdb, 'integer');
  if (hidden !== undefined) set('hidden', hidden, 'boolean');
  for (const [field, value] of Object.entries(wanted.facts)) set(field, value, facts[field]!);
  await sql(tx, `UPDATE ${table} SET ${changes.join(', ')} WHERE id = $1`, values);
}

/** All former names and slugs go on finding it; the slug of the new name does, where no other has it. */
async function saveNames(tx: EntityManager, kind: Kind, row: EditedRow, wanted: Correction): Promise<void> {
  const { name = row.text, year = row.year, otherNames, facts } = wanted;
  const entity = entityOf(kind);
  if (otherNames) await replaceNames(tx, kind, row.id, { names: otherNames, source: 'OTHER', own: name });
  if ('original_title' in facts) {
    const names = facts.original_title ? [facts.original_title] : [];
    await replaceNames(tx, kind, row.id, { names, source: 'ORIGINAL', own: name });
  }
  if (name !== row.text) {
    await sql(tx, `DELETE FROM ${kind.names} WHERE ${kind.owner} = $1 AND ${kind.text} = $2`, [row.id, name]);
    await addName(tx, kind, row.id, { ...named(row.text, entity), source: 'FORMER' });
  }
  const slug = slugOf(name, year);
  if (slug === row.slug) return;
  await sql(
    tx,
    `INSERT INTO ${kind.slugs} (slug, ${kind.owner}) SELECT $1::text, $2::uuid
     WHERE NOT EXISTS (SELECT 1 FROM ${kind.table} WHERE slug = $1::text) ON CONFLICT (slug) DO NOTHING`,
    [slug, row.id],
  );
}

interface Noted {
  wanted: Correction;
  before: Record<string, unknown>;
  doer: Doer;
}

async function note(tx: EntityManager, kind: Kind, row: EditedRow, { wanted, before, doer }: Noted): Promise<void> {
  const { hidden, name, year, otherNames, genres, externalIds, crew, facts } = wanted;
  const deed = { entity: entityOf(kind), entity_id: row.id, slug: row.slug };
  if (hidden !== undefined && hidden !== row.hidden)
    await noteDeed(tx, doer, { ...deed, action: hidden ? 'hide' : 'show', details: {} });
  if (fieldsOf(wanted).length === 0) return;
  const change = <T>(is: T | undefined, was: unknown) => (is === undefined ? undefined : { before: was, after: is });
  const details = {
    name: change(name, row.text),
    year: change(year, row.year),
    other_names: change(otherNames, before.names),
    genres: change(genres, before.genres),
    external_ids: change(externalIds, { imdb: row.imdb_id, tmdb: row.tmdb_id }),
    directors: change(crew?.directors, before.directors),
    cast: change(crew?.cast, before.cast),
    ...Object.fromEntries(Object.entries(facts).map(([field, value]) => [field, change(value, before[field])])),
  };
  await noteDeed(tx, doer, { ...deed, action: 'correct', details });
}
