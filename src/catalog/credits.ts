import type { Kind } from '../domain/kinds.js';
import { type Session, sql, sqlRow } from '../database/sql.js';
import type { PageQuery } from './reading.dto.js';
import { page } from './reading.js';

/** Credits that an answer about a film or a person contains; further credits are read page by page. */
const SHOWN = 100;
const FIRST_PAGE: PageQuery = { page: 1, per_page: SHOWN };

/** The columns and the order of a list of credits, in SQL. A `part` is one character of a credit. */
interface Shown {
  columns: string;
  order: string;
}

/** A page of the credits of one film or person, in their order. */
export async function creditsOf<Row extends object>(
  db: Session,
  { owner, credits }: Kind,
  { columns, order }: Shown,
  id: string,
  query: PageQuery = FIRST_PAGE,
) {
  const { table, names, named, characters } = credits!;
  const parts = `CROSS JOIN LATERAL unnest(${characters}) WITH ORDINALITY AS part (character_name, place)`;
  const skipped = (query.page - 1) * query.per_page;
  const statement = `SELECT count(*) OVER ()::int AS total, ${columns}
    FROM ${table} JOIN ${names} ON ${names}.id = ${named} ${parts}
    WHERE ${owner} = $1 AND NOT ${names}.hidden ORDER BY ${order}, part.place LIMIT $2 OFFSET $3`;
  const rows = await sql<Row & { total: number }>(db, statement, [id, query.per_page, skipped]);
  const count = `SELECT count(*)::int AS total FROM ${table} JOIN ${names} ON ${names}.id = ${named} ${parts}
    WHERE ${owner} = $1 AND NOT ${names}.hidden`;
  const { total } = rows[0] ?? (skipped > 0 ? await sqlRow<{ total: number }>(db, count, [id]) : { total: 0 });
  return page(
    query,
    total,
    rows.map(({ total: _total, ...row }) => row as unknown as Row),
  );
}
