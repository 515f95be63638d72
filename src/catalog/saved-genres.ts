import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { sql } from '../database/sql.js';
import type { Kind } from '../domain/kinds.js';
import { genreNames } from './genres.js';

/** A genre of a film. */
interface Link {
  owner: string;
  slug: string;
}

/** Adds genres, of the list in domain/genres.ts. */
export async function linkGenres(tx: EntityManager, { genres, owner }: Kind, rows: Link[]): Promise<void> {
  const link = () =>
    sql(
      tx,
      `INSERT INTO ${genres} (${owner}, genre_id) SELECT row.owner, genres.id
       FROM jsonb_to_recordset($1::jsonb) AS row (owner uuid, slug text) JOIN genres USING (slug)
       ON CONFLICT DO NOTHING RETURNING 1`,
      [JSON.stringify(rows)],
    );
  if (rows.length === 0 || (await link()).length === rows.length) return;
  await makeGenres(tx, [...new Set(rows.map(({ slug }) => slug))]);
  await link();
}

/** Its genres are these. */
export async function replaceGenres(tx: EntityManager, kind: Kind, id: string, slugs: string[]): Promise<void> {
  await sql(tx, `DELETE FROM ${kind.genres} WHERE ${kind.owner} = $1`, [id]);
  await linkGenres(
    tx,
    kind,
    [...new Set(slugs)].map((slug) => ({ owner: id, slug })),
  );
}

/** Once for each genre that there is: nearly all films are of known ones. */
async function makeGenres(tx: EntityManager, slugs: string[]): Promise<void> {
  const rows = slugs.map((slug) => ({ id: uuidv7(), slug, name: genreNames([{ slug, name: slug }])[0] }));
  await sql(
    tx,
    // Sorted, so that no two with new genres wait for each other.
    `INSERT INTO genres (id, slug, name) SELECT id, slug, name
     FROM jsonb_to_recordset($1::jsonb) AS genre (id uuid, slug text, name text) ORDER BY slug
     ON CONFLICT (slug) DO NOTHING`,
    [JSON.stringify(rows)],
  );
}
