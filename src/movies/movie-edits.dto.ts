import { genreSlug } from '../catalog/genres.js';
import { GENRE_SLUGS } from '../domain/genres.js';
import { FIRST_YEAR } from '../domain/kinds.js';
import { lastYear } from '../domain/slug.js';
import type { Correction } from '../edits/corrections.js';
import { correctionOf, givenFacts } from '../edits/edits.dto.js';
import { FormField, IntegerField, NamesField, ObjectField, SwitchField, TextField } from '../http/fields.js';

const MOST = { titles: 20, genres: 8, tmdb: 999_999_999 };

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

  @NamesField({
    required: false,
    max: MOST.genres,
    longest: 60,
    example: ['action', 'science-fiction'],
    description: 'Slugs of genres, or their names in any of the locales',
    whyNot: (name) =>
      (GENRE_SLUGS as readonly string[]).includes(genreSlug(name)) ? null : 'must contain genres of GET /genres only',
  })
  genres?: string[];

  @ObjectField({ required: false, of: () => EditMovieIdsDto, description: 'Ids at others' })
  external_ids?: EditMovieIdsDto;

  @SwitchField({
    required: false,
    default: false,
    description: 'true: not in lists, searches and filmographies; the film alone is answered to keys of scope edit',
  })
  hidden?: boolean;
}

/** @throws ProblemException 422 when nothing is given */
export const movieCorrection = (dto: EditMovieDto): Correction =>
  correctionOf({
    name: dto.title,
    otherNames: dto.other_titles,
    year: dto.release_year,
    genres: dto.genres?.map(genreSlug),
    externalIds: dto.external_ids && { imdb: dto.external_ids.imdb, tmdb: dto.external_ids.tmdb },
    facts: givenFacts({ original_title: dto.original_title }),
    hidden: dto.hidden,
  });
