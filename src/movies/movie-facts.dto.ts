import { SynopsisField } from '../accept/given-facts.js';
import { genreSlug } from '../catalog/genres.js';
import { FIRST_YEAR } from '../domain/kinds.js';
import { lastYear } from '../domain/slug.js';
import { IntegerField, ItemsField, NamesField, TextField } from '../http/fields.js';
import { unprocessable } from '../http/problem.js';
import { GenresField } from './genres.field.js';

/** Somebody who plays in a film. */
export class CastMemberDto {
  @TextField({ min: 1, max: 200, missing: 'name is required', example: 'Keanu Reeves', description: 'Who it is' })
  name: string;

  @TextField({ required: false, min: 1, max: 200, missing: '', example: 'Neo', description: 'Whom they play' })
  character?: string;
}

/** A film as the request knows it, up to 8 kB. */
export class MovieFactsDto {
  @SynopsisField('A programmer learns that the world he lives in is a simulation.')
  synopsis?: string;

  @NamesField({ required: false, max: 20, longest: 200, example: ['Lana Wachowski'], description: 'Its directors' })
  directors?: string[];

  @ItemsField({ required: false, of: () => CastMemberDto, max: 50, description: 'Its actors, in billing order' })
  cast?: CastMemberDto[];

  @IntegerField({
    required: false,
    min: FIRST_YEAR,
    max: lastYear,
    example: 1999,
    description: 'The same as release_year',
  })
  year?: number;

  @GenresField(10)
  genres?: string[];
}

/** @throws ProblemException 422 when the years differ */
export function givenFilm({ facts, release_year }: { facts?: MovieFactsDto; release_year?: number }) {
  if (!facts) return {};
  const { year, genres, synopsis, directors, cast } = facts;
  if (year !== undefined && release_year !== undefined && year !== release_year)
    throw unprocessable([{ pointer: '/facts/year', detail: 'differs from release_year, which is the same' }]);
  return { year: release_year ?? year, facts: { synopsis, directors, cast, genres: genres?.map(genreSlug) } };
}
