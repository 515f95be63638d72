import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { filmsDirectedBy, joinDirectors } from '../catalog/joined-directors.js';
import { keysOf } from '../catalog/same-row.js';
import { seekAll } from '../catalog/sought.js';
import type { Name } from '../catalog/told.js';
import { sql } from '../database/sql.js';
import { afterCommit, inTransaction } from '../database/transaction.js';
import { type Kind, kindOfTable } from '../domain/kinds.js';
import { baseOf, slugOf } from '../domain/slug.js';
import { askedBy, soughtBy } from '../generation/asked.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { Removals } from '../ledger/removals.js';
import { type Doer, noteDeed } from '../audit/audit-log.js';
import { type EditedRow, entityOf, lockWithNames } from './edited-row.js';

/** Ids of jobs that an entry of the log names at most. */
const NAMED = 100;

/** A row that is removed, with every name of it. */
interface Removed {
  row: EditedRow;
  names: Name[];
}

/**
 * Removes a film or a person, and all that is told of it, in one transaction:
 * 1. its names are locked: nothing is stored under one of them meanwhile;
 * 2. jobs about it end: a worker that is just storing its text has lost its lease;
 * 3. its names are blocked, where that is wanted;
 * 4. the row goes, and what hangs on it: texts, names, slugs and credits;
 * 5. so does what only its credits named, and its name among the directors of films.
 */
@Injectable()
export class Removing {
  constructor(
    private readonly db: DataSource,
    private readonly removals: Removals,
  ) {}

  remove(kind: Kind, address: string, { block }: { block: boolean }, doer: Doer): Promise<void> {
    return inTransaction(this.db, async (tx) => {
      const removed = await lockWithNames(tx, kind, address);
      const { row } = removed;
      const slugs = await slugsOf(tx, kind, removed);
      const cancelled = await this.endJobs(tx, kind, row, slugs);
      const blocked = block ? await this.block(tx, kind, removed, slugs) : null;
      const counts = await removeRow(tx, kind, removed);
      const jobs = cancelled.slice(0, NAMED).map(({ id }) => id);
      const deed = { entity: entityOf(kind), entity_id: row.id, slug: row.slug };
      await noteDeed(tx, doer, { ...deed, action: 'remove', details: { ...counts, cancelled_jobs: jobs } });
      if (blocked) await noteDeed(tx, doer, { ...deed, action: 'block', details: { block_id: blocked } });
      await afterCommit(tx, () => this.removals.published(cancelled));
    });
  }

  /** Those that mean this row now: another one of its name goes on. */
  private async endJobs(tx: EntityManager, kind: Kind, row: EditedRow, slugs: string[]): Promise<GenerationJob[]> {
    const entity = entityOf(kind);
    const jobs = await this.removals.activeOf(tx, entity, { slugs, imdb: row.imdb_id, tmdb: row.tmdb_id });
    if (jobs.length === 0) return [];
    const found = await seekAll(
      tx,
      entity,
      jobs.map((job) => soughtBy(askedBy(job))),
    );
    const meant = jobs.filter((_, n) => found[n]!.row?.id === row.id);
    return this.removals.cancel(
      tx,
      meant.map(({ id }) => id),
    );
  }

  private async block(tx: EntityManager, kind: Kind, { row, names }: Removed, slugs: string[]): Promise<string> {
    const id = uuidv7();
    const { text, year, slug, imdb_id, tmdb_id } = row;
    const keys = [...new Set(names.flatMap(keysOf))];
    await sql(
      tx,
      `INSERT INTO blocks (id, entity, entity_id, name, year, slug, slugs, keys, imdb_id, tmdb_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [id, entityOf(kind), row.id, text, year, slug, slugs, keys, imdb_id, tmdb_id],
    );
    return id;
  }
}

/** By which it may be asked for. A name without a year is that of another one too, where there is one. */
async function slugsOf(tx: EntityManager, kind: Kind, { row, names }: Removed): Promise<string[]> {
  const { slugs, owner, knownAs } = kind;
  const former = await sql<{ slug: string }>(tx, `SELECT slug FROM ${slugs} WHERE ${owner} = $1`, [row.id]);
  const shared = await sql<{ base: string }>(
    tx,
    `SELECT DISTINCT base FROM ${knownAs} WHERE base = ANY($1::text[]) AND id <> $2`,
    [names.map(({ text }) => baseOf(text)), row.id],
  );
  const taken = new Set(shared.map(({ base }) => base));
  const own = names.filter(({ text }) => !taken.has(baseOf(text))).map(({ text }) => slugOf(text, null));
  // A year off by one is the same.
  const years = row.year === null ? [] : [row.year - 1, row.year, row.year + 1];
  const dated = years.flatMap((year) => names.map(({ text }) => slugOf(text, year)));
  return [...new Set([row.slug, ...former.map(({ slug }) => slug), ...own, ...dated])];
}

async function removeRow(tx: EntityManager, kind: Kind, { row, names }: Removed) {
  const { table, texts, owner, credits } = kind;
  const named = await ofCredits(tx, kind, row.id);
  const directed = kind.called === 'NAME' ? await filmsDirectedBy(tx, row.id) : [];
  const written = await sql(tx, `SELECT 1 FROM ${texts} WHERE ${owner} = $1`, [row.id]);
  await sql(tx, `DELETE FROM ${table} WHERE id = $1`, [row.id]);
  await forget(tx, kind, row, names);
  await joinDirectors(tx, directed);
  if (credits) await forgetMentions(tx, kindOfTable(credits.names), named);
  return { texts: written.length, credits: named.length };
}

async function ofCredits(tx: EntityManager, { owner, credits }: Kind, id: string): Promise<string[]> {
  if (!credits) return [];
  const { table, named } = credits;
  const rows = await sql<{ id: string }>(tx, `SELECT DISTINCT ${named} AS id FROM ${table} WHERE ${owner} = $1`, [id]);
  return rows.map((one) => one.id);
}

/** What others of the name were told of it. */
async function forget(tx: EntityManager, { table }: Kind, { year }: EditedRow, names: Name[]): Promise<void> {
  const is = `one ->> 'text' = ANY($2::text[]) AND (one ->> 'year')::int IS NOT DISTINCT FROM $3::int`;
  await sql(
    tx,
    `UPDATE ${table} SET namesakes = (SELECT COALESCE(jsonb_agg(one), '[]') FROM jsonb_array_elements(namesakes) AS one
       WHERE NOT (${is}))
     WHERE keys && $1::text[] AND EXISTS (SELECT 1 FROM jsonb_array_elements(namesakes) AS one WHERE ${is})`,
    [[...new Set(names.flatMap(keysOf))], names.map(({ text }) => text), year],
  );
}

/** Who was only mentioned by it goes with it; the others have changed. */
async function forgetMentions(tx: EntityManager, kind: Kind, ids: string[]): Promise<void> {
  const { table, owner, credits } = kind;
  await sql(
    tx,
    `DELETE FROM ${table} WHERE id = ANY($1::uuid[]) AND NOT known AND NOT has_text AND edited = '{}' AND NOT hidden
       AND NOT EXISTS (SELECT 1 FROM ${credits!.table} WHERE ${owner} = ${table}.id)`,
    [ids],
  );
  await sql(tx, `UPDATE ${table} SET updated_at = now() WHERE id = ANY($1::uuid[])`, [ids]);
}
