import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { sql } from '../database/sql.js';
import { kindOfTable, type Table } from '../domain/kinds.js';
import { baseOf, slugOf } from '../domain/slug.js';

/** A film or a person that is known by name and year. A name without a year means the row that was known first. */
interface Mention {
  table: Table;
  text: string;
  year: number | null;
}

/** The name of the subject of a text. */
interface OwnName {
  table: Table;
  base: string;
}

/** The key of a name in its table: transactions that write under one name wait for each other. */
export const nameKey = ({ table, base }: OwnName) => `${table}:${base}`;

/**
 * Finds or makes the rows that are only mentioned (casts, filmographies). It locks the names in `own` for the rest of
 * the transaction.
 *
 * Existing names get a shared lock, so films with one cast do not wait for each other. New names and `own` get an
 * exclusive lock. All locks are taken at once and in one order, so no two transactions wait for each other. Then
 * everything is looked up again, since another transaction may have made it meanwhile.
 * @returns the ids of the mentions, in their order
 */
export async function mention(tx: EntityManager, own: OwnName[], mentions: Mention[]): Promise<string[]> {
  const before = await lookUp(tx, mentions);
  await lockNames(tx, [
    ...own.map((name) => ({ key: nameKey(name), alone: true })),
    ...mentions.map(({ table, text }, n) => ({
      key: nameKey({ table, base: baseOf(text) }),
      alone: before[n] === null,
    })),
  ]);
  const ids = await lookUp(tx, mentions);
  const made = await ofEachTable(
    mentions.filter((_, n) => ids[n] === null),
    (table, missing) => make(tx, table, missing),
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

/** Asks once for each table. @returns one answer for each mention, in their order */
async function ofEachTable<T>(mentions: Mention[], ask: (table: Table, some: Mention[]) => Promise<T[]>): Promise<T[]> {
  const answers = new Map<Mention, T>();
  for (const table of new Set(mentions.map((one) => one.table))) {
    const some = mentions.filter((one) => one.table === table);
    for (const [n, answer] of (await ask(table, some)).entries()) answers.set(some[n]!, answer);
  }
  return mentions.map((one) => answers.get(one)!);
}

/** The ids of the mentions; `null`: there is no row yet. */
const lookUp = (tx: EntityManager, mentions: Mention[]) =>
  ofEachTable(mentions, async (table, some) => {
    const { base, year } = kindOfTable(table);
    const wanted = some.map((one, place) => ({ place, base: baseOf(one.text), year: one.year }));
    const rows = await sql<{ id: string | null }>(
      tx,
      `SELECT (SELECT id FROM ${table} WHERE ${base} = wanted.base
                 AND (wanted.year IS NULL OR ${year} = wanted.year OR ${year} IS NULL)
               ORDER BY ${year} = wanted.year DESC NULLS LAST, id LIMIT 1) AS id
       FROM jsonb_to_recordset($1::jsonb) AS wanted (place int, base text, year int) ORDER BY place`,
      [JSON.stringify(wanted)],
    );
    return rows.map(({ id }) => id);
  });

/** Makes the mentioned rows in one statement; a name that occurs twice is made once. */
async function make(tx: EntityManager, table: Table, mentions: Mention[]): Promise<string[]> {
  const rows: { id: string; slug: string; base: string; text: string; year: number | null }[] = [];
  const slugs = mentions.map(({ text, year }) => {
    const base = baseOf(text);
    const twin = rows.find((row) => row.base === base && (year === null || row.year === null || row.year === year));
    if (!twin) rows.push({ id: uuidv7(), slug: slugOf(text, year), base, text, year });
    return (twin ?? rows.at(-1)!).slug;
  });
  const { base, text, year } = kindOfTable(table);
  // A row can have got another year before the lock was taken. Then its name is shared with transactions that make the
  // same row.
  await sql(
    tx,
    `INSERT INTO ${table} (id, slug, ${base}, ${text}, ${year}) SELECT id, slug, base, text, year
      FROM jsonb_to_recordset($1::jsonb)
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
