import { type Session, sql } from '../database/sql.js';

/** The directors of these films, joined anew: somebody has another name, or is gone. */
export async function joinDirectors(tx: Session, films: string[]): Promise<void> {
  if (films.length === 0) return;
  await sql(
    tx,
    `UPDATE movies SET updated_at = now(), director = (
       SELECT string_agg(people.name, ', ' ORDER BY billing_order NULLS LAST, people.name)
       FROM movie_people JOIN people ON people.id = person_id
       WHERE movie_id = movies.id AND role = 'DIRECTOR' AND by_movie IS NOT NULL)
     WHERE id = ANY($1::uuid[])`,
    [films],
  );
}

/** The films that somebody has directed, as the films tell. */
export async function filmsDirectedBy(tx: Session, person: string): Promise<string[]> {
  const rows = await sql<{ id: string }>(
    tx,
    `SELECT movie_id AS id FROM movie_people WHERE person_id = $1 AND role = 'DIRECTOR' AND by_movie IS NOT NULL`,
    [person],
  );
  return rows.map(({ id }) => id);
}
