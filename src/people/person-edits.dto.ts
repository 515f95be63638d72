import { EARLIEST_BIRTH } from '../domain/kinds.js';
import type { Correction } from '../edits/corrections.js';
import { correctionOf, givenFacts } from '../edits/edits.dto.js';
import { DayField, FormField, IntegerField, NamesField, ObjectField, SwitchField, TextField } from '../http/fields.js';
import { unprocessable } from '../http/problem.js';

const MOST = { names: 20, tmdb: 999_999_999 };
const thisYear = () => new Date().getFullYear();

class EditPersonIdsDto {
  @FormField({
    required: false,
    nullable: true,
    pattern: '^nm[0-9]{7,9}$',
    min: 9,
    max: 11,
    form: 'nm and 7 to 9 digits',
    example: 'nm0000206',
    description: 'Id at IMDb; null: there is none',
  })
  imdb?: string | null;

  @IntegerField({
    required: false,
    nullable: true,
    min: 1,
    max: MOST.tmdb,
    example: 6384,
    description: 'Number at The Movie Database; null: there is none',
  })
  tmdb?: number | null;
}

/** What somebody knows better of a person. What is left out stays. */
export class EditPersonDto {
  @TextField({ required: false, min: 1, max: 200, missing: '', example: 'Keanu Reeves', description: 'The name' })
  name?: string;

  @NamesField({
    required: false,
    max: MOST.names,
    longest: 200,
    example: ['Keanu Charles Reeves'],
    description: 'All other names; others are forgotten',
  })
  other_names?: string[];

  @DayField({
    required: false,
    nullable: true,
    example: '1964-09-02',
    description: 'Day of birth, and with it the year; null: it is not known to the day',
  })
  birth_date?: string | null;

  @IntegerField({
    required: false,
    nullable: true,
    min: EARLIEST_BIRTH,
    max: thisYear,
    example: 1964,
    description: 'Year of birth; null: it is not known',
  })
  birth_year?: number | null;

  @TextField({
    required: false,
    nullable: true,
    min: 1,
    max: 200,
    missing: '',
    example: 'Beirut, Lebanon',
    description: 'null: it is not known',
  })
  birthplace?: string | null;

  @ObjectField({ required: false, of: () => EditPersonIdsDto, description: 'Ids at others' })
  external_ids?: EditPersonIdsDto;

  @SwitchField({
    required: false,
    default: false,
    description: 'true: not in lists, searches and casts; the person alone is answered to keys of scope edit',
  })
  hidden?: boolean;
}

/** @throws ProblemException 422 when nothing is given, or day and year of birth differ */
export function personCorrection(dto: EditPersonDto): Correction {
  const { birth_date, birth_year } = dto;
  const ofDate = birth_date ? Number(birth_date.slice(0, 4)) : undefined;
  if (ofDate !== undefined && (ofDate < EARLIEST_BIRTH || ofDate > thisYear()))
    throw unprocessable([{ pointer: '/birth_date', detail: `must be of a year ${EARLIEST_BIRTH}..${thisYear()}` }]);
  if (ofDate !== undefined && birth_year !== undefined && ofDate !== birth_year)
    throw unprocessable([{ pointer: '/birth_year', detail: `differs from the year in birth_date, ${ofDate}` }]);
  return correctionOf({
    name: dto.name,
    otherNames: dto.other_names,
    year: birth_year === undefined ? ofDate : birth_year,
    externalIds: dto.external_ids && { imdb: dto.external_ids.imdb, tmdb: dto.external_ids.tmdb },
    facts: givenFacts({ birth_date, birthplace: dto.birthplace }),
    hidden: dto.hidden,
  });
}
