import { type Session, sql } from '../database/sql.js';
import type { Kind } from '../domain/kinds.js';
import type { Candidate } from './same-row.js';
import type { ExternalIds } from './told.js';

/** What tells rows of one name apart, of a row `own`. */
export const candidateColumns = ({ text, year, facts, makers, firstWork }: Kind) =>
  [
    `own.id, own.slug, own.${text} AS text, own.keys, own.${year} AS year, own.known, own.edited`,
    'own.imdb_id, own.tmdb_id',
    ...('birth_date' in facts ? ['own.birth_date::text AS birth_date'] : []),
    `${makers} AS makers, ${firstWork} AS first_work`,
  ].join(', ');

/** What is looked for: by any of these keys (slugs of names among them), or by an id. */
export interface Wanted {
  keys: string[];
  /** Those of its main name. */
  main?: string[];
  externalIds: ExternalIds;
}

/**
 * The rows that each may mean, in their order. A name's slug finds also what was stored without keys. A title that a
 * model told beside a text proves nothing here: another film may have it.
 */
export async function candidatesOf(db: Session, kind: Kind, wanted: Wanted[]): Promise<Candidate[][]> {
  if (wanted.length === 0) return [];
  const items = wanted.map(({ keys, main, externalIds: { imdb, tmdb } }, place) => ({ place, keys, main, imdb, tmdb }));
  const { table, names, owner, base } = kind;
  const called = `SELECT id, keys, ${base} AS base FROM ${table}
    UNION ALL SELECT ${owner}, keys, ${base} FROM ${names} WHERE source <> 'LOCAL'`;
  const rows = await sql<Candidate & { place: number }>(
    db,
    `SELECT wanted.place, ${candidateColumns(kind)}, EXISTS (SELECT 1 FROM (${called}) AS name
         WHERE name.id = own.id AND (name.keys && wanted.main OR name.base = ANY(wanted.main))) AS by_main
     FROM jsonb_to_recordset($1::jsonb) AS wanted (place integer, keys text[], main text[], imdb text, tmdb integer)
     CROSS JOIN LATERAL (
       SELECT id FROM (${called}) AS name WHERE keys && wanted.keys
       UNION SELECT id FROM (${called}) AS name WHERE base = ANY(wanted.keys)
       UNION SELECT id FROM ${table} WHERE imdb_id = wanted.imdb
       UNION SELECT id FROM ${table} WHERE tmdb_id = wanted.tmdb) AS hit
     JOIN ${table} AS own ON own.id = hit.id`,
    [JSON.stringify(items)],
  );
  return wanted.map((_, n) => rows.filter(({ place }) => place === n));
}
