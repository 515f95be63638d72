import { FIRST_YEAR } from '../domain/kinds.js';
import { FACTS_ORIGINS, type FactsOrigin } from '../domain/given-facts.js';
import { ExternalIdsDto, MovieRefDto } from '../domain/references.dto.js';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IntegerField, ItemsField, ObjectField, QueryField, TextField, WordField } from '../http/fields.js';
import { givenFilm, MovieFactsDto } from './movie-facts.dto.js';
import { MAX_ITEMS } from '../batches/batches.dto.js';
import { BatchOptionsDto } from '../accept/batch.dto.js';
import { GenerateOptionsDto, MovieExternalIdsDto, subjectOf } from '../accept/generate.dto.js';
import { lastYear } from '../domain/slug.js';
import type { Submission } from '../accept/asked.js';
import { TextDto } from '../domain/text.dto.js';
import { PERSON_ROLES, type PersonRole } from '../domain/vocabulary.js';
import { CatalogPageDto, CatalogQuery, SlugsField } from '../catalog/listing.dto.js';
import { PageDto, SEARCH, VariantDto } from '../catalog/reading.dto.js';

export class GenerateMovieDto extends GenerateOptionsDto {
  @TextField({
    min: 1,
    max: 200,
    required: (dto) => (dto as GenerateMovieDto).slug === undefined,
    example: 'The Matrix',
    missing: 'title or slug is required',
    description: 'Title in any script; required unless slug is given',
  })
  title?: string;

  @IntegerField({
    required: false,
    min: FIRST_YEAR,
    max: lastYear,
    example: 1999,
    description: 'Year of the first release',
  })
  release_year?: number;

  @TextField({
    required: false,
    min: 1,
    max: 200,
    example: 'Lana Wachowski',
    missing: 'must not be empty',
    description: 'Tells films of one title and year apart; one of the directors is enough',
  })
  director?: string;

  @ObjectField({
    required: false,
    of: () => MovieExternalIdsDto,
    description: 'Kept: GET /movies/imdb:tt0133093 and /movies/tmdb:603 find the film',
  })
  external_ids?: MovieExternalIdsDto;

  @ObjectField({
    required: false,
    of: () => MovieFactsDto,
    description: 'Facts that hold in place of what the model knows. The text claims nothing beyond them',
  })
  facts?: MovieFactsDto;
}

export const movieSubmission = (dto: GenerateMovieDto): Submission =>
  subjectOf('MOVIE', dto, {
    text: dto.title,
    year: dto.release_year,
    yearField: 'release_year',
    director: dto.director,
    externalIds: dto.external_ids,
    ...givenFilm(dto),
  });

export class GenerateMoviesDto extends BatchOptionsDto {
  @ItemsField({ of: () => GenerateMovieDto, max: MAX_ITEMS, description: 'Films, each as in POST /movies/generate' })
  items: GenerateMovieDto[];
}

const ReleaseYearField = (description: string) =>
  IntegerField({ required: false, query: true, min: FIRST_YEAR, max: lastYear, example: 1999, description });

export class ListMoviesQuery extends CatalogQuery {
  @QueryField({ required: false, max: 200, example: 'matrix', description: `Title, or words of it. ${SEARCH}` })
  q?: string;

  @SlugsField('the-matrix-1999,heat-1995')
  declare slugs?: string[];

  @ReleaseYearField('Year of release')
  release_year?: number;

  @ReleaseYearField('The same as release_year')
  year?: number;

  @QueryField({
    required: false,
    max: 60,
    example: 'science-fiction',
    description: 'Slug of a genre, or its name in any of the locales',
  })
  genre?: string;

  @QueryField({ required: false, max: 200, example: 'lana-wachowski', description: 'Slug or name of a director' })
  director?: string;

  @WordField({ required: false, words: ['description'], example: 'description', description: 'What is answered too' })
  include?: 'description';
}

class MovieVariantDto extends VariantDto {
  @ApiProperty({ format: 'uuid' })
  description_id: string;
}

export class MoviePersonDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ example: 'keanu-reeves' })
  slug: string;

  @ApiProperty({ example: 'Keanu Reeves' })
  name: string;

  @ApiProperty({ enum: PERSON_ROLES, example: 'ACTOR' })
  role: PersonRole;

  @ApiProperty({ type: String, nullable: true, example: 'Neo' })
  character_name: string | null;

  @ApiProperty({ type: 'integer', nullable: true, example: 1, description: 'Place in the credits' })
  billing_order: number | null;
}

/** Somebody who directed a film. */
export class DirectorDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ example: 'lana-wachowski' })
  slug: string;

  @ApiProperty({ example: 'Lana Wachowski' })
  name: string;
}

/** A film in a list. */
export class MovieSummaryDto extends MovieRefDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'Matrix',
    description: 'In the locale of the text that is served; in lists without texts, in that of the query',
  })
  title_localized: string | null;

  @ApiProperty({ type: String, nullable: true, example: null, description: 'Where it differs from the title' })
  original_title: string | null;

  @ApiProperty({ type: [String], example: ['Matrix'], description: 'What it is called elsewhere' })
  other_titles: string[];

  @ApiProperty({ type: ExternalIdsDto })
  external_ids: ExternalIdsDto;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'Lana Wachowski, Lilly Wachowski',
    description: 'The directors, joined',
  })
  director: string | null;

  @ApiProperty({ type: [DirectorDto] })
  directors: DirectorDto[];

  @ApiProperty({
    type: [String],
    example: ['Action', 'Science Fiction'],
    description: 'Names in the locale of the text that is served; in lists, in English',
  })
  genres: string[];

  @ApiProperty({ type: [String], example: ['action', 'science-fiction'], description: 'The same in every locale' })
  genre_slugs: string[];

  @ApiProperty({
    enum: FACTS_ORIGINS,
    example: 'MODEL',
    description: 'Who told the facts; HUMAN: some were corrected; TMDB: its terms ask for an attribution',
  })
  facts_origin: FactsOrigin;

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  @ApiProperty({ format: 'date-time' })
  updated_at: string;
}

class MovieLinksDto {
  @ApiProperty({ example: '/movies/the-matrix-1999' })
  self: string;

  @ApiProperty({ example: '/movies/the-matrix-1999/descriptions' })
  descriptions: string;

  @ApiProperty({ example: '/movies/the-matrix-1999/people', description: 'All of its people, page by page' })
  people: string;
}

export class MovieDto extends MovieSummaryDto {
  @ApiProperty({ type: TextDto, nullable: true, description: 'null: known only from a filmography' })
  description: TextDto | null;

  @ApiProperty({ type: [MovieVariantDto] })
  variants: MovieVariantDto[];

  @ApiProperty({ type: [MoviePersonDto], description: 'The first 100; all of them are at links.people' })
  people: MoviePersonDto[];

  @ApiProperty({ type: 'integer', example: 12, description: 'How many there are' })
  people_total: number;

  @ApiProperty({ example: false, description: 'Whether it is left out of lists and credits' })
  hidden: boolean;

  @ApiProperty({ example: false, description: 'Whether the slug, given without a year, fits several films' })
  ambiguous: boolean;

  @ApiProperty({ type: [MovieRefDto], example: [], description: 'The other films the slug fits, at most 20' })
  alternatives: MovieRefDto[];

  @ApiProperty({ type: MovieLinksDto })
  links: MovieLinksDto;
}

/** The people of a film, page by page. */
export class MoviePeoplePageDto extends PageDto {
  @ApiProperty({ example: 'the-matrix-1999', description: 'Whose people these are' })
  slug: string;

  @ApiProperty({ type: [MoviePersonDto] })
  results: MoviePersonDto[];
}

/** A film in a list, with its text where that is asked for. */
export class ListedMovieDto extends MovieSummaryDto {
  @ApiPropertyOptional({ type: TextDto, nullable: true, description: 'With include=description; it names its locale' })
  description?: TextDto | null;

  @ApiPropertyOptional({
    type: [String],
    example: ['en-US', 'pl-PL'],
    description: 'With include: the languages of its texts',
  })
  locales?: string[];
}

export class MoviePageDto extends CatalogPageDto {
  @ApiProperty({ type: [ListedMovieDto] })
  results: ListedMovieDto[];
}
