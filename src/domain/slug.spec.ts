import { parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import { SLUG_PATTERN } from '../http/fields.js';
import { FIRST_YEAR } from './kinds.js';
import { baseOf, formerPattern, formerSlugs, lastYear, nameForSlug, partsOf, slugOf } from './slug.js';

const examples = <Row>(name: string) => parse<Row>(readFileSync(`examples/${name}`), { columns: true });
const FILMS = examples<{ title: string; year: string }>('films.csv');
const PEOPLE = examples<{ name: string; birth_year: string }>('people.csv');

describe('a slug', () => {
  it.each([
    ['The Matrix', 1999, 'the-matrix-1999'],
    ['Amélie', 2001, 'amelie-2001'],
    ['2001: A Space Odyssey', 1968, '2001-a-space-odyssey-1968'],
    ['M*A*S*H', 1970, 'm-a-s-h-1970'],
    ["Dumplin'", 2018, 'dumplin-2018'],
    ['Don’t Look Now', 1973, 'dont-look-now-1973'],
    ['Babettes gæstebud', 1987, 'babettes-gaestebud-1987'],
    ['Człowiek z żelaza', 1981, 'czlowiek-z-zelaza-1981'],
    ['Love & Death', 1975, 'love-death-1975'],
    ['WALL·E', 2008, 'wall-e-2008'],
    ['[REC]', 2007, 'rec-2007'],
    ['$9.99', 2008, '9-99-2008'],
    ['Se7en', null, 'se7en'],
    ['1917', null, '1917'],
    ['Bannockburn 1314', 1998, 'bannockburn-1314-1998'],
    ['  The   Matrix  ', 1999, 'the-matrix-1999'],
  ])('of "%s", %s is %s', (title, year, slug) => {
    expect(slugOf(title, year)).toBe(slug);
  });

  it('has a form, with and without a year, that the API and the database take', () => {
    const texts = [
      ...FILMS.map(({ title }) => title),
      ...PEOPLE.map(({ name }) => name),
      ..."M 8 $ … π 🎬 ß ½ İ ١٩٨٤ -a- 'a' !".split(' '),
      ...['x', '千', '𠮷', 'ﷺ', '½ '].map((sign) => sign.repeat(200)),
      'Blade Runner 2049',
      'War of 1812',
    ];
    const slugs = texts.flatMap((text) => [slugOf(text, null), slugOf(text, 1999)]);
    expect(slugs.filter((slug) => !new RegExp(SLUG_PATTERN).test(slug))).toEqual([]);
    expect(slugs.filter((slug) => slug.length < 3 || slug.length > 255)).toEqual([]);
  });

  it('differs for every film and every person of the examples', () => {
    const films = FILMS.map(({ title, year }) => slugOf(title, Number(year)));
    expect(new Set(films).size).toBe(FILMS.length);
    const titles = new Set(FILMS.map(({ title }) => title));
    expect(new Set([...titles].map((title) => slugOf(title, null))).size).toBe(titles.size);
    expect(new Set(PEOPLE.map(({ name }) => slugOf(name, null))).size).toBe(PEOPLE.length);
  });

  it.each([
    ['のはな', 'ノハナ'],
    ['花', '華'],
    ['東京', '东京'],
    ['١٩٨٤', '1984'],
    ['१९८४', '١٩٨٤'],
    ['Ивановъ', 'Иванов'],
    ['π', 'P'],
  ])('tells %s from %s, whose Latin letters may be the same', (one, other) => {
    expect(slugOf(one, 1999)).not.toBe(slugOf(other, 1999));
    expect(slugOf(one, null)).not.toBe(slugOf(other, null));
  });

  it('is the same whenever and however the same title is written', () => {
    expect(slugOf('千と千尋の神隠し', 2001)).toMatch(/^qiantoqianxunnoshenyinshi-3146d995[\da-f]{8}-2001$/);
    expect(slugOf('ガ', 2001)).toBe(slugOf('カ\u3099', 2001));
    expect(slugOf('Ame\u0301lie', 2001)).toBe('amelie-2001');
    expect(slugOf('Иди и смотри', 1985)).toBe(slugOf('ИДИ И СМОТРИ', 1985));
    expect(slugOf('m', null)).toBe(slugOf('M', null));
  });

  it('has a hash that nobody meets on purpose, and knows the address with the shorter one that it had before', () => {
    expect(slugOf('千と千尋の神隠し', 2001)).toMatch(/-[\da-f]{16}-2001$/);
    expect(slugOf('Up', null)).toMatch(/^up-[\da-f]{16}$/);
    expect(formerSlugs('千と千尋の神隠し', 2001)).toEqual([
      'qiantoqianxunnoshenyinshi-3146d995',
      'qiantoqianxunnoshenyinshi-3146d995-2001',
    ]);
    expect(formerPattern('qiantoqianxunnoshenyinshi-3146d995-2001')).toBe('qiantoqianxunnoshenyinshi-3146d995________');
    expect(formerPattern('amelie-2001')).toBeNull();
    expect(formerSlugs('Amélie', 2001)).toEqual(['amelie', 'amelie-2001']);
  });

  it('tells long titles apart that begin alike', () => {
    const start = 'Ｗ '.repeat(150);
    expect(baseOf(`${start}one`)).not.toBe(baseOf(`${start}two`));
    expect(slugOf('ß'.repeat(199) + 'a', 1999)).not.toBe(slugOf('ß'.repeat(199) + 'b', 1999));
  });

  it('does not let a number in a title pass for its year', () => {
    expect(partsOf(slugOf('Blade Runner 2049', 2017))).toEqual({ base: 'blade-runner-2049', year: 2017 });
    expect(partsOf(slugOf('Copa 2014', null)).year).toBeNull();
    expect(partsOf(slugOf('Copa 2014', 2014))).toEqual({ base: 'copa-2014', year: 2014 });
  });
});

describe('the parts of a slug', () => {
  it.each([
    ['alien-1979', 'alien', 1979],
    ['alien', 'alien', null],
    ['1917', '1917', null],
    ['1917-2019', '1917', 2019],
    ['william-shakespeare-1564', 'william-shakespeare', 1564],
    ['agent-999', 'agent-999', null],
    ['agent-0999', 'agent-0999', null],
    ['blade-runner-2049', 'blade-runner-2049', null],
    ['charlie-chaplin-1889', 'charlie-chaplin', 1889],
    ['sarah-bernhardt-1844', 'sarah-bernhardt', 1844],
    ['film-19991', 'film-19991', null],
    [`soon-${lastYear()}`, 'soon', lastYear()],
    [`soon-${lastYear() + 1}`, `soon-${lastYear() + 1}`, null],
  ])('of %s are %s and %s', (slug, base, year) => {
    expect(partsOf(slug)).toEqual({ base, year });
  });

  it('have no year in which there were no films, where it is a film', () => {
    expect(partsOf('the-war-of-1812', FIRST_YEAR)).toEqual({ base: 'the-war-of-1812', year: null });
    expect(partsOf('room-1408', FIRST_YEAR)).toEqual({ base: 'room-1408', year: null });
    expect(partsOf('roundhay-1888', FIRST_YEAR)).toEqual({ base: 'roundhay', year: 1888 });
  });
});

describe('the name that a slug is made of', () => {
  it.each<[text: string, others: string[], name: string]>([
    ['黒澤明', ['Akira Kurosawa', 'Kurosawa Akira'], 'Akira Kurosawa'],
    ['黒澤明', ['Tenno', '黑泽明', 'Akira Kurosawa'], 'Akira Kurosawa'],
    ['乱', ['Ran', 'Chaos'], 'Ran'],
    ['乱', ['Ран', '1985', '!?'], '乱'],
    ['乱', [], '乱'],
    ['Андрей Тарковский', ['Andrei Tarkovsky'], 'Andrei Tarkovsky'],
    ['Akira Kurosawa', ['黒澤明', 'The Emperor'], 'Akira Kurosawa'],
    ['Amélie', ['Le Fabuleux Destin'], 'Amélie'],
  ])('of %s, also called %j, is %s', (text, others, name) => expect(nameForSlug(text, others)).toBe(name));
});
