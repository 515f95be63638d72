import { parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import { keyOf, sampled, subjectsIn, twinsAmong } from './subjects.js';

const rowsIn = (file: string) =>
  parse(readFileSync(`examples/${file}`, 'utf8'), { columns: true, relax_quotes: true }) as Record<string, string>[];

const subjects = subjectsIn('examples');
const films = subjects.filter(({ entity }) => entity === 'MOVIE');
const people = subjects.filter(({ entity }) => entity === 'PERSON');

describe('what is known to be true of the examples', () => {
  it('stands beside each film and person, in the same order', () => {
    expect(films.map(({ text, year }) => [text, String(year)])).toEqual(
      rowsIn('films.csv').map(({ title, year }) => [title, year]),
    );
    expect(people.map(({ text, year }) => [text, String(year)])).toEqual(
      rowsIn('people.csv').map(({ name, birth_year }) => [name, birth_year]),
    );
  });

  it('contradicts itself nowhere', () => {
    expect(people.filter(({ birthDate, year }) => birthDate && !birthDate.startsWith(`${year}-`))).toEqual([]);
    expect(people.filter(({ birthDate }) => birthDate && !/^\d{4}-\d\d-\d\d$/.test(birthDate))).toEqual([]);
    const ids = subjects.flatMap(({ imdb }) => imdb ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    expect(films.filter(({ imdb }) => imdb && !/^tt\d{7,8}$/.test(imdb))).toEqual([]);
    expect(people.filter(({ imdb }) => imdb && !/^nm\d{7,8}$/.test(imdb))).toEqual([]);
  });

  it('is enough to judge most of them by', () => {
    expect(films.filter(({ directors }) => directors.length > 0).length).toBeGreaterThan(240);
    expect(films.filter(({ originalTitle }) => originalTitle !== null).length).toBeGreaterThan(200);
    expect(people.filter(({ birthDate }) => birthDate !== null).length).toBeGreaterThan(90);
  });
});

describe('a sample', () => {
  it('is the same for a seed, and part of a larger one', () => {
    const ten = sampled(subjects, 10, 1).map(keyOf);
    expect(sampled(subjects, 30, 1).map(keyOf).slice(0, 10)).toEqual(ten);
    expect(sampled(subjects, 10, 2).map(keyOf)).not.toEqual(ten);
    expect(new Set(sampled(subjects, 1000, 1).map(keyOf)).size).toBe(subjects.length);
  });

  it('of films alone has no people', () => {
    expect(subjectsIn('examples', 'movie')).toEqual(films);
    expect(subjectsIn('examples', 'person')).toEqual(people);
  });

  it('asks for twins with their year, always', () => {
    const twins = films
      .filter((film) => twinsAmong(subjects).has(keyOf(film)))
      .map(({ text, year }) => `${text} ${year}`);
    expect(twins).toEqual(['Scarface 1932', 'Scarface 1983', 'Dune 1984', 'Dune 2021']);
  });
});
