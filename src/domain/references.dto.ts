import { ApiProperty } from '@nestjs/swagger';

/** A film that another answer refers to. */
export class MovieRefDto {
  @ApiProperty({ example: 'the-matrix-1999' })
  slug: string;

  @ApiProperty({ example: 'The Matrix' })
  title: string;

  @ApiProperty({ type: 'integer', nullable: true, example: 1999 })
  release_year: number | null;
}

/** A person that another answer refers to. */
export class PersonRefDto {
  @ApiProperty({ example: 'keanu-reeves-1964' })
  slug: string;

  @ApiProperty({ example: 'Keanu Reeves' })
  name: string;

  @ApiProperty({ type: 'integer', nullable: true, example: 1964 })
  birth_year: number | null;
}

/** Ids of others: of a film tt…, of a person nm…, and a number. */
export class ExternalIdsDto {
  @ApiProperty({ type: String, nullable: true, example: 'tt0133093', description: 'At IMDb' })
  imdb: string | null;

  @ApiProperty({ type: 'integer', nullable: true, example: 603, description: 'At The Movie Database' })
  tmdb: number | null;
}
