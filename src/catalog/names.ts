import { kindOfTable, type Table } from '../domain/kinds.js';
import { formerPattern, formerSlugs, partsOf, slugOf } from '../domain/slug.js';
import { type Session, sql } from '../database/sql.js';
import type { JobRequest } from '../ledger/generation-job.entity.js';

/** A row that a slug matches, besides the columns that were asked for. */
interface MatchedRow {
  slug: string;
  spelled: string;
  year: number | null;
  /** Whether the slug or the name matches; else the hash of its spelling does. */
  named: boolean;
}

/**
 * The rows that a slug matches: the exact row first; without a year all of that name, the newest first. A slug contains
 * a hash where its words alone are ambiguous. Such a slug also finds its row after the row's year was learned, which
 * then stands in the slug instead of the hash. The shorter hashes of former slugs are found as well.
 */
export async function findBySlug<Row>(
  db: Session,
  { table, slug, firstYear, columns }: { table: Table; slug: string; firstYear: number; columns: string },
  limit: number,
): Promise<(Row & MatchedRow)[]> {
  const { base, text, year } = kindOfTable(table);
  const name = partsOf(slug, firstYear).year === null ? slug : null;
  const [, unhashed = null] = /^(.+)-(?:[\da-f]{8}|[\da-f]{16})$/.exec(slug) ?? [];
  const rows = await sql<Row & MatchedRow>(
    db,
    `SELECT ${columns}, slug, ${text} AS spelled, ${year} AS year, (slug = $1 OR ${base} = $2) IS TRUE AS named
      FROM ${table}
     WHERE slug = $1 OR ${base} IN ($2, $3) OR ${base} LIKE $5 ORDER BY slug = $1 DESC, ${year} DESC NULLS LAST, id
     LIMIT $4`,
    [slug, name, unhashed, limit, formerPattern(slug)],
  );
  return rows.filter(
    ({ named, spelled, year: known }) =>
      named || slugOf(spelled, null) === slug || formerSlugs(spelled, known).includes(slug),
  );
}

/** The name of the film or person with exactly this slug; `null`: there is none. */
export async function findNameOf(
  db: Session,
  table: Table,
  slug: string,
  firstYear: number,
): Promise<JobRequest | null> {
  const matches = await findBySlug(db, { table, slug, firstYear, columns: 'id' }, 1);
  const known = matches.find((row) => row.slug === slug || !row.named);
  return known ? { subject: known.spelled, year: known.year } : null;
}
