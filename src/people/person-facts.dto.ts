import { SynopsisField } from '../accept/given-facts.js';
import { EARLIEST_BIRTH, FIRST_YEAR } from '../domain/kinds.js';
import { lastYear } from '../domain/slug.js';
import { PERSON_ROLES, type PersonRole } from '../domain/vocabulary.js';
import { DayField, IntegerField, ItemsField, TextField, WordField } from '../http/fields.js';
import { unprocessable } from '../http/problem.js';

class KnownFilmDto {
  @TextField({ min: 1, max: 200, missing: 'title is required', example: 'The Matrix', description: 'Its title' })
  title: string;

  @IntegerField({ required: false, min: FIRST_YEAR, max: lastYear, example: 1999, description: 'Year of release' })
  release_year?: number;

  @WordField({ required: false, words: PERSON_ROLES, default: 'ACTOR', example: 'ACTOR', description: 'Part in it' })
  role?: PersonRole;
}

/** A person as the request knows one, up to 8 kB. */
export class PersonFactsDto {
  @SynopsisField('Grew up in Toronto, and came to film by way of the stage.')
  synopsis?: string;

  @DayField({ required: false, example: '1964-09-02', description: 'Day of birth, and with it the year' })
  birth_date?: string;

  @TextField({
    required: false,
    min: 1,
    max: 200,
    missing: '',
    example: 'Beirut, Lebanon',
    description: 'Place of birth',
  })
  birthplace?: string;

  @ItemsField({ required: false, of: () => KnownFilmDto, max: 50, description: 'Films, the best known one first' })
  known_for?: KnownFilmDto[];
}

/** @throws ProblemException 422 when the years differ, or it is none of a birth */
export function givenPerson({ facts, birth_year }: { facts?: PersonFactsDto; birth_year?: number }) {
  if (!facts) return {};
  const { synopsis, birth_date, birthplace, known_for } = facts;
  const year = birth_date === undefined ? undefined : Number(birth_date.slice(0, 4));
  const pointer = '/facts/birth_date';
  if (year !== undefined && (year < EARLIEST_BIRTH || year > new Date().getFullYear()))
    throw unprocessable([{ pointer, detail: `must be of a year ${EARLIEST_BIRTH}..${new Date().getFullYear()}` }]);
  if (year !== undefined && birth_year !== undefined && year !== birth_year)
    throw unprocessable([{ pointer, detail: 'is of another year than birth_year' }]);
  return { year: birth_year ?? year, facts: { synopsis, birth_date, birthplace, known_for } };
}
