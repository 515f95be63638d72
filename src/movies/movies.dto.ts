import { ApiProperty } from '@nestjs/swagger';
import { IntegerField, ItemsField, QueryField, TextField, WordField } from '../http/fields.js';
import { unprocessable } from '../http/problem.js';
import { MAX_ITEMS } from '../batches/batches.dto.js';
import { GenerateOptionsDto, subjectOf } from '../jobs/generate.dto.js';
import { FIRST_YEAR, lastYear } from '../jobs/slug.js';
import type { Submission } from '../jobs/submit.js';
import {
  CONTEXT_TAGS,
  type ContextTag,
  type Locale,
  LOCALE_TAGS,
  ORIGINS,
  PERSON_ROLES,
  type PersonRole,
} from '../jobs/vocabulary.js';

export class GenerateMovieDto extends GenerateOptionsDto {
  @TextField({
    min: 1,
    max: 200,
    required: (dto) => (dto as GenerateMovieDto).slug === undefined,
    example: 'The Matrix',
    description: 'Title in any script; required unless slug is given',
  })
  title?: string;

  @IntegerField({
    required: false,
    min: FIRST_YEAR,
    max: lastYear(),
    example: 1999,
    description: 'Year of the first release',
  })
  release_year?: number;
}

export const movieSubmission = (dto: GenerateMovieDto): Submission =>
  subjectOf('MOVIE', dto, { text: dto.title, year: dto.release_year, yearField: 'release_year' });

export class GenerateMoviesDto {
  @ItemsField({ of: () => GenerateMovieDto, max: MAX_ITEMS, description: 'Films, each as in POST /movies/generate' })
  items: GenerateMovieDto[];
}

/** Page and size of a list. */
export class PageQuery {
  @IntegerField({
    required: false,
    query: true,
    min: 1,
    max: 1_000_000,
    default: 1,
    example: 1,
    description: 'Page, from 1',
  })
  page = 1;

  @IntegerField({
    required: false,
    query: true,
    min: 1,
    max: 100,
    default: 20,
    example: 20,
    description: 'Results a page',
  })
  per_page = 20;
}

export class ListMoviesQuery extends PageQuery {
  @QueryField({ required: false, max: 200, example: 'matrix', description: 'Part of the title' })
  q?: string;

  @IntegerField({
    required: false,
    query: true,
    min: FIRST_YEAR,
    max: lastYear(),
    example: 1999,
    description: 'Year of release',
  })
  year?: number;

  @QueryField({ required: false, max: 60, example: 'Action', description: 'Name of a genre' })
  genre?: string;
}

/** Which text of a film or a person is wanted. */
export class VariantQuery {
  @WordField({
    required: false,
    words: LOCALE_TAGS,
    example: 'pl-PL',
    description: 'Language; falls back to en-US when there is no such text',
  })
  locale?: Locale;

  @WordField({
    required: false,
    words: CONTEXT_TAGS,
    example: 'humorous',
    description: 'Manner; falls back to DEFAULT when there is no such text',
  })
  context_tag?: ContextTag;
}

/** What a wrong page and a wrong variant are answered with, for the documentation. */
export const badPage = unprocessable([{ pointer: '/per_page', detail: 'must be an integer 1..100' }]);
export const badVariant = unprocessable([{ pointer: '/locale', detail: `must be one of ${LOCALE_TAGS.join(', ')}` }]);

/** A text in one locale and manner. */
export class TextDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ enum: LOCALE_TAGS, example: 'en-US' })
  locale: Locale;

  @ApiProperty({ enum: CONTEXT_TAGS, example: 'DEFAULT' })
  context_tag: ContextTag;

  @ApiProperty({ example: 'An original text of a few paragraphs.' })
  text: string;

  @ApiProperty({ type: 'integer', example: 1 })
  version: number;

  @ApiProperty({ enum: ORIGINS, example: 'GENERATED' })
  origin: string;

  @ApiProperty({ example: 'gpt-4.1-mini', description: 'Model that wrote it; mock for the mock' })
  ai_model: string;

  @ApiProperty({ format: 'date-time' })
  created_at: string;
}

class VariantDto {
  @ApiProperty({ enum: LOCALE_TAGS, example: 'en-US' })
  locale: Locale;

  @ApiProperty({ enum: CONTEXT_TAGS, example: 'DEFAULT' })
  context_tag: ContextTag;

  @ApiProperty({ type: 'integer', example: 1, description: 'The newest version' })
  version: number;
}

export class MovieVariantDto extends VariantDto {
  @ApiProperty({ format: 'uuid' })
  description_id: string;
}

export class PersonVariantDto extends VariantDto {
  @ApiProperty({ format: 'uuid' })
  bio_id: string;
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

export class MovieRefDto {
  @ApiProperty({ example: 'the-matrix-1999' })
  slug: string;

  @ApiProperty({ example: 'The Matrix' })
  title: string;

  @ApiProperty({ type: 'integer', nullable: true, example: 1999 })
  release_year: number | null;
}

/** A film in a list. */
export class MovieSummaryDto extends MovieRefDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ type: String, nullable: true, example: 'Lana Wachowski' })
  director: string | null;

  @ApiProperty({ type: [String], example: ['Action', 'Science Fiction'] })
  genres: string[];

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  @ApiProperty({ format: 'date-time' })
  updated_at: string;
}

class MovieLinksDto {
  @ApiProperty({ example: '/movies/the-matrix-1999' })
  self: string;
}

export class MovieDto extends MovieSummaryDto {
  @ApiProperty({ type: TextDto, nullable: true, description: 'null: known only from a filmography' })
  description: TextDto | null;

  @ApiProperty({ type: [MovieVariantDto] })
  variants: MovieVariantDto[];

  @ApiProperty({ type: [MoviePersonDto] })
  people: MoviePersonDto[];

  @ApiProperty({ example: false, description: 'Whether the slug fits several films; this is the newest' })
  ambiguous: boolean;

  @ApiProperty({ type: [MovieRefDto], example: [], description: 'The other films the slug fits' })
  alternatives: MovieRefDto[];

  @ApiProperty({ type: MovieLinksDto })
  links: MovieLinksDto;
}

export class MoviePageDto {
  @ApiProperty({ type: 'integer', example: 1 })
  page: number;

  @ApiProperty({ type: 'integer', example: 20 })
  per_page: number;

  @ApiProperty({ type: 'integer', example: 1 })
  total_pages: number;

  @ApiProperty({ type: 'integer', example: 1 })
  total_results: number;

  @ApiProperty({ type: [MovieSummaryDto] })
  results: MovieSummaryDto[];
}
