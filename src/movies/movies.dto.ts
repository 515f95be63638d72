import { ApiProperty } from '@nestjs/swagger';
import { IntegerField, QueryField, TextField, WordField } from '../http/fields.js';
import { GenerateOptionsDto } from '../jobs/generate.dto.js';
import { FIRST_YEAR, lastYear } from '../jobs/slug.js';
import {
  CONTEXT_TAGS,
  type ContextTag,
  type Locale,
  LOCALE_TAGS,
  ORIGINS,
  PERSON_ROLES,
  type PersonRole,
} from '../jobs/vocabulary.js';

const nullableText = { type: ['string', 'null'] as never };
const nullableInteger = { type: ['integer', 'null'] as never };
const ID = '019ab1d2-9a01-7000-8000-0a0b0c0d0e0f';

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

/** Page and size of a list. */
export class PageQuery {
  @IntegerField({ required: false, query: true, min: 1, max: 1_000_000, default: 1, description: 'Page, from 1' })
  page = 1;

  @IntegerField({ required: false, query: true, min: 1, max: 100, default: 20, description: 'Results a page' })
  per_page = 20;
}

export class ListMoviesQuery extends PageQuery {
  @QueryField({ required: false, max: 200, description: 'Part of the title' })
  q?: string;

  @IntegerField({ required: false, query: true, min: FIRST_YEAR, max: lastYear(), description: 'Year of release' })
  year?: number;

  @QueryField({ required: false, max: 60, description: 'Name of a genre' })
  genre?: string;
}

/** Which text of a film or a person is wanted. */
export class VariantQuery {
  @WordField({
    required: false,
    words: LOCALE_TAGS,
    description: 'Language; falls back to en-US when there is no such text',
  })
  locale?: Locale;

  @WordField({
    required: false,
    words: CONTEXT_TAGS,
    description: 'Manner; falls back to DEFAULT when there is no such text',
  })
  context_tag?: ContextTag;
}

/** A text in one locale and manner. */
export class TextDto {
  @ApiProperty({ format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ enum: LOCALE_TAGS, example: 'en-US' })
  locale: Locale;

  @ApiProperty({ enum: CONTEXT_TAGS, example: 'DEFAULT' })
  context_tag: ContextTag;

  @ApiProperty({ example: 'A programmer learns that the world he knows is a simulation …' })
  text: string;

  @ApiProperty({ example: 1 })
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

  @ApiProperty({ example: 1, description: 'The newest version' })
  version: number;
}

export class MovieVariantDto extends VariantDto {
  @ApiProperty({ format: 'uuid', example: ID })
  description_id: string;
}

export class PersonVariantDto extends VariantDto {
  @ApiProperty({ format: 'uuid', example: ID })
  bio_id: string;
}

export class MoviePersonDto {
  @ApiProperty({ format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ example: 'keanu-reeves' })
  slug: string;

  @ApiProperty({ example: 'Keanu Reeves' })
  name: string;

  @ApiProperty({ enum: PERSON_ROLES, example: 'ACTOR' })
  role: PersonRole;

  @ApiProperty({ ...nullableText, example: 'Neo' })
  character_name: string | null;

  @ApiProperty({ ...nullableInteger, example: 1, description: 'Place in the credits' })
  billing_order: number | null;
}

export class MovieRefDto {
  @ApiProperty({ example: 'the-matrix-1999' })
  slug: string;

  @ApiProperty({ example: 'The Matrix' })
  title: string;

  @ApiProperty({ ...nullableInteger, example: 1999 })
  release_year: number | null;
}

/** A film in a list. */
export class MovieSummaryDto extends MovieRefDto {
  @ApiProperty({ format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ ...nullableText, example: 'Lana Wachowski' })
  director: string | null;

  @ApiProperty({ type: [String], example: ['Action', 'Science Fiction'] })
  genres: string[];

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  @ApiProperty({ format: 'date-time' })
  updated_at: string;
}

class SelfLinkDto {
  @ApiProperty({ example: '/movies/the-matrix-1999' })
  self: string;
}

export class MovieDto extends MovieSummaryDto {
  @ApiProperty({
    oneOf: [{ $ref: '#/components/schemas/TextDto' }, { type: 'null' }] as never,
    description: 'null: known only from a filmography',
  })
  description: TextDto | null;

  @ApiProperty({ type: [MovieVariantDto] })
  variants: MovieVariantDto[];

  @ApiProperty({ type: [MoviePersonDto] })
  people: MoviePersonDto[];

  @ApiProperty({ description: 'Whether the slug fits several films; this is the newest' })
  ambiguous: boolean;

  @ApiProperty({ type: [MovieRefDto], description: 'The other films the slug fits' })
  alternatives: MovieRefDto[];

  @ApiProperty({ type: SelfLinkDto })
  links: SelfLinkDto;
}

export class MoviePageDto {
  @ApiProperty({ example: 1 })
  page: number;

  @ApiProperty({ example: 20 })
  per_page: number;

  @ApiProperty({ example: 13 })
  total_pages: number;

  @ApiProperty({ example: 250 })
  total_results: number;

  @ApiProperty({ type: [MovieSummaryDto] })
  results: MovieSummaryDto[];
}
