import type { EntityManager } from 'typeorm';
import { sql } from '../database/sql.js';
import { together } from '../database/transaction.js';
import type { Kind } from '../domain/kinds.js';
import type { Named } from './told.js';

/** One credit that an answer tells. */
export interface Credit {
  kind: Kind;
  /** Id of whose facts they are, and of who is named. */
  own: string;
  other: string;
  named: Named;
}

/** What facts tell anew: of whom, and whether it is the directors of a film, whose list is one of its own. */
export interface Retold {
  own: string;
  directing: boolean;
}

/** The lists that an answer tells. One that is empty tells nothing, and what was told before stays. */
export function retoldBy({ facts }: Kind, own: string, named: Named[]): Retold[] {
  const lists = new Set(named.map(({ role }) => role === 'DIRECTOR'));
  const all = 'director' in facts || lists.size === 0 ? [...lists] : [true, false];
  return all.map((directing) => ({ own, directing }));
}

/** Forgets the credits that facts told before and tell anew. What those who are named tell of it themselves stays. */
export async function dropCredits(tx: EntityManager, { owner, credits }: Kind, retold: Retold[]): Promise<void> {
  if (!credits || retold.length === 0) return;
  const { table, told, toldBack, place } = credits;
  const own = `${owner} = own AND (role = 'DIRECTOR') = directing AND ${told} IS NOT NULL`;
  const lists = 'jsonb_to_recordset($1::jsonb) AS list (own uuid, directing boolean)';
  const values = [JSON.stringify(retold)];
  const nothing = `${told} = NULL${place ? `, ${place} = NULL` : ''}`;
  await together([
    sql(tx, `DELETE FROM ${table} USING ${lists} WHERE ${own} AND ${toldBack} IS NULL`, values),
    sql(tx, `UPDATE ${table} SET ${nothing} FROM ${lists} WHERE ${own}`, values),
  ]);
}

/** Writes who did what. A known credit is completed, not doubled. Two kinds may share one table of credits. */
export async function saveCredits(tx: EntityManager, credits: Credit[]): Promise<void> {
  for (const kind of new Set(credits.map((credit) => credit.kind))) {
    const own = credits.filter((credit) => credit.kind === kind);
    await together([saveOf(tx, kind, own), confirm(tx, kind, [...new Set(own.map((credit) => credit.own))])]);
  }
}

async function saveOf(tx: EntityManager, { owner, credits }: Kind, own: Credit[]): Promise<void> {
  const { table, named: end, told } = credits!;
  await sql(
    tx,
    `INSERT INTO ${table} (${owner}, ${end}, role, billing_order, ${told})
     SELECT own, other, role, billing_order, characters FROM jsonb_to_recordset($1::jsonb)
       AS row (own uuid, other uuid, role text, billing_order smallint, characters text[])
     ON CONFLICT (${owner}, ${end}, role) DO UPDATE SET ${told} = EXCLUDED.${told},
       billing_order = COALESCE(EXCLUDED.billing_order, ${table}.billing_order)`,
    [JSON.stringify([...rowsOf(own).values()])],
  );
}

/** One row for each part of somebody in a film, with all characters. The first place counts. */
function rowsOf(own: Credit[]) {
  const rows = new Map<string, Record<string, unknown> & { characters: string[] }>();
  for (const { own: id, other, named } of own) {
    const { role, character_name, billing_order } = named;
    const key = [id, other, role].join(' ');
    if (!rows.has(key)) rows.set(key, { own: id, other, role, billing_order, characters: [] });
    const { characters } = rows.get(key)!;
    if (character_name !== null && !characters.includes(character_name)) characters.push(character_name);
  }
  return rows;
}

/**
 * Somebody who was only mentioned under the name of one of these, in a work that it now tells of itself, was it. The
 * credits go over, and a mention without any is forgotten.
 */
async function confirm(tx: EntityManager, kind: Kind, ids: string[]): Promise<void> {
  const rows = await mentionsOf(tx, kind, ids);
  if (rows.length === 0) return;
  const { table, owner, slugs } = kind;
  const { table: credits, named: end, toldBack } = kind.credits!;
  const pairs = JSON.stringify(rows);
  const record = 'jsonb_to_recordset($1::jsonb) AS pair (mention uuid, own uuid, work uuid)';
  await sql(
    tx,
    `INSERT INTO ${credits} (${owner}, ${end}, role, billing_order, ${toldBack})
     SELECT DISTINCT ON (pair.own, work, role) pair.own, work, role, billing_order, ${toldBack}
     FROM ${record} JOIN ${credits} AS credit ON credit.${owner} = pair.mention AND credit.${end} = work
     ORDER BY pair.own, work, role, billing_order
     ON CONFLICT (${owner}, ${end}, role) DO UPDATE SET ${toldBack} = EXCLUDED.${toldBack},
       billing_order = COALESCE(EXCLUDED.billing_order, ${credits}.billing_order)`,
    [pairs],
  );
  await sql(
    tx,
    `DELETE FROM ${credits} AS credit USING ${record} WHERE credit.${owner} = pair.mention AND credit.${end} = work`,
    [pairs],
  );
  await sql(
    tx,
    `WITH gone AS (DELETE FROM ${table} AS mention USING ${record} WHERE mention.id = pair.mention AND NOT mention.known
       AND NOT EXISTS (SELECT 1 FROM ${credits} WHERE ${owner} = mention.id) RETURNING mention.slug, pair.own)
     INSERT INTO ${slugs} (slug, ${owner}) SELECT DISTINCT ON (slug) slug, own FROM gone ON CONFLICT (slug) DO NOTHING`,
    [pairs],
  );
}

/** Who is only mentioned in a work that one of these tells of itself, under one of its names. */
function mentionsOf(tx: EntityManager, kind: Kind, ids: string[]) {
  const { table, owner, knownAs, base } = kind;
  const { table: credits, named: end, told, toldBack, names } = kind.credits!;
  return sql<{ mention: string; own: string; work: string }>(
    tx,
    `SELECT DISTINCT mention.id AS mention, own.id AS own, other.${end} AS work
     FROM ${table} AS own JOIN ${credits} AS mine ON mine.${owner} = own.id AND mine.${told} IS NOT NULL
     JOIN ${credits} AS other ON other.${end} = mine.${end} AND other.${toldBack} IS NOT NULL
       AND other.${owner} <> own.id
     JOIN ${table} AS mention ON mention.id = other.${owner} AND NOT mention.known
     JOIN ${names} AS work ON work.id = mine.${end} AND work.known
     WHERE own.id = ANY($1::uuid[]) AND EXISTS (SELECT 1 FROM ${knownAs} AS name WHERE name.id = own.id
       AND (name.base = mention.${base} OR name.keys && mention.keys))`,
    [ids],
  );
}
