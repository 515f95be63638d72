import { genreSlug } from '../catalog/genres.js';
import { FIRST_YEAR } from '../domain/kinds.js';
import { lastYear } from '../domain/slug.js';
import type { Correction } from '../edits/corrections.js';
import { correctionOf, givenFacts } from '../edits/edits.dto.js';
import {
  FormField,
  IntegerField,
  ItemsField,
  NamesField,
  ObjectField,
  SwitchField,
  TextField,
} from '../http/fields.js';
import { CastMemberDto } from './movie-facts.dto.js';
import { GenresField } from './genres.field.js';

const MOST = { titles: 20, genres: 8, directors: 20, cast: 50, tmdb: 999_999_999 };

class EditMovieIdsDto {
  @FormField({
    required: false,
    nullable: true,
    pattern: '^tt[0-9]{7,9}$',
    min: 9,
    max: 11,
    form: 'tt and 7 to 9 digits',
    example: 'tt0133093',
    description: 'Id at IMDb; null: it has none',
  })
  imdb?: string | null;

  @IntegerField({
    required: false,
    nullable: true,
    min: 1,
    max: MOST.tmdb,
    example: 603,
    description: 'Number at The Movie Database; null: it has none',
  })
  tmdb?: number | null;
}

/** What somebody knows better of a film. What is left out stays. */
export class EditMovieDto {
  @TextField({ required: false, min: 1, max: 200, missing: '', example: 'The Matrix', description: 'Its title' })
  title?: string;

  @TextField({
    required: false,
    nullable: true,
    min: 1,
    max: 200,
    missing: '',
    example: null,
    description: 'In its own language, where that differs; null: it does not',
  })
  original_title?: string | null;

  @NamesField({
    required: false,
    max: MOST.titles,
    longest: 200,
    example: ['Matrix'],
    description: 'All that it is called elsewhere; others are forgotten',
  })
  other_titles?: string[];

  @IntegerField({
    required: false,
    nullable: true,
    min: FIRST_YEAR,
    max: lastYear,
    example: 1999,
    description: 'Year of the first release; null: it is not known',
  })
  release_year?: number | null;

  @GenresField(MOST.genres)
  genres?: string[];

  @NamesField({
    required: false,
    max: MOST.directors,
    longest: 200,
    example: ['Lana Wachowski', 'Lilly Wachowski'],
    description: 'All of its directors, in billing order; others are forgotten',
  })
  directors?: string[];

  @ItemsField({
    required: false,
    of: () => CastMemberDto,
    min: 0,
    max: MOST.cast,
    description: 'All of its actors, in billing order; others are forgotten',
  })
  cast?: CastMemberDto[];

  @ObjectField({ required: false, of: () => EditMovieIdsDto, description: 'Ids at others' })
  external_ids?: EditMovieIdsDto;

  @SwitchField({
    required: false,
    default: false,
    description: 'true: not in lists, searches and filmographies; the film alone is answered to keys of scope edit',
  })
  hidden?: boolean;
}

const crewOf = ({ directors, cast }: EditMovieDto) =>
  directors === undefined && cast === undefined ? undefined : { directors, cast };

/** @throws ProblemException 422 when nothing is given */
export const movieCorrection = (dto: EditMovieDto): Correction =>
  correctionOf({
    name: dto.title,
    otherNames: dto.other_titles,
    year: dto.release_year,
    genres: dto.genres?.map(genreSlug),
    crew: crewOf(dto),
    externalIds: dto.external_ids && { imdb: dto.external_ids.imdb, tmdb: dto.external_ids.tmdb },
    facts: givenFacts({ original_title: dto.original_title }),
    hidden: dto.hidden,
  });
