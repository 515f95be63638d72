import { ApiProperty } from '@nestjs/swagger';
import { IntegerField, QueryField, TextField } from '../http/fields.js';
import { GenerateOptionsDto } from '../jobs/generate.dto.js';
import { EARLIEST_BIRTH, lastYear } from '../jobs/slug.js';
import { PERSON_ROLES, type PersonRole } from '../jobs/vocabulary.js';
import { MovieRefDto, PageQuery, PersonVariantDto, TextDto } from '../movies/movies.dto.js';

const nullableText = { type: ['string', 'null'] as never };
const nullableInteger = { type: ['integer', 'null'] as never };

export class GeneratePersonDto extends GenerateOptionsDto {
  @TextField({
    min: 1,
    max: 200,
    required: (dto) => (dto as GeneratePersonDto).slug === undefined,
    example: 'Keanu Reeves',
    description: 'Name in any script; required unless slug is given',
  })
  name?: string;

  @IntegerField({ required: false, min: EARLIEST_BIRTH, max: lastYear(), example: 1964, description: 'Year of birth' })
  birth_year?: number;
}

export class ListPeopleQuery extends PageQuery {
  @QueryField({ required: false, max: 200, description: 'Part of the name' })
  q?: string;

  @IntegerField({ required: false, query: true, min: EARLIEST_BIRTH, max: lastYear(), description: 'Year of birth' })
  year?: number;
}

export class PersonRefDto {
  @ApiProperty({ example: 'keanu-reeves-1964' })
  slug: string;

  @ApiProperty({ example: 'Keanu Reeves' })
  name: string;

  @ApiProperty({ ...nullableInteger, example: 1964 })
  birth_year: number | null;
}

/** A person in a list. */
export class PersonSummaryDto extends PersonRefDto {
  @ApiProperty({ format: 'uuid', example: '019ab1d2-9a01-7000-8000-0a0b0c0d0e0f' })
  id: string;

  @ApiProperty({ ...nullableText, format: 'date', example: '1964-09-02' })
  birth_date: string | null;

  @ApiProperty({ ...nullableText, example: 'Beirut, Lebanon' })
  birthplace: string | null;

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  @ApiProperty({ format: 'date-time' })
  updated_at: string;
}

export class PersonMovieDto extends MovieRefDto {
  @ApiProperty({ enum: PERSON_ROLES, example: 'ACTOR' })
  role: PersonRole;

  @ApiProperty({ ...nullableText, example: 'Neo' })
  character_name: string | null;
}

class SelfLinkDto {
  @ApiProperty({ example: '/people/keanu-reeves-1964' })
  self: string;
}

export class PersonDto extends PersonSummaryDto {
  @ApiProperty({
    oneOf: [{ $ref: '#/components/schemas/TextDto' }, { type: 'null' }] as never,
    description: 'null: known only from a cast',
  })
  bio: TextDto | null;

  @ApiProperty({ type: [PersonVariantDto] })
  variants: PersonVariantDto[];

  @ApiProperty({ type: [PersonMovieDto] })
  movies: PersonMovieDto[];

  @ApiProperty({ description: 'Whether the slug fits several people; this is the one born last' })
  ambiguous: boolean;

  @ApiProperty({ type: [PersonRefDto], description: 'The other people the slug fits' })
  alternatives: PersonRefDto[];

  @ApiProperty({ type: SelfLinkDto })
  links: SelfLinkDto;
}

export class PersonPageDto {
  @ApiProperty({ example: 1 })
  page: number;

  @ApiProperty({ example: 20 })
  per_page: number;

  @ApiProperty({ example: 5 })
  total_pages: number;

  @ApiProperty({ example: 100 })
  total_results: number;

  @ApiProperty({ type: [PersonSummaryDto] })
  results: PersonSummaryDto[];
}
