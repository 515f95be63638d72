import { baseOf, partsOf, slugOf } from '../../domain/slug.js';
import { type Answered, type Asked, type Verdict, verdictOn } from './verdict.js';

type Is = Verdict['is'];
type Entity = Asked['entity'];

const answered = (main: string, year: number | null = null, others: string[] = []): Answered => ({
  main,
  others,
  year,
});
const byText = (text: string, year: number | null, entity: Entity): Asked => ({
  entity,
  text,
  base: baseOf(text),
  year,
});
/** As a request for a slug comes in: with its year in it. */
const bySlug = (slug: string, entity: Entity = 'MOVIE'): Asked => ({ entity, text: null, ...partsOf(slug) });
const inBothForms = (text: string, year: number | null, entity: Entity = 'MOVIE') => [
  byText(text, year, entity),
  bySlug(slugOf(text, year), entity),
];
const verdicts = (text: string, year: number | null, answer: Answered, entity: Entity = 'MOVIE'): Is[] =>
  inBothForms(text, year, entity).map((asked) => verdictOn(asked, answer).is);

describe('films, asked for by title and by slug', () => {
  const amelie = answered("Le Fabuleux Destin d'Amélie Poulain", 2001, ['Amélie']);
  const birdman = answered('Birdman or (The Unexpected Virtue of Ignorance)', 2014);
  const strangelove = answered('Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb', 1964);
  const shawshank = answered('The Shawshank Redemption', 1994, ['The Shawshank Redemption', 'Skazani na Shawshank']);
  const spirited = answered('Spirited Away', 2001, ['千と千尋の神隠し']);

  it.each<[string, number | null, Answered]>([
    ['Se7en', 1995, answered('Seven', 1995, ['Se7en'])],
    ['Seven', 1995, answered('Seven', 1995, ['Se7en'])],
    ['Spirited Away', null, answered('千と千尋の神隠し', 2001, ['Spirited Away'])],
    ['千と千尋の神隠し', null, spirited],
    ['Amelie', 2001, amelie],
    ['The Godfather Part II', 1974, answered('The Godfather: Part 2', 1974)],
    ['Birdman', 2014, birdman],
    ['8 1/2', 1963, answered('8½', 1963)],
    ['8½', 1963, answered('8 1/2', 1963)],
    ['Rocky 2', 1979, answered('Rocky II', 1979)],
    ['The Matrix', 1999, answered('The Matrix (1999)', null)],
    ['Dr. Strangelove', 1964, strangelove],
    ['Skazani na Shawshank', 1994, shawshank],
    ['Casablanca', 1943, answered('Casablanca', 1942)],
    ['The Professional', 1994, answered('Léon (The Professional)', 1994)],
  ])('%s (%s) is the film that was asked for', (title, year, answer) => {
    expect(verdicts(title, year, answer)).toEqual(['same', 'same']);
  });

  it.each<[string, number | null, Answered]>([
    ['Alien', 1979, answered('Aliens', 1979)],
    ['Alien', null, answered('Aliens', 1986)],
    ['Kill Bill: Vol. 1', 2003, answered('Kill Bill: Vol. 2', 2004)],
    ['The Matrix Reloaded', 2003, answered('The Matrix Revolutions', 2003)],
    ['The Godfather', null, answered('The Godfather Part II', 1974)],
    ['Alien', null, answered('Alien3', 1992)],
    ['It', null, answered('It²', 2019)],
    ['Friday the 13th', null, answered('Friday the 13th Part 2', 1981)],
    ['Friday the 13th Part III', null, answered('Friday the 13th Part 2', 1981)],
  ])('%s (%s) is not the film that was answered', (title, year, answer) => {
    expect(verdicts(title, year, answer)).toEqual(['other', 'other']);
  });

  it.each<[string, number | null, Answered]>([
    ['Inception', 2010, answered('Toy Story 3', 2010)],
    ['Psycho', 1998, answered('Psycho')],
    ['9', 2009, answered('Nine', 2009)],
    ['Nine', 2009, answered('9', 2009)],
    ['Heat', null, answered('The Heat', 2013)],
    ['Avatar', null, answered('Avatar: The Way of Water', 2022)],
    ['七人の侍', null, answered('Seven Samurai', 1954)],
    // A further title that only echoes the request proves nothing beside a main one that contradicts it.
    ['Alien', null, answered('Aliens', 1986, ['Alien'])],
    ['The Matrix Reloaded', 2003, answered('The Matrix Revolutions', 2003, ['The Matrix Reloaded'])],
    ['Kill Bill: Vol. 1', 2003, answered('Kill Bill: Vol. 2', 2004, ['Kill Bill: Vol. 1'])],
    ['Diabolique', 1955, answered('Les Diaboliques', 1955, ['Diabolique'])],
  ])('%s (%s) has to be asked about', (title, year, answer) => {
    expect(verdicts(title, year, answer)).toEqual(['unclear', 'unclear']);
  });

  it('are proved by any title that was looked up', () => {
    const answer = { ...answered('Les Diaboliques', 1955, ['Diabolique']), anyProves: true };
    expect(verdicts('Diabolique', 1955, answer)).toEqual(['same', 'same']);
  });

  it('may have a number in the slug that is no year', () => {
    expect(verdictOn(bySlug('wonder-woman-1984'), answered('Wonder Woman 1984', 2020)).is).toBe('same');
  });
});

describe('people, asked for by name and by slug', () => {
  it.each<[string, number | null, Answered]>([
    ['Beyoncé', null, answered('Beyoncé Knowles-Carter', 1981, ['Beyoncé'])],
    ['The Rock', null, answered('Dwayne Johnson', 1972, ['The Rock'])],
    ['Miyazaki Hayao', null, answered('Hayao Miyazaki', 1941)],
    ['Samuel Jackson', null, answered('Samuel L. Jackson', 1948, ['Samuel Jackson'])],
    ['Cantinflas', 1911, answered("Mario 'Cantinflas' Moreno", 1911)],
  ])('%s (%s) is the person who was asked for', (name, year, answer) => {
    expect(verdicts(name, year, answer, 'PERSON')).toEqual(['same', 'same']);
  });

  it.each<[string, number | null, Answered]>([
    ['Robert Downey Jr.', null, answered('Robert Downey Sr.', 1936)],
    ['Emma Stone', null, answered('Emma Watson', 1990)],
    ['Hayao Miyazaki', null, answered('Goro Miyazaki', 1967)],
    ['Bill Pullman', 1953, answered('Bill Paxton')],
    ['Keanu Reeves', 1964, answered('Alex Winter', 1965)],
    ['Michael A. Jordan', 1987, answered('Michael B. Jordan', 1987)],
  ])('%s (%s) is not the person who was answered', (name, year, answer) => {
    expect(verdicts(name, year, answer, 'PERSON')).toEqual(['other', 'other']);
  });

  it.each<[string, number | null, Answered]>([
    ['Michael Jordan', null, answered('Michael B. Jordan', 1987)],
    ['Robert Downey Jr.', null, answered('Robert Downey Sr.', 1936, ['Robert Downey Jr.'])],
  ])('%s (%s) has to be asked about', (name, year, answer) => {
    expect(verdicts(name, year, answer, 'PERSON')).toEqual(['unclear', 'unclear']);
  });
});
