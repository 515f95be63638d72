import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { sql, sqlRow } from '../database/sql.js';
import { notFound } from '../http/problem.js';
import { FIRST_YEAR, partsOf } from '../jobs/slug.js';
import type {
  ListMoviesQuery,
  MovieDto,
  MoviePageDto,
  MoviePersonDto,
  MovieRefDto,
  MovieSummaryDto,
  VariantQuery,
} from './movies.dto.js';
import { choose, containing, newestTexts, page, textDto, type TextRow } from './reading.js';

interface MovieRow extends Omit<MovieSummaryDto, 'created_at' | 'updated_at'> {
  created_at: Date;
  updated_at: Date;
}

const COLUMNS = `movies.id, movies.slug, title, release_year, director, created_at, updated_at, ARRAY(
  SELECT name FROM genres JOIN movie_genres ON genre_id = genres.id WHERE movie_id = movies.id ORDER BY name) AS genres`;

export const noFilm = () => notFound('There is no such film. POST /movies/generate has it written.');

/** Reading films. Nothing here creates a row, queues a job or calls a model. */
@Injectable()
export class MoviesReader {
  constructor(private readonly db: DataSource) {}

  async list(query: ListMoviesQuery): Promise<MoviePageDto> {
    const where = `($1::text IS NULL OR title ILIKE $1) AND ($2::int IS NULL OR release_year = $2) AND ($3::text IS NULL OR EXISTS (
      SELECT 1 FROM movie_genres JOIN genres ON genres.id = genre_id WHERE movie_id = movies.id AND lower(name) = lower($3)))`;
    const filter = [query.q ? containing(query.q) : null, query.year ?? null, query.genre ?? null];
    const { total } = await sqlRow<{ total: string }>(
      this.db,
      `SELECT count(*) AS total FROM movies WHERE ${where}`,
      filter,
    );
    const rows = await sql<MovieRow>(
      this.db,
      `SELECT ${COLUMNS} FROM movies WHERE ${where} ORDER BY updated_at DESC, id LIMIT $4 OFFSET $5`,
      [...filter, query.per_page, (query.page - 1) * query.per_page],
    );
    return page(query, Number(total), rows.map(summary));
  }

  async get(slugOrId: string, variant: VariantQuery): Promise<MovieDto> {
    const [movie, ...others] = await this.find(slugOrId);
    if (!movie) throw noFilm();
    const texts = await sql<TextRow>(this.db, newestTexts('movie_descriptions', 'movie_id'), [movie.id]);
    const chosen = choose(texts, variant);
    return {
      ...summary(movie),
      description: chosen && textDto(chosen),
      variants: texts.map(({ id, locale, context_tag, version }) => ({
        locale,
        context_tag,
        version,
        description_id: id,
      })),
      people: await this.people(movie.id),
      ambiguous: others.length > 0,
      alternatives: others.map(({ slug, title, release_year }): MovieRefDto => ({ slug, title, release_year })),
      links: { self: `/movies/${movie.slug}` },
    };
  }

  /** Exactly that film; or, for a slug without a year, all of that title, the newest first. */
  private async find(slugOrId: string): Promise<MovieRow[]> {
    const select = `SELECT ${COLUMNS} FROM movies`;
    if (isUuid(slugOrId)) return sql<MovieRow>(this.db, `${select} WHERE movies.id = $1`, [slugOrId]);
    const exact = await sql<MovieRow>(this.db, `${select} WHERE slug = $1`, [slugOrId]);
    if (exact.length > 0 || partsOf(slugOrId, FIRST_YEAR).year !== null) return exact;
    return sql<MovieRow>(
      this.db,
      `${select} WHERE title_slug = $1 ORDER BY release_year DESC NULLS LAST, id LIMIT 20`,
      [slugOrId],
    );
  }

  private people(movieId: string): Promise<MoviePersonDto[]> {
    return sql<MoviePersonDto>(
      this.db,
      `SELECT people.id, people.slug, name, role, character_name, billing_order FROM movie_people
       JOIN people ON people.id = person_id WHERE movie_id = $1 ORDER BY billing_order NULLS LAST, name, role`,
      [movieId],
    );
  }
}

const summary = ({
  id,
  slug,
  title,
  release_year,
  director,
  genres,
  created_at,
  updated_at,
}: MovieRow): MovieSummaryDto => ({
  id,
  slug,
  title,
  release_year,
  director,
  genres,
  created_at: created_at.toISOString(),
  updated_at: updated_at.toISOString(),
});
