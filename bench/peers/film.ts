/** The work of a job, as all peers do it: ask the model, check the answer, write the rows in one transaction. */
import type { Pool, PoolClient } from 'pg';
import { Pool as HttpPool } from 'undici';
import { v7 as uuidv7 } from 'uuid';

export interface Asked {
  id: string;
  title: string;
  release_year: number | null;
}

export interface Film {
  title: string;
  release_year: number | null;
  director: string;
  genres: string[];
  description: string;
  cast: { name: string; role: string; character_name: string | null }[];
}

const INSTRUCTIONS = `You are a film encyclopedia. The user message is one JSON block that names a film. Give its facts,
and write an original description of 80 to 200 words: plain text, no markup. cast: up to 15 people in billing order.`;
const text = { type: 'string' };
const optional = { type: ['string', 'null'] };
const object = (properties: Record<string, object>) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
const SCHEMA = object({
  found: { type: 'boolean' },
  title: optional,
  release_year: { type: ['integer', 'null'] },
  director: optional,
  genres: { type: 'array', items: text },
  description: optional,
  cast: { type: 'array', items: object({ name: text, role: text, character_name: optional }) },
});

/** @param url of an OpenAI-compatible server, with /v1 */
export function modelAt(url: string, connections: number) {
  const { origin, pathname } = new URL(url);
  const http = new HttpPool(origin, { connections });
  return async ({ title, release_year }: Asked): Promise<Film> => {
    const data = JSON.stringify({ title, release_year, locale: 'en-US' });
    const { statusCode, body } = await http.request({
      path: `${pathname}/chat/completions`,
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer bench' },
      body: JSON.stringify({
        model: 'bench-model-1',
        messages: [
          { role: 'system', content: INSTRUCTIONS },
          { role: 'user', content: `\`\`\`json\n${data}\n\`\`\`` },
        ],
        response_format: { type: 'json_schema', json_schema: { name: 'movie', strict: true, schema: SCHEMA } },
      }),
    });
    const answer = (await body.json()) as { choices: { message: { content: string } }[] };
    if (statusCode !== 200) throw new Error(`the model answered ${statusCode}`);
    const film = JSON.parse(answer.choices[0]!.message.content) as Film & { found: boolean };
    if (!film.found || !film.description || !film.title) throw new Error('the model knows no such film');
    return film;
  };
}

const slugOf = (words: string) =>
  words
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

/** Named, so that PostgreSQL plans each once a connection. */
const STATEMENTS = {
  film: `INSERT INTO films (id, slug, title, release_year, director) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (slug) DO UPDATE SET title = EXCLUDED.title, director = EXCLUDED.director, updated_at = now()
    RETURNING id`,
  people: `WITH named AS (SELECT * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[])
      WITH ORDINALITY AS one (id, slug, name, role, character_name, billing_order)),
    made AS (INSERT INTO people (id, slug, name) SELECT id, slug, name FROM named ORDER BY slug
      ON CONFLICT (slug) DO UPDATE SET name = EXCLUDED.name RETURNING id, slug)
    INSERT INTO film_people (film_id, person_id, role, character_name, billing_order)
    SELECT $1, made.id, role, character_name, billing_order FROM named JOIN made USING (slug)
    ON CONFLICT (film_id, person_id, role) DO UPDATE SET billing_order = EXCLUDED.billing_order`,
  genres: `INSERT INTO genres (id, slug, name) SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[])
    ON CONFLICT (slug) DO NOTHING`,
  filmGenres: `INSERT INTO film_genres (film_id, genre_id) SELECT $1, id FROM genres WHERE slug = ANY($2)
    ON CONFLICT DO NOTHING`,
  text: `INSERT INTO texts (id, film_id, job_id, locale, version, text, ai_model)
    VALUES ($1, $2, $3, 'en-US', COALESCE((SELECT max(version) FROM texts WHERE film_id = $2), 0) + 1, $4,
      'bench-model-1')`,
  done: `UPDATE jobs SET status = 'DONE', finished_at = now(), result = jsonb_build_object('film_id', $2::uuid)
    WHERE id = $1`,
} as const;

const ask = (tx: PoolClient, name: keyof typeof STATEMENTS, values: unknown[]) =>
  tx.query({ name, text: STATEMENTS[name], values });

/** Film, text, people with their credits, genres, and the job that is done by it. */
export async function write(db: Pool, job: Asked, film: Film): Promise<void> {
  const tx = await db.connect();
  try {
    await tx.query('BEGIN');
    const slug = `${slugOf(film.title)}-${film.release_year}`;
    const values = [uuidv7(), slug, film.title, film.release_year, film.director];
    const id = (await ask(tx, 'film', values)).rows[0].id as string;
    const crew = [...film.cast, { name: film.director, role: 'DIRECTOR', character_name: null }];
    const names = crew.map(({ name }) => name);
    const roles = crew.map(({ role }) => role);
    const played = crew.map(({ character_name }) => character_name);
    await ask(tx, 'people', [id, crew.map(() => uuidv7()), names.map(slugOf), names, roles, played]);
    const slugs = film.genres.map(slugOf);
    await ask(tx, 'genres', [slugs.map(() => uuidv7()), slugs, film.genres]);
    await ask(tx, 'filmGenres', [id, slugs]);
    await ask(tx, 'text', [uuidv7(), id, job.id, film.description]);
    await ask(tx, 'done', [job.id, id]);
    await tx.query('COMMIT');
  } catch (error) {
    await tx.query('ROLLBACK');
    throw error;
  } finally {
    tx.release();
  }
}
