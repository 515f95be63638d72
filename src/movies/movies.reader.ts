import { FACTS_ORIGIN } from '../domain/given-facts.js';
import { KINDS } from '../domain/kinds.js';
import { textDto } from '../domain/text.dto.js';
import { Injectable } from '@nestjs/common';
import type { MovieRefDto } from '../domain/references.dto.js';
import { CatalogReads } from '../database/catalog-reads.js';
import type { Session } from '../database/sql.js';
import { notFound } from '../http/problem.js';
import { genreNames, genreSlug, type StoredGenre } from '../catalog/genres.js';
import { findAddressed } from '../catalog/names.js';
import type { Locale } from '../domain/vocabulary.js';
import { creditsOf } from '../catalog/credits.js';
import type {
  DirectorDto,
  ListedMovieDto,
  ListMoviesQuery,
  MovieDto,
  MoviePageDto,
  MoviePeoplePageDto,
  MoviePersonDto,
  MovieSummaryDto,
} from './movies.dto.js';
import {
  type PageQuery,
  refuseUnknownTone,
  type VariantQuery,
  type VersionPageDto,
  type VersionsQuery,
} from '../catalog/reading.dto.js';
import { localTitle, localTitles } from '../catalog/local-titles.js';
import { choose, chosenDto, type ChosenText, currentTexts, versionsOf } from '../catalog/reading.js';
import { listOf, type Put } from '../catalog/filters.js';
import { yearOf } from '../catalog/listing.dto.js';
import { listing } from '../catalog/listing.js';
import type { List } from '../catalog/search.js';
import { baseOf } from '../domain/slug.js';

export interface MovieRow extends Omit<
  MovieSummaryDto,
  'title_localized' | 'created_at' | 'updated_at' | 'external_ids' | 'genres' | 'genre_slugs' | 'directors'
> {
  directors: (DirectorDto & { hidden: boolean })[];
  imdb_id: string | null;
  tmdb_id: number | null;
  stored_genres: StoredGenre[];
  local_titles: Partial<Record<Locale, string>> | null;
  /** In a list with texts. */
  chosen?: ChosenText | null;
  locales?: string[];
  created_at: Date;
  updated_at: Date;
  hidden: boolean;
}

const COLUMNS = `movies.id, movies.slug, title, original_title, release_year, director, imdb_id, tmdb_id,
  hidden, ${FACTS_ORIGIN}, created_at, updated_at, ${localTitles(KINDS.MOVIE)} AS local_titles,
  ARRAY(SELECT other.title FROM movie_titles AS other WHERE other.movie_id = movies.id AND source = 'OTHER'
    ORDER BY other.created_at, other.title) AS other_titles,
  (SELECT COALESCE(jsonb_agg(
      jsonb_build_object('id', people.id, 'slug', people.slug, 'name', name, 'hidden', people.hidden)
      ORDER BY billing_order NULLS LAST, name), '[]')
    FROM movie_people JOIN people ON people.id = person_id
    WHERE movie_id = movies.id AND role = 'DIRECTOR' AND by_movie IS NOT NULL) AS directors,
  (SELECT COALESCE(jsonb_agg(jsonb_build_object('slug', genres.slug, 'name', genres.name) ORDER BY genres.slug), '[]')
    FROM genres JOIN movie_genres ON genre_id = genres.id WHERE movie_id = movies.id) AS stored_genres`;

const CREW = {
  columns: 'people.id, people.slug, name, role, part.character_name, billing_order',
  order: 'billing_order NULLS LAST, name, role, people.id',
};

/** Most films of one title that an answer names; the list has them all. */
const MAX_ALTERNATIVES = 20;

export const noFilm = () => notFound('There is no such film. POST /movies/generate has it written.');

const OF_GENRE = 'SELECT movie_id FROM movie_genres JOIN genres ON genres.id = genre_id WHERE genres.slug';

/** A director by slug, or by any name. */
const DIRECTED = `SELECT movie_id FROM movie_people WHERE role = 'DIRECTOR' AND by_movie IS NOT NULL AND person_id IN`;
const directedBy = (slug: string, name: string) =>
  `${DIRECTED} (SELECT id FROM people WHERE slug = ${slug} UNION SELECT id FROM people_known_as WHERE base = ${name})`;

/** The films that a list asks for. */
export function moviesOf(query: ListMoviesQuery, given?: string[]): List {
  const { genre, director, include } = query;
  const filters = (put: Put) => [
    ...(genre === undefined ? [] : [`movies.id IN (${OF_GENRE} = ${put(genreSlug(genre))})`]),
    ...(director === undefined ? [] : [`movies.id IN (${directedBy(put(director), put(baseOf(director)))})`]),
  ];
  const year = yearOf(query, 'release_year', query.release_year, query.year);
  return listOf(KINDS.MOVIE, query, { columns: COLUMNS, year, withTexts: include !== undefined, filters }, given);
}

/** Reading films. It never creates a row, queues a job or calls a model. */
@Injectable()
export class MoviesReader {
  constructor(private readonly reads: CatalogReads) {}

  list(query: ListMoviesQuery): Promise<MoviePageDto> {
    const shown = (row: MovieRow) =>
      query.include ? withText(row, query.locale) : summary(row, { asked: query.locale });
    return this.reads.read((db) => listing(db, KINDS.MOVIE, query, (given) => moviesOf(query, given), shown));
  }

  get(slugOrId: string, variant: VariantQuery, withHidden: boolean): Promise<MovieDto> {
    return this.about(slugOrId, { withHidden, asked: variant }, async (db, movie, others) => {
      const texts = await currentTexts(db, 'movie_descriptions', movie.id);
      const people = await creditsOf<MoviePersonDto>(db, KINDS.MOVIE, CREW, movie.id);
      const chosen = choose(texts, variant);
      const self = `/movies/${movie.slug}`;
      return {
        ...summary(movie, { asked: variant.locale, served: chosen?.locale }),
        description: chosen && textDto(chosen),
        variants: texts.map(({ id, locale, context_tag, version }) => ({
          locale,
          context_tag,
          version,
          description_id: id,
        })),
        people: people.results,
        people_total: people.total_results,
        ambiguous: others.length > 0,
        hidden: movie.hidden,
        alternatives: others.map(({ slug, title, release_year }): MovieRefDto => ({ slug, title, release_year })),
        links: { self, descriptions: `${self}/descriptions`, people: `${self}/people` },
      };
    });
  }

  descriptions(slugOrId: string, query: VersionsQuery, withHidden: boolean): Promise<VersionPageDto> {
    return this.about(slugOrId, { withHidden, asked: query }, (db, movie) =>
      versionsOf(db, 'movie_descriptions', movie, query),
    );
  }

  people(slugOrId: string, query: PageQuery, withHidden: boolean): Promise<MoviePeoplePageDto> {
    return this.about(slugOrId, { withHidden }, async (db, { id, slug }) => ({
      slug,
      ...(await creditsOf<MoviePersonDto>(db, KINDS.MOVIE, CREW, id, query)),
    }));
  }

  /** The exact film first. For a slug without a year, all films of that title follow, the newest first. */
  private about<T>(
    slugOrId: string,
    { withHidden, asked = {} }: { withHidden: boolean; asked?: VariantQuery },
    ask: (db: Session, movie: MovieRow, others: MovieRow[]) => Promise<T>,
  ): Promise<T> {
    return this.reads.read(async (db) => {
      const [movie, ...others] = await find(db, slugOrId, withHidden);
      if (!movie) refuseUnknownTone(asked);
      if (!movie) throw noFilm();
      return ask(db, movie, others);
    });
  }
}

const find = (db: Session, address: string, withHidden: boolean) =>
  findAddressed<MovieRow>(db, KINDS.MOVIE, { address, columns: COLUMNS, withHidden }, 1 + MAX_ALTERNATIVES);

function withText(row: MovieRow, asked?: Locale): ListedMovieDto {
  const description = chosenDto(row.chosen ?? null);
  return { ...summary(row, { asked, served: description?.locale }), description, locales: row.locales };
}

/** @param served that of the text, `asked` that of the query: without a text it says what the film is called */
export function summary(row: MovieRow, { asked, served }: { asked?: Locale; served?: Locale }): MovieSummaryDto {
  const { id, slug, title, original_title, other_titles, release_year, stored_genres } = row;
  return {
    id,
    slug,
    title,
    title_localized: localTitle(row.local_titles, served ?? asked),
    original_title,
    other_titles,
    external_ids: { imdb: row.imdb_id, tmdb: row.tmdb_id },
    release_year,
    ...directorsOf(row),
    genres: genreNames(stored_genres, served),
    genre_slugs: stored_genres.map((genre) => genre.slug),
    facts_origin: row.facts_origin,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

/** Those who are hidden are not in the joined names either. */
function directorsOf({ director, directors }: MovieRow): Pick<MovieSummaryDto, 'director' | 'directors'> {
  const shown = directors.filter(({ hidden }) => !hidden).map(({ id, slug, name }) => ({ id, slug, name }));
  const joined = shown.map(({ name }) => name).join(', ') || null;
  return { director: shown.length < directors.length ? joined : director, directors: shown };
}
