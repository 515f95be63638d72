import { type Session, sql, sqlRow } from '../database/sql.js';
import type { PageQuery } from './reading.dto.js';
import { page } from './reading.js';

/** Credits that an answer about a film or a person contains; further credits are read page by page. */
export const SHOWN = 100;
const FIRST_PAGE: PageQuery = { page: 1, per_page: SHOWN };

/** For each list of credits, its table and order: the people of a film, the films of a person. */
const CREDITS = {
  movies: {
    owner: 'movie_id',
    select: `people.id, people.slug, name, role, character_name, billing_order
      FROM movie_people JOIN people ON people.id = person_id WHERE movie_id = $1
      ORDER BY billing_order NULLS LAST, name, role, people.id`,
  },
  people: {
    owner: 'person_id',
    select: `slug, title, release_year, role, character_name
      FROM movie_people JOIN movies ON movies.id = movie_id WHERE person_id = $1
      ORDER BY release_year DESC NULLS LAST, title, role, movies.id`,
  },
} as const;

/** A page of the credits of a film or a person, in their order. */
export async function creditsOf<Row extends object>(
  db: Session,
  table: keyof typeof CREDITS,
  id: string,
  query: PageQuery = FIRST_PAGE,
) {
  const { owner, select } = CREDITS[table];
  const skipped = (query.page - 1) * query.per_page;
  const statement = `SELECT count(*) OVER ()::int AS total, ${select} LIMIT $2 OFFSET $3`;
  const rows = await sql<Row & { total: number }>(db, statement, [id, query.per_page, skipped]);
  const count = `SELECT count(*)::int AS total FROM movie_people WHERE ${owner} = $1`;
  const { total } = rows[0] ?? (skipped > 0 ? await sqlRow<{ total: number }>(db, count, [id]) : { total: 0 });
  return page(
    query,
    total,
    rows.map(({ total: _total, ...row }) => row as unknown as Row),
  );
}
