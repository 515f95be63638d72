import { validate as isUuid } from 'uuid';
import { type Kind, kindOfTable, type Table } from '../domain/kinds.js';
import { formerPattern, formerSlugs, partsOf, slugOf } from '../domain/slug.js';
import { type Session, sql } from '../database/sql.js';
import type { ExternalIds } from './told.js';

/** A row that a slug matches, besides the columns that were asked for. */
interface MatchedRow {
  slug: string;
  spelled: string;
  year: number | null;
  /** Whether the slug or the name matches; else the hash of its spelling does. */
  named: boolean;
  /** Whether nothing but the title beside a text matches, which a model may have told by mistake. */
  is_local: boolean;
}

interface Sought {
  table: Table;
  slug: string;
  firstYear: number;
  columns: string;
  withHidden?: boolean;
}

/**
 * The rows that a slug matches: the exact row first, then the row that had it or was asked for by it. Without a year
 * all of that name follow, whichever of their names it is, the newest first. A slug contains a hash where its words
 * alone are ambiguous. Such a slug also finds its row after the row's year was learned, which then stands in the slug
 * instead of the hash. The shorter hashes of former slugs are found as well.
 */
export async function findBySlug<Row>(
  db: Session,
  { table, slug, firstYear, columns, withHidden = true }: Sought,
  limit: number,
): Promise<(Row & MatchedRow)[]> {
  const { base, text, year, names, slugs, owner } = kindOfTable(table);
  const parts = partsOf(slug, firstYear);
  const name = parts.year === null ? slug : null;
  const [, unhashed = null] = /^(.+)-(?:[\da-f]{8}|[\da-f]{16})$/.exec(slug) ?? [];
  const rows = await sql<Row & MatchedRow>(
    db,
    `WITH hits AS (
       SELECT id AS hit, slug = $1 AS exact, (slug = $1 OR ${base} = $2) IS TRUE AS named, '' AS source FROM ${table}
         WHERE slug = $1 OR ${base} IN ($2, $3) OR ${base} LIKE $5
       UNION ALL SELECT ${owner}, $7::integer IS NOT NULL, true, '' FROM ${slugs} WHERE slug = $1
       UNION ALL SELECT ${owner}, false, true, source FROM ${names} WHERE ${base} = $2
       UNION ALL SELECT ${owner}, false, true, source FROM ${names} JOIN ${table} ON id = ${owner}
         WHERE ${names}.${base} = $6 AND ${year} = $7),
     met AS (SELECT hit, bool_or(exact) AS exact, bool_or(named) AS named, bool_and(source = 'LOCAL') AS is_local
       FROM hits GROUP BY hit)
     SELECT ${columns}, slug, ${text} AS spelled, ${year} AS year, named, is_local
     FROM met JOIN ${table} ON ${table}.id = hit
     WHERE $8::boolean OR NOT hidden
     ORDER BY slug = $1 DESC, exact DESC, ${year} DESC NULLS LAST, ${table}.id LIMIT $4`,
    [slug, name, unhashed, limit, formerPattern(slug), parts.base, parts.year, withHidden],
  );
  const meant = rows.filter(
    ({ named, spelled, year: known }) =>
      named || slugOf(spelled, null) === slug || formerSlugs(spelled, known).includes(slug),
  );
  // With a year it is one of them: the others are of other names that are alike.
  return parts.year === null ? meant : meant.slice(0, 1);
}

/** Ids of others, as the address of a film or a person: `imdb:tt0133093`, `tmdb:603`. */
const EXTERNAL = /^(?:imdb:((?:tt|nm)\d{7,9})|tmdb:(\d{1,9}))$/;

/** Reads such an address; `null`: it is none. */
export function externalIdsOf(address: string): ExternalIds | null {
  const [, imdb, tmdb] = EXTERNAL.exec(address) ?? [];
  if (imdb) return { imdb };
  return tmdb ? { tmdb: Number(tmdb) } : null;
}

/** What is looked for by its address. */
interface Addressed {
  address: string;
  columns: string;
  /** Whether what is hidden is found too. */
  withHidden: boolean;
}

/** The row of an address: a slug, an id of ours, or one of others. */
export async function findAddressed<Row extends object>(
  db: Session,
  kind: Kind,
  { address, columns, withHidden }: Addressed,
  limit: number,
): Promise<Row[]> {
  const { table, firstYear } = kind;
  const shown = withHidden ? '' : ' AND NOT hidden';
  if (isUuid(address)) return sql<Row>(db, `SELECT ${columns} FROM ${table} WHERE ${table}.id = $1${shown}`, [address]);
  const ids = externalIdsOf(address);
  if (!ids) return findBySlug<Row>(db, { table, slug: address, firstYear, columns, withHidden }, limit);
  const [column, id] = ids.imdb ? ['imdb_id', ids.imdb] : ['tmdb_id', ids.tmdb];
  return sql<Row>(db, `SELECT ${columns} FROM ${table} WHERE ${column} = $1${shown}`, [id]);
}
