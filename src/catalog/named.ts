import { validate as isUuid } from 'uuid';
import { type Session, sql } from '../database/sql.js';
import type { Kind } from '../domain/kinds.js';

interface Named {
  /** In the order of the names, each once. */
  found: string[];
  /** The names of nothing, as they were given. */
  unknown: string[];
}

/** The rows of ids and slugs, by one statement. Like a single one, a slug without a year finds the newest. */
export async function rowsNamed(db: Session, kind: Kind, names: string[]): Promise<Named> {
  const { table, base, year, slugs, owner } = kind;
  const rows = await sql<{ name: string; id: string | null }>(
    db,
    `SELECT given.name, (SELECT hit FROM (
         SELECT id AS hit, 0 AS rank, NULL::smallint AS year FROM ${table} WHERE id = given.id OR slug = given.name
         UNION ALL SELECT ${owner}, 1, NULL::smallint FROM ${slugs} WHERE slug = given.name
         UNION ALL SELECT id, 2, ${year} FROM ${table} WHERE ${base} = given.name) AS hits
       JOIN ${table} ON ${table}.id = hit AND NOT hidden ORDER BY rank, hits.year DESC NULLS LAST, hit LIMIT 1) AS id
     FROM unnest($1::text[], $2::uuid[]) WITH ORDINALITY AS given (name, id, place) ORDER BY place`,
    [names, names.map((name) => (isUuid(name) ? name : null))],
  );
  return {
    found: [...new Set(rows.flatMap(({ id }) => id ?? []))],
    unknown: rows.filter(({ id }) => id === null).map(({ name }) => name),
  };
}
