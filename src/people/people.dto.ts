import { EARLIEST_BIRTH } from '../domain/kinds.js';
import { FACTS_ORIGINS, type FactsOrigin } from '../domain/given-facts.js';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IntegerField, ItemsField, ObjectField, QueryField, TextField, WordField } from '../http/fields.js';
import { givenPerson, PersonFactsDto } from './person-facts.dto.js';
import { MAX_ITEMS } from '../batches/batches.dto.js';
import { BatchOptionsDto } from '../accept/batch.dto.js';
import { GenerateOptionsDto, PersonExternalIdsDto, subjectOf } from '../accept/generate.dto.js';
import { lastYear } from '../domain/slug.js';
import type { Submission } from '../accept/asked.js';
import { TextDto } from '../domain/text.dto.js';
import { PERSON_ROLES, type PersonRole } from '../domain/vocabulary.js';
import { ExternalIdsDto, MovieRefDto, PersonRefDto } from '../domain/references.dto.js';
import { CatalogPageDto, CatalogQuery, SlugsField } from '../catalog/listing.dto.js';
import { PageDto, SEARCH, VariantDto } from '../catalog/reading.dto.js';

export class GeneratePersonDto extends GenerateOptionsDto {
  @TextField({
    min: 1,
    max: 200,
    required: (dto) => (dto as GeneratePersonDto).slug === undefined,
    example: 'Keanu Reeves',
    missing: 'name or slug is required',
    description: 'Name in any script; required unless slug is given',
  })
  name?: string;

  @IntegerField({ required: false, min: EARLIEST_BIRTH, max: lastYear, example: 1964, description: 'Year of birth' })
  birth_year?: number;

  @ObjectField({
    required: false,
    of: () => PersonExternalIdsDto,
    description: 'Kept: GET /people/imdb:nm0000206 and /people/tmdb:6384 find the person',
  })
  external_ids?: PersonExternalIdsDto;

  @ObjectField({
    required: false,
    of: () => PersonFactsDto,
    description: 'Facts that hold in place of what the model knows. The text claims nothing beyond them',
  })
  facts?: PersonFactsDto;
}

export const personSubmission = (dto: GeneratePersonDto): Submission =>
  subjectOf('PERSON', dto, {
    text: dto.name,
    year: dto.birth_year,
    yearField: 'birth_year',
    externalIds: dto.external_ids,
    ...givenPerson(dto),
  });

export class GeneratePeopleDto extends BatchOptionsDto {
  @ItemsField({ of: () => GeneratePersonDto, max: MAX_ITEMS, description: 'People, each as in POST /people/generate' })
  items: GeneratePersonDto[];
}

const BirthYearField = (description: string) =>
  IntegerField({ required: false, query: true, min: EARLIEST_BIRTH, max: lastYear, example: 1964, description });

export class ListPeopleQuery extends CatalogQuery {
  @QueryField({ required: false, max: 200, example: 'reeves', description: `Name, or part of it. ${SEARCH}` })
  q?: string;

  @SlugsField('keanu-reeves-1964')
  declare slugs?: string[];

  @BirthYearField('Year of birth')
  birth_year?: number;

  @BirthYearField('The same as birth_year')
  year?: number;

  @WordField({ required: false, words: ['bio'], example: 'bio', description: 'What is answered too' })
  include?: 'bio';
}

/** A person in a list. */
export class PersonSummaryDto extends PersonRefDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ type: [String], example: ['Keanu Charles Reeves'], description: 'What this person is also called' })
  other_names: string[];

  @ApiProperty({ type: ExternalIdsDto })
  external_ids: ExternalIdsDto;

  @ApiProperty({ type: String, nullable: true, format: 'date', example: '1964-09-02' })
  birth_date: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'Beirut, Lebanon' })
  birthplace: string | null;

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

class PersonVariantDto extends VariantDto {
  @ApiProperty({ format: 'uuid' })
  bio_id: string;
}

export class PersonMovieDto extends MovieRefDto {
  @ApiProperty({ enum: PERSON_ROLES, example: 'ACTOR' })
  role: PersonRole;

  @ApiProperty({ type: String, nullable: true, example: 'Neo' })
  character_name: string | null;
}

class PersonLinksDto {
  @ApiProperty({ example: '/people/keanu-reeves-1964' })
  self: string;

  @ApiProperty({ example: '/people/keanu-reeves-1964/bios' })
  bios: string;

  @ApiProperty({ example: '/people/keanu-reeves-1964/movies', description: 'All of the films, page by page' })
  movies: string;
}

export class PersonDto extends PersonSummaryDto {
  @ApiProperty({ type: TextDto, nullable: true, description: 'null: known only from a cast' })
  bio: TextDto | null;

  @ApiProperty({ type: [PersonVariantDto] })
  variants: PersonVariantDto[];

  @ApiProperty({ type: [PersonMovieDto], description: 'The newest film first; the first 100, all are at links.movies' })
  movies: PersonMovieDto[];

  @ApiProperty({ type: 'integer', example: 12, description: 'How many there are' })
  movies_total: number;

  @ApiProperty({ example: false, description: 'Whether it is left out of lists and credits' })
  hidden: boolean;

  @ApiProperty({ example: false, description: 'Whether the slug, given without a year, fits several people' })
  ambiguous: boolean;

  @ApiProperty({ type: [PersonRefDto], example: [], description: 'The other people the slug fits, at most 20' })
  alternatives: PersonRefDto[];

  @ApiProperty({ type: PersonLinksDto })
  links: PersonLinksDto;
}

/** The films of a person, page by page. */
export class PersonMoviesPageDto extends PageDto {
  @ApiProperty({ example: 'keanu-reeves-1964', description: 'Whose films these are' })
  slug: string;

  @ApiProperty({ type: [PersonMovieDto] })
  results: PersonMovieDto[];
}

/** A person in a list, with the text where that is asked for. */
export class ListedPersonDto extends PersonSummaryDto {
  @ApiPropertyOptional({ type: TextDto, nullable: true, description: 'With include=bio; it names its locale' })
  bio?: TextDto | null;

  @ApiPropertyOptional({
    type: [String],
    example: ['en-US', 'pl-PL'],
    description: 'With include: the languages of its texts',
  })
  locales?: string[];
}

export class PersonPageDto extends CatalogPageDto {
  @ApiProperty({ type: [ListedPersonDto] })
  results: ListedPersonDto[];
}
