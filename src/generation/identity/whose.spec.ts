import { MOVIES } from '../../movies/movies.kind.js';
import { type Asked, askedBy } from '../asked.js';
import type { Answered } from '../kind.js';
import { whoseItIs } from './whose.js';

const asking = (title: string, year: number | null, director: string): Asked =>
  askedBy({
    entity: 'MOVIE',
    requested_slug: 'asked',
    locale: 'en-US',
    context_tag: 'DEFAULT',
    request: { subject: title, year, director },
  });
const answering = (title: string, release_year: number, directors: string[]): Answered =>
  MOVIES.read({
    found: true,
    title,
    original_title: null,
    other_titles: [],
    title_localized: null,
    release_year,
    directors,
    genres: [],
    description: null,
    cast: [],
    namesakes: [],
  } as never);
const verdict = (director: string, directors: string[]) =>
  whoseItIs(asking('Crash', null, director), answering('Crash', 2004, directors)).is;

describe('a director who was asked for', () => {
  it.each<[string, string[]]>([
    ['Paul Haggis', ['Paul Haggis']],
    ['Haggis, Paul', ['Somebody Else', 'Paul Haggis']],
    ['Joel Coen, Ethan Coen', ['Joel Coen', 'Ethan Coen']],
    ['Joel and Ethan Coen', ['Ethan Coen']],
    ['Anna Boden and Ryan Fleck', ['Anna Boden', 'Ryan Fleck']],
    ['Coen Brothers', ['Joel Coen', 'Ethan Coen']],
    ['The Coen Brothers', ['Joel Coen']],
    ['Bracia Coen', ['Joel Coen', 'Ethan Coen']],
    ['The Wachowskis', ['Lana Wachowski', 'Lilly Wachowski']],
    ['Lord & Miller', ['Phil Lord', 'Christopher Miller']],
  ])('%s is among those who were answered: %s', (director, directors) => {
    expect(verdict(director, directors)).toBe('same');
  });

  it.each<[string, string[]]>([
    ['David Cronenberg', []],
    ['David Cronenberg', ['Unknown']],
    ['The Wachowskis', []],
    ['The Wachowskis', ['Larry and Andy']],
    ['The Coen Brothers', ['Paul Haggis']],
    ['The Hughes Brothers', ['Albert H.', 'Allen H.']],
  ])('%s has to be asked about where these were answered: %s', (director, directors) => {
    expect(verdict(director, directors)).toBe('unclear');
  });

  it.each<[string, string[]]>([
    ['David Cronenberg', ['Paul Haggis']],
    ['Joel Coen, Ethan Coen', ['Paul Haggis']],
    ['Lana & Lilly Wachowski', ['Paul Haggis']],
  ])('%s did not make what these made: %s', (director, directors) => {
    expect(verdict(director, directors)).toBe('other');
  });

  it('does not outweigh a title and a year', () => {
    const asked = asking('Crash', 1996, 'Paul Haggis');
    expect(whoseItIs(asked, answering('Crash', 2004, ['Paul Haggis'])).is).toBe('other');
  });
});
