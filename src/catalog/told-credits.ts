import type { EntityManager } from 'typeorm';
import { sql } from '../database/sql.js';
import { type Kind, kindOfTable } from '../domain/kinds.js';
import type { Named } from './told.js';

/** One credit that an answer tells. */
interface Credit {
  kind: Kind;
  /** Id of whose facts they are, and of who is named. */
  own: string;
  other: string;
  named: Named;
}

/** Forgets the credits that facts told before and tell anew; what those who are named tell of it themselves stays. */
export async function dropCredits(tx: EntityManager, { owner, credits }: Kind, known: string[]): Promise<void> {
  if (!credits || known.length === 0) return;
  const { table, told, toldBack } = credits;
  const own = `${owner} = ANY($1::uuid[]) AND ${told}`;
  await sql(tx, `DELETE FROM ${table} WHERE ${own} AND NOT ${toldBack}`, [known]);
  await sql(tx, `UPDATE ${table} SET ${told} = false, billing_order = NULL WHERE ${own}`, [known]);
}

/** Writes who did what; what is known already is completed, not doubled. Kinds may share a table, from either side. */
export async function saveCredits(tx: EntityManager, credits: Credit[]): Promise<void> {
  for (const kind of new Set(credits.map((credit) => credit.kind))) {
    const own = credits.filter((credit) => credit.kind === kind);
    await saveOf(tx, kind, own);
    await confirm(tx, kind, [...new Set(own.map((credit) => credit.own))]);
  }
}

async function saveOf(tx: EntityManager, { owner, credits }: Kind, own: Credit[]): Promise<void> {
  const { table, named: end, told, toldBack } = credits!;
  // Of somebody who is named twice in one part the first place counts.
  const single = new Map(
    own.toReversed().map(({ own: id, other, named: { role, character_name, billing_order } }) => {
      const row = { own: id, other, role, character_name, billing_order };
      return [[id, other, role, character_name].join(' '), row];
    }),
  );
  const rows = JSON.stringify([...single.values()]);
  const record = '(own uuid, other uuid, role text, character_name text, billing_order smallint)';
  // What the other side told without a character is told with one now.
  await sql(
    tx,
    `UPDATE ${table} AS credit SET character_name = row.character_name
     FROM (SELECT own, other, role, min(character_name) AS character_name FROM jsonb_to_recordset($1::jsonb)
       AS row ${record} WHERE character_name IS NOT NULL GROUP BY own, other, role) AS row
     WHERE credit.${owner} = own AND credit.${end} = other AND credit.role = row.role AND credit.character_name IS NULL
       AND credit.${toldBack} AND NOT EXISTS (SELECT 1 FROM ${table} AS same WHERE same.${owner} = own
         AND same.${end} = other AND same.role = row.role AND same.character_name = row.character_name)`,
    [rows],
  );
  await sql(
    tx,
    `INSERT INTO ${table} (${owner}, ${end}, role, character_name, billing_order, ${told})
     SELECT own, other, role, character_name, billing_order, true FROM jsonb_to_recordset($1::jsonb) AS row ${record}
     WHERE character_name IS NOT NULL OR NOT EXISTS (SELECT 1 FROM ${table} AS credit WHERE credit.${owner} = own
       AND credit.${end} = other AND credit.role = row.role AND credit.character_name IS NOT NULL)
     ON CONFLICT (movie_id, person_id, role, COALESCE(character_name, '')) DO UPDATE SET ${told} = true,
       billing_order = COALESCE(EXCLUDED.billing_order, ${table}.billing_order)`,
    [rows],
  );
  // And what is told without one now is what the other side told with one.
  await sql(
    tx,
    `UPDATE ${table} AS credit SET ${told} = true, billing_order = COALESCE(row.billing_order, credit.billing_order)
     FROM jsonb_to_recordset($1::jsonb) AS row ${record} WHERE row.character_name IS NULL
       AND credit.${owner} = own AND credit.${end} = other AND credit.role = row.role AND NOT credit.${told}`,
    [rows],
  );
}

/**
 * What was only mentioned under the name of one of these, in a work that it now tells of itself, was it: its credits
 * go over, and a mention without any is forgotten.
 */
async function confirm(tx: EntityManager, kind: Kind, ids: string[]): Promise<void> {
  const { table, owner, knownAs, slugs } = kind;
  const { table: credits, named: end, told, toldBack, names } = kind.credits!;
  const others = kindOfTable(names);
  const found = `SELECT DISTINCT mention.id AS mention, own.id AS own, other.${end} AS work
    FROM ${table} AS own JOIN ${credits} AS mine ON mine.${owner} = own.id AND mine.${told}
    JOIN ${credits} AS other ON other.${end} = mine.${end} AND other.${toldBack} AND other.${owner} <> own.id
    JOIN ${table} AS mention ON mention.id = other.${owner} AND NOT mention.known
    JOIN ${others.table} AS work ON work.id = mine.${end} AND work.known
    WHERE own.id = ANY($1::uuid[]) AND EXISTS (SELECT 1 FROM ${knownAs} AS name WHERE name.id = own.id
      AND (name.base = mention.${kind.base} OR name.keys && mention.keys))`;
  const pairs = await sql<{ mention: string; own: string; work: string }>(tx, found, [ids]);
  if (pairs.length === 0) return;
  const rows = JSON.stringify(pairs);
  const record = 'jsonb_to_recordset($1::jsonb) AS pair (mention uuid, own uuid, work uuid)';
  await sql(
    tx,
    `INSERT INTO ${credits} (${owner}, ${end}, role, character_name, billing_order, ${toldBack})
     SELECT DISTINCT ON (pair.own, work, role, COALESCE(character_name, '')) pair.own, work, role, character_name, billing_order, true
     FROM ${record} JOIN ${credits} AS credit ON credit.${owner} = pair.mention AND credit.${end} = work
     ORDER BY pair.own, work, role, COALESCE(character_name, ''), billing_order
     ON CONFLICT (movie_id, person_id, role, COALESCE(character_name, '')) DO UPDATE SET ${toldBack} = true,
       billing_order = COALESCE(EXCLUDED.billing_order, ${credits}.billing_order)`,
    [rows],
  );
  await sql(
    tx,
    `DELETE FROM ${credits} AS credit USING ${record} WHERE credit.${owner} = pair.mention AND credit.${end} = work`,
    [rows],
  );
  await sql(
    tx,
    `WITH gone AS (DELETE FROM ${table} AS mention USING ${record} WHERE mention.id = pair.mention AND NOT mention.known
       AND NOT EXISTS (SELECT 1 FROM ${credits} WHERE ${owner} = mention.id) RETURNING mention.slug, pair.own)
     INSERT INTO ${slugs} (slug, ${owner}) SELECT DISTINCT ON (slug) slug, own FROM gone ON CONFLICT (slug) DO NOTHING`,
    [rows],
  );
}
