import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { sql } from '../database/sql.js';
import { notFound } from '../http/problem.js';
import { baseOf, FIRST_YEAR } from '../jobs/slug.js';
import { findMeant } from './catalog.js';
import type {
  ListMoviesQuery,
  MovieDto,
  MoviePageDto,
  MoviePersonDto,
  MovieRefDto,
  MovieSummaryDto,
} from './movies.dto.js';
import type { VariantQuery, VersionPageDto, VersionsQuery } from './reading.dto.js';
import { choose, newestTexts, page, textDto, versionsOf } from './reading.js';
import { type List, listed, searched } from './search.js';

interface MovieRow extends Omit<MovieSummaryDto, 'created_at' | 'updated_at'> {
  created_at: Date;
  updated_at: Date;
}

const COLUMNS = `movies.id, movies.slug, title, release_year, director, created_at, updated_at, ARRAY(
  SELECT name FROM genres JOIN movie_genres ON genre_id = genres.id WHERE movie_id = movies.id ORDER BY name) AS genres`;

/** Films of one title that are named; more than that is a job for the list. */
const MAX_ALTERNATIVES = 20;

export const noFilm = () => notFound('There is no such film. POST /movies/generate has it written.');

/** The films a list is asked for. A genre's slug is made from its name, so that either finds it. */
export const moviesOf = ({ year, genre, has_text }: ListMoviesQuery): List => ({
  table: 'movies',
  columns: COLUMNS,
  where: `($1::int IS NULL OR release_year = $1) AND ($2::text IS NULL OR EXISTS (
    SELECT 1 FROM movie_genres JOIN genres ON genres.id = genre_id WHERE movie_id = movies.id AND genres.slug = $2)) AND has_text = $3`,
  values: [year ?? null, genre === undefined ? null : baseOf(genre), has_text],
});

/** Reading films. Nothing here creates a row, queues a job or calls a model. */
@Injectable()
export class MoviesReader {
  constructor(private readonly db: DataSource) {}

  async list(query: ListMoviesQuery): Promise<MoviePageDto> {
    const list = moviesOf(query);
    const { total, rows } = await (query.q === undefined
      ? listed<MovieRow>(this.db, list, query)
      : searched<MovieRow>(this.db, list, query.q, query));
    return page(query, total, rows.map(summary));
  }

  async get(slugOrId: string, variant: VariantQuery): Promise<MovieDto> {
    const [movie, ...others] = await this.find(slugOrId);
    if (!movie) throw noFilm();
    const texts = await newestTexts(this.db, 'movie_descriptions', movie.id);
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
      links: { self: `/movies/${movie.slug}`, descriptions: `/movies/${movie.slug}/descriptions` },
    };
  }

  async descriptions(slugOrId: string, query: VersionsQuery): Promise<VersionPageDto> {
    const [movie] = await this.find(slugOrId);
    if (!movie) throw noFilm();
    return versionsOf(this.db, 'movie_descriptions', movie, query);
  }

  /** Exactly that film first; after it, or in its place, for a slug without a year all of that title, the newest first. */
  private find(slugOrId: string): Promise<MovieRow[]> {
    if (isUuid(slugOrId)) return sql(this.db, `SELECT ${COLUMNS} FROM movies WHERE movies.id = $1`, [slugOrId]);
    const meant = { table: 'movies', slug: slugOrId, firstYear: FIRST_YEAR, columns: COLUMNS } as const;
    return findMeant<MovieRow>(this.db, meant, 1 + MAX_ALTERNATIVES);
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
