import { jest } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { GeneratePersonDto } from '../people/people.dto.js';
import { GenerateMovieDto, ListMoviesQuery } from './movies.dto.js';

describe('the last year', () => {
  afterEach(() => jest.useRealTimers());

  it.each([
    [GenerateMovieDto, 'release_year', { title: 'Ten Years On' }],
    [GeneratePersonDto, 'birth_year', { name: 'Not Yet Born' }],
    [ListMoviesQuery, 'year', {}],
  ])('of %p moves on while the process runs', (type, field, rest) => {
    const faults = (year: number) =>
      validateSync(plainToInstance<object, object>(type, { ...rest, [field]: year })).map(({ property }) => property);
    jest.useFakeTimers({ now: new Date('2030-12-31T12:00:00Z') });
    expect([faults(2040), faults(2041)]).toEqual([[], [field]]);
    jest.setSystemTime(new Date('2031-01-01T12:00:00Z'));
    expect([faults(2041), faults(2042)]).toEqual([[], [field]]);
  });
});
