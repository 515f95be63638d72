import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { sql } from '../database/sql.js';
import type { GenerationJob, JobResult } from '../jobs/generation-job.entity.js';
import type { Generated } from '../jobs/job-runner.js';
import { baseOf } from '../jobs/slug.js';
import { Llm } from '../llm/llm.js';
import { findNamed, keyOf, lockNames, mention, saveCredits, saveText } from './catalog.js';
import { type GeneratedMovie, movieAsk, readMovie } from './movie.prompt.js';

/** Films: writing one, storing what was written. Reading is in movies.reader.ts. */
@Injectable()
export class MoviesService {
  constructor(private readonly llm: Llm) {}

  async generate(job: GenerationJob, signal: AbortSignal): Promise<Generated> {
    const ask = movieAsk(job);
    const answer = await this.llm.ask(ask, signal);
    const film = readMovie(ask, answer, job);
    return { usage: answer.usage, store: (tx) => this.storeGenerated(tx, job, film, answer.usage.model) };
  }

  private async storeGenerated(
    tx: EntityManager,
    job: GenerationJob,
    film: GeneratedMovie,
    model: string,
  ): Promise<JobResult> {
    const people = crewOf(film);
    await lockNames(tx, [
      `movies:${film.title_slug}`,
      ...people.map(({ name }) => keyOf('people', name)),
      ...film.genres.map((genre) => keyOf('genres', genre)),
    ]);
    const id = await this.saveMovie(tx, film);
    await this.saveGenres(tx, id, film.genres);
    const credits = [];
    for (const { name, ...credit } of people) {
      const person_id = await mention(tx, 'people', { text: name, year: null });
      credits.push({ movie_id: id, person_id, ...credit });
    }
    await saveCredits(tx, credits);
    const description = await saveText(tx, 'movie_descriptions', id, { job, text: film.description, model });
    return { id, slug: film.slug, description_id: description.id, version: description.version };
  }

  private async saveMovie(tx: EntityManager, film: GeneratedMovie): Promise<string> {
    const known = await findNamed(tx, 'movies', { base: film.title_slug, year: film.release_year });
    const id = known ?? uuidv7();
    await sql(
      tx,
      known
        ? `UPDATE movies SET slug = $2, title_slug = $3, title = $4, release_year = $5, director = $6, updated_at = now() WHERE id = $1`
        : `INSERT INTO movies (id, slug, title_slug, title, release_year, director) VALUES ($1, $2, $3, $4, $5, $6)`,
      [id, film.slug, film.title_slug, film.title, film.release_year, film.director],
    );
    return id;
  }

  private async saveGenres(tx: EntityManager, movieId: string, names: string[]): Promise<void> {
    const genres = names.map((name) => ({ id: uuidv7(), slug: baseOf(name), name }));
    await sql(
      tx,
      `INSERT INTO genres (id, slug, name) SELECT * FROM jsonb_to_recordset($1::jsonb) AS genre (id uuid, slug text, name text)
       ON CONFLICT (slug) DO NOTHING`,
      [JSON.stringify(genres)],
    );
    await sql(tx, 'DELETE FROM movie_genres WHERE movie_id = $1', [movieId]);
    await sql(
      tx,
      'INSERT INTO movie_genres (movie_id, genre_id) SELECT $1, id FROM genres WHERE slug = ANY($2::text[])',
      [movieId, genres.map(({ slug }) => slug)],
    );
  }
}

/** The cast in order, and the director, whom models often leave out of it. */
function crewOf({ cast, director }: GeneratedMovie) {
  const crew = cast.map((member, place) => ({ ...member, billing_order: (place + 1) as number | null }));
  const named =
    director !== null && cast.some(({ role, name }) => role === 'DIRECTOR' && baseOf(name) === baseOf(director));
  if (director === null || named) return crew;
  return [...crew, { name: director, role: 'DIRECTOR' as const, character_name: null, billing_order: null }];
}
