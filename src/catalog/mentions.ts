import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { sql } from '../database/sql.js';
import { baseOf, slugOf } from '../domain/slug.js';
import { kindOfTable, type Table } from '../domain/kinds.js';

/** A film or a person by the text and year it is known by. */
export interface Named {
  text: string;
  year: number | null;
}

/** Makes finding or creating it safe; see {@link mention}. */
const keyOf = (table: Table, base: string) => `${table}:${base}`;

/**
 * Finds or makes what is only mentioned (a cast's people, a person's films), and locks for the rest of the transaction the
 * name of `own`, the thing that is to be written. A name without a year means the one first known.
 *
 * What is there already is only shared, so that films with one cast do not wait for each other; what has to be made, and
 * `own`, is this transaction's alone. All locks are taken at once and in one order, so that no two transactions wait for
 * each other; then everything is looked up again, since others may have made it meanwhile.
 */
export async function mention(
  tx: EntityManager,
  own: { table: Table; base: string },
  table: Table,
  named: Named[],
): Promise<string[]> {
  const before = await lookUp(tx, table, named);
  await lockNames(tx, [
    { key: keyOf(own.table, own.base), alone: true },
    ...named.map(({ text }, place) => ({ key: keyOf(table, baseOf(text)), alone: before[place] === null })),
  ]);
  const ids = await lookUp(tx, table, named);
  const made = await make(
    tx,
    table,
    named.filter((_, place) => ids[place] === null),
  );
  return ids.map((id) => id ?? made.shift()!);
}

async function lockNames(tx: EntityManager, names: { key: string; alone: boolean }[]): Promise<void> {
  await sql(
    tx,
    `SELECT CASE WHEN alone THEN pg_advisory_xact_lock(key) ELSE pg_advisory_xact_lock_shared(key) END FROM (
       SELECT hashtextextended(name, 0) AS key, bool_or(alone) AS alone
       FROM unnest($1::text[], $2::boolean[]) AS wanted (name, alone) GROUP BY 1 ORDER BY 1) AS sorted`,
    [names.map(({ key }) => key), names.map(({ alone }) => alone)],
  );
}

/** The ids of what is named, in the same order; `null`: not there. */
async function lookUp(tx: EntityManager, table: Table, named: Named[]): Promise<(string | null)[]> {
  const { base, year } = kindOfTable(table);
  const wanted = named.map((one, place) => ({ place, base: baseOf(one.text), year: one.year }));
  const rows = await sql<{ id: string | null }>(
    tx,
    `SELECT (SELECT id FROM ${table} WHERE ${base} = wanted.base
               AND (wanted.year IS NULL OR ${year} = wanted.year OR ${year} IS NULL)
             ORDER BY ${year} = wanted.year DESC NULLS LAST, id LIMIT 1) AS id
     FROM jsonb_to_recordset($1::jsonb) AS wanted (place int, base text, year int) ORDER BY place`,
    [JSON.stringify(wanted)],
  );
  return rows.map(({ id }) => id);
}

/** Makes what is named, in one statement; what is named twice is made once. The ids are in the order of the names. */
async function make(tx: EntityManager, table: Table, named: Named[]): Promise<string[]> {
  if (named.length === 0) return [];
  const rows: { id: string; slug: string; base: string; text: string; year: number | null }[] = [];
  const slugs = named.map(({ text, year }) => {
    const base = baseOf(text);
    const twin = rows.find((row) => row.base === base && (year === null || row.year === null || row.year === year));
    if (!twin) rows.push({ id: uuidv7(), slug: slugOf(text, year), base, text, year });
    return (twin ?? rows.at(-1)!).slug;
  });
  const { base, text, year } = kindOfTable(table);
  // The name of what was there before the lock, and was then given another year, is shared with others that make the same.
  await sql(
    tx,
    `INSERT INTO ${table} (id, slug, ${base}, ${text}, ${year}) SELECT id, slug, base, text, year FROM jsonb_to_recordset($1::jsonb)
       AS made (id uuid, slug text, base text, text text, year smallint) ORDER BY slug ON CONFLICT (slug) DO NOTHING`,
    [JSON.stringify(rows)],
  );
  const found = await sql<{ id: string; slug: string }>(
    tx,
    `SELECT id, slug FROM ${table} WHERE slug = ANY($1::text[])`,
    [slugs],
  );
  return slugs.map((slug) => found.find((row) => row.slug === slug)!.id);
}
