import type { EntityManager } from 'typeorm';
import type { Name } from '../catalog/told.js';
import { sql } from '../database/sql.js';
import type { Kind } from '../domain/kinds.js';
import { baseOf } from '../domain/slug.js';
import { named } from '../generation/asked.js';
import { entityOf } from './edited-row.js';

type Source = 'ORIGINAL' | 'OTHER' | 'FORMER';

/** What it is also called. A name that it has already keeps its place, and is of this kind from now on. */
export async function addName(
  tx: EntityManager,
  { names, owner, text, base }: Kind,
  id: string,
  name: Name & { source: Source },
): Promise<void> {
  await sql(
    tx,
    `INSERT INTO ${names} (${owner}, ${text}, ${base}, keys, source, created_at)
     VALUES ($1, $2, $3, $4, $5, clock_timestamp())
     ON CONFLICT (${owner}, ${text}) DO UPDATE SET source = EXCLUDED.source, created_at = EXCLUDED.created_at
       WHERE EXCLUDED.source <> 'FORMER'`,
    [id, name.text, baseOf(name.text), name.keys, name.source],
  );
}

/** The names of one kind are these. One that is dropped was wrong, and finds nothing any more. */
export async function replaceNames(
  tx: EntityManager,
  kind: Kind,
  id: string,
  { names, source, own }: { names: string[]; source: Source; own: string },
): Promise<void> {
  await sql(
    tx,
    `DELETE FROM ${kind.names} WHERE ${kind.owner} = $1 AND source = $2 AND NOT ${kind.text} = ANY($3::text[])`,
    [id, source, names],
  );
  for (const name of new Set(names)) {
    if (name === own) continue;
    await addName(tx, kind, id, { ...named(name, entityOf(kind)), source });
  }
}
