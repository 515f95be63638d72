import { FIRST_YEAR } from '../domain/kinds.js';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { sql } from '../database/sql.js';
import type { GenerationJob, JobResult } from '../ledger/generation-job.entity.js';
import type { Generated } from '../worker/runner.js';
import { baseOf } from '../domain/slug.js';
import { Llm } from '../llm/llm.js';
import { findNamed, knownAs, saveCredits, saveText } from '../catalog/catalog.js';
import { mention } from '../catalog/mentions.js';
import { type GeneratedMovie, movieAsk, readMovie } from './movie.prompt.js';

/** Films: writing one, storing what was written. Reading is in movies.reader.ts. */
@Injectable()
export class MoviesService {
  constructor(
    private readonly llm: Llm,
    private readonly db: DataSource,
  ) {}

  async generate(job: GenerationJob, signal: AbortSignal): Promise<Generated> {
    const asked = await this.completed(job);
    const ask = movieAsk(asked);
    const answer = await this.llm.ask(ask, signal);
    const film = readMovie(ask, answer, asked);
    return { usage: answer.usage, store: (tx) => this.storeGenerated(tx, job, film, answer.usage.model) };
  }

  /** A slug alone may be that of a film that is known: then its words need not be guessed. */
  private async completed(job: GenerationJob): Promise<GenerationJob> {
    if (job.request.subject !== null) return job;
    const known = await knownAs(this.db, 'movies', job.requested_slug, FIRST_YEAR);
    return known ? { ...job, request: known } : job;
  }

  private async storeGenerated(
    tx: EntityManager,
    job: GenerationJob,
    film: GeneratedMovie,
    model: string,
  ): Promise<JobResult> {
    const crew = crewOf(film);
    const named = crew.map(({ name }) => ({ text: name, year: null }));
    const people = await mention(tx, { table: 'movies', base: film.title_slug }, 'people', named);
    const known = await findNamed(tx, 'movies', { base: film.title_slug, year: film.release_year });
    if (known) await this.dropCrew(tx, known);
    const id = await this.saveMovie(tx, known, film, job.request.subject !== null);
    await this.saveGenres(tx, id, film.genres);
    const credits = crew.map(({ role, character_name, billing_order }, place) => ({
      movie_id: id,
      person_id: people[place]!,
      role,
      character_name,
      billing_order,
    }));
    await saveCredits(tx, credits);
    const description = await saveText(tx, 'movie_descriptions', id, { job, text: film.description, model });
    return { id, slug: film.slug, description_id: description.id, version: description.version };
  }

  /** @param spelled whether the request spelled the title; else the spelling of a film that was written before is kept */
  private async saveMovie(
    tx: EntityManager,
    known: string | null,
    film: GeneratedMovie,
    spelled: boolean,
  ): Promise<string> {
    const id = known ?? uuidv7();
    const values = [id, film.slug, film.title_slug, film.title, film.release_year, film.director];
    await sql(
      tx,
      known
        ? `UPDATE movies SET slug = $2, title_slug = $3, release_year = $5, director = COALESCE($6, director), updated_at = now(),
             title = CASE WHEN $7 OR NOT EXISTS (SELECT 1 FROM movie_descriptions WHERE movie_id = $1) THEN $4 ELSE title END
           WHERE id = $1`
        : `INSERT INTO movies (id, slug, title_slug, title, release_year, director) VALUES ($1, $2, $3, $4, $5, $6)`,
      known ? [...values, spelled] : values,
    );
    return id;
  }

  /** The cast and the director as they were told before; the credits that people's own biographies brought stay. */
  private async dropCrew(tx: EntityManager, movieId: string): Promise<void> {
    await sql(
      tx,
      `DELETE FROM movie_people AS credit USING people, movies WHERE credit.movie_id = $1 AND movies.id = $1 AND people.id = person_id
         AND (billing_order IS NOT NULL OR (role = 'DIRECTOR' AND name = director))`,
      [movieId],
    );
  }

  private async saveGenres(tx: EntityManager, movieId: string, names: string[]): Promise<void> {
    const genres = names.map((name) => ({ id: uuidv7(), slug: baseOf(name), name }));
    await sql(
      tx,
      // Sorted, so that no two films with new genres wait for each other.
      `INSERT INTO genres (id, slug, name) SELECT * FROM jsonb_to_recordset($1::jsonb) AS genre (id uuid, slug text, name text)
       ORDER BY slug ON CONFLICT (slug) DO NOTHING`,
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
