import type { EntityManager } from 'typeorm';
import { sql } from '../database/sql.js';
import type { Kind } from '../domain/kinds.js';
import type { PersonRole } from '../domain/vocabulary.js';

/** A person whom a film names, or a film that a person's text names. */
export interface Named {
  text: string;
  year: number | null;
  role: PersonRole;
  character_name: string | null;
  billing_order: number | null;
}

/** One credit of a text. */
interface Told {
  kind: Kind;
  /** Ids of the subject of the text, and of the person or film that it names. */
  own: string;
  other: string;
  named: Named;
}

/** Deletes the credits that a new text replaces. @param known ids of the subjects of new texts */
export async function dropCredits(tx: EntityManager, { table, owner, credits }: Kind, known: string[]): Promise<void> {
  if (!credits?.replaced) return;
  await sql(
    tx,
    `DELETE FROM ${credits.table} AS credit USING ${credits.names} AS other, ${table} AS own
     WHERE credit.${owner} = ANY($1::uuid[]) AND own.id = credit.${owner} AND other.id = credit.${credits.named}
       AND (${credits.replaced})`,
    [known],
  );
}

/** Writes the credits; a known credit is completed, not doubled. Two kinds may share one table of credits. */
export async function saveCredits(tx: EntityManager, told: Told[]): Promise<void> {
  const tableOf = ({ kind }: Told) => kind.credits!.table;
  for (const table of new Set(told.map(tableOf))) {
    await saveInto(
      tx,
      table,
      told.filter((one) => tableOf(one) === table),
    );
  }
}

async function saveInto(tx: EntityManager, table: string, told: Told[]): Promise<void> {
  const { owner, credits } = told[0]!.kind;
  const ends = [owner, credits!.named].sort();
  // A person who is named twice keeps the first place.
  const single = new Map(
    told.toReversed().map(({ kind, own, other, named: { role, character_name, billing_order } }) => {
      const ids = { [kind.owner]: own, [kind.credits!.named]: other };
      return [[...ends.map((end) => ids[end]), role].join(' '), { ...ids, role, character_name, billing_order }];
    }),
  );
  await sql(
    tx,
    `INSERT INTO ${table} (${ends.join(', ')}, role, character_name, billing_order)
     SELECT * FROM jsonb_to_recordset($1::jsonb)
       AS credit (${ends.join(' uuid, ')} uuid, role text, character_name text, billing_order smallint)
     ON CONFLICT (${ends.join(', ')}, role) DO UPDATE SET
       character_name = COALESCE(EXCLUDED.character_name, ${table}.character_name),
       billing_order = COALESCE(EXCLUDED.billing_order, ${table}.billing_order)`,
    [JSON.stringify([...single.values()])],
  );
}
