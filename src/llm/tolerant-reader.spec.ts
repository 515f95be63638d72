import { FORMS } from '../../test/support/model/forms.js';
import { BELOW_SQUARE, growthOf } from '../../test/support/run/growth.js';
import { whyNot } from '../generation/structured-output.js';
import { isRepairable } from './found-json.js';
import { readAnswer } from './tolerant-reader.js';

const FILM = {
  found: true,
  title: 'Heat',
  original_title: null,
  other_titles: [],
  title_localized: null,
  release_year: 1995,
  directors: ['Michael Mann'],
  genres: ['crime', 'drama'],
  description: 'A thief and a policeman {both at work} say "no" to rest.\nThey meet [once].',
  cast: [{ name: 'Al Pacino', role: 'ACTOR', character_name: 'Vincent Hanna' }],
  namesakes: [],
};
const { schema } = FORMS.movie;
const JSON_FILM = JSON.stringify(FILM);
const PRETTY = JSON.stringify(FILM, null, 2);
const QUESTION = JSON.stringify({ title: 'Heat', slug: 'heat-1995', release_year: 1995, locale: 'en-US' });
const film = (more: object) => JSON.stringify({ ...FILM, ...more });
const without = (...names: string[]) =>
  JSON.stringify(Object.fromEntries(Object.entries(FILM).filter(([name]) => !names.includes(name))));

describe('the object in what a model said', () => {
  it.each<[how: string, said: unknown]>([
    ['alone', JSON_FILM],
    ['as it was parsed', FILM],
    ['in a fence', '```json\n' + PRETTY + '\n```'],
    ['in a fence without a language', '```\n' + JSON_FILM + '\n```'],
    ['in a fence that is not closed', '```json\n' + PRETTY],
    ['after prose', 'Sure! Here is the film (1995):\n\n' + PRETTY],
    ['before prose', JSON_FILM + '\n\nLet me know if you need more.'],
    ['after a question that it repeats', `You asked: ${QUESTION}\nMy answer: ${JSON_FILM}`],
    ['after a draft', `Draft: {"found": true, "title": "Heat"}. Final: ${JSON_FILM}`],
    ['after braces that are none', `In {braces} and [brackets], unclosed { too: ${JSON_FILM}`],
    ['after thoughts', `<think>The user wants {"found": false} or so.</think>\n${JSON_FILM}`],
    ['after the end of thoughts alone', `Let me see, {"found": false}?\n</think>\n\n${JSON_FILM}`],
    ['in thoughts that do not end', `<think>\n${JSON_FILM}`],
    ['after thoughts in brackets', `[THINK]It is {"found": false}[/THINK]${JSON_FILM}`],
    ['after thoughts of another sign', `◁think▷{"found": false}◁/think▷${JSON_FILM}`],
    [
      'in a channel',
      `<|channel|>analysis<|message|>{"found": false}<|end|><|start|>assistant<|channel|>final<|message|>${JSON_FILM}`,
    ],
    ['before a token of the template', `${JSON_FILM}<|im_end|>`],
    ['as a string', JSON.stringify(JSON_FILM)],
    ['as a string of a string', JSON.stringify(JSON.stringify(JSON_FILM))],
    ['with escaped quotes and no string around', JSON.stringify(JSON_FILM).slice(1, -1)],
    ['in a field', JSON.stringify({ movie: FILM })],
    ['in a field as a string', JSON.stringify({ result: JSON_FILM })],
    ['in two fields', JSON.stringify({ data: { movie: FILM } })],
    ['as arguments of a call', JSON.stringify({ name: 'movie', arguments: FILM })],
    ['in a list', JSON.stringify([FILM])],
    ['in a list in a field', JSON.stringify({ movies: [FILM] })],
    ['with a comma too many', PRETTY.replace(/\n}$/, ',\n}').replace('"drama"\n', '"drama",\n')],
    ['with raw line feeds', JSON_FILM.replace('\\n', '\n')],
    ['in single quotes', JSON_FILM.replace(/"(\w+)":/g, "'$1':")],
    ['with words of Python', JSON_FILM.replace('true', 'True').replace('null', 'None')],
    ['with comments', PRETTY.replace('"found"', '// whether it is known\n  "found"')],
    ['without the last brace', JSON_FILM.slice(0, -1)],
    ['with quotes that are not escaped', JSON_FILM.replace('\\"no\\"', '"no"')],
    ['with fields that nobody asked for', film({ rating: 8, notes: { a: 1 } })],
    ['with other spellings of fields', JSON_FILM.replace('release_year', 'releaseYear').replace('"title"', '"Title"')],
    ['with a year as text', film({ release_year: '1995' })],
    ['with a day for a year', film({ release_year: '1995-12-15' })],
    ['with a flag as text', film({ found: 'true' })],
    ['with a name where a list belongs', film({ directors: 'Michael Mann' })],
    ['with an object where a name belongs', film({ directors: [{ name: 'Michael Mann' }] })],
    ['with a list in one text', film({ genres: 'Crime, Drama' })],
    ['with words of another spelling', film({ genres: ['Crime', 'DRAMA', 'Heist'] })],
    ['with null where a list belongs', film({ other_titles: null, namesakes: null })],
    ['without fields that are empty', without('other_titles', 'namesakes', 'original_title', 'title_localized')],
    ['with nothing for a text', film({ original_title: '' })],
    ['with null as text', film({ original_title: 'null' })],
    ['with one object where a list belongs', film({ cast: FILM.cast[0] })],
    ['with an odd member of a cast', film({ cast: [...FILM.cast, { name: null, role: 'ACTOR' }, 'Robert De Niro'] })],
    [
      'with a cast of other roles too',
      film({ cast: [...FILM.cast, { name: 'X', role: 'CATERER', character_name: null }] }),
    ],
    [
      'with a member of a cast who lacks a field',
      film({ cast: [{ name: 'Al Pacino', role: 'actor', character_name: 'Vincent Hanna', order: 1 }] }),
    ],
    ['with a text in parts', film({ description: undefined, Description: FILM.description })],
  ])('is found: %s', (_, said) => {
    const read = readAnswer([said], schema);
    expect(read).toEqual(FILM);
    expect(whyNot(schema, read)).toBeNull();
  });

  it('may be that of a text, whatever is in the text', () => {
    const output = { description: 'One {two} "three" </think> ```four```.' };
    expect(readAnswer([JSON.stringify(output)], FORMS.movie_text.schema)).toMatchObject(output);
    const parts = JSON.stringify({ description: ['One.', 'Two.'] });
    expect(readAnswer([parts], FORMS.movie_text.schema)).toMatchObject({ description: 'One.\n\nTwo.' });
  });

  it('says that nothing is known with one field alone', () => {
    const read = readAnswer(['{"found": false}'], schema);
    expect([whyNot(schema, read), read]).toEqual([null, expect.objectContaining({ found: false, title: null })]);
  });

  it('is what was said after the thoughts, though these were richer', () => {
    const said = `<think>It could be ${JSON_FILM}, but no.</think>{"found": false}`;
    expect(readAnswer([said], schema)).toMatchObject({ found: false });
  });

  it('is not closed for a model that was stopped, and is for one that forgot to', () => {
    const open = '{"description": "A thief and a policeman."';
    expect(readAnswer([open], FORMS.movie_text.schema, true)).toBeUndefined();
    expect(readAnswer([open], FORMS.movie_text.schema)).toEqual({
      description: 'A thief and a policeman.',
      title_localized: null,
    });
  });

  it('is complete though the model was stopped after it', () => {
    expect(readAnswer([JSON_FILM + ' '.repeat(5000)], schema, true)).toEqual(FILM);
    expect(readAnswer(['```json\n' + JSON_FILM], schema, true)).toEqual(FILM);
  });

  it('is that of the first place that has one', () => {
    expect(readAnswer(['Sure!', JSON_FILM], schema)).toEqual(FILM);
    expect(readAnswer([film({ title: 'Heat 2' }), JSON_FILM], schema)).toMatchObject({ title: 'Heat 2' });
  });

  it.each([
    ['prose', 'Sure! Here is the film:'],
    ['half an object', JSON_FILM.slice(0, 300)],
    ['a text that ends in the middle', '{"description": "A thief and'],
    ['nothing', ' \n'],
    ['a number', '42'],
    ['a brace', '{'],
    ['thoughts alone', '<think>What is it?</think>'],
  ])('is not made up of %s', (_, said) => {
    expect(readAnswer([said], schema, true)).toBeUndefined();
    expect(whyNot(schema, readAnswer([said], schema) ?? null)).not.toBeNull();
  });

  it.each([
    ['a film that is not known, and nothing else', { found: 'maybe' }, /found/],
    ['an object of another kind', { movie: { name: 'x' } }, /found/],
    ['a text where a list of people belongs', { ...FILM, cast: 'nobody' }, /cast/],
    ['a list of people of another shape', { ...FILM, cast: [{ actor: 'A' }, { actor: 'B' }] }, /cast/],
    ['a year in words', { ...FILM, release_year: 'ninety-five' }, /release_year/],
    ['a number for a flag', { ...FILM, found: 2 }, /found/],
    ['half an object that was not cut off', JSON_FILM.slice(0, -200), /./],
  ])('is left to the strict rules where it is %s', (_, said, fault) => {
    const whole = typeof said === 'string' ? said : JSON.stringify(said);
    expect(whyNot(schema, readAnswer([whole], schema) ?? null)).toMatch(fault);
  });

  it.each([
    ['braces', '{'.repeat(100_000)],
    ['pairs of braces', '{}'.repeat(100_000)],
    ['quotes', `{"a": ${'"'.repeat(100_000)}`],
    ['brackets', '[{'.repeat(50_000)],
    ['backslashes', `{"a": "${'\\'.repeat(100_000)}`],
    ['openings of thoughts', '<think>'.repeat(30_000)],
    ['wrapping', JSON.stringify({ a: { b: { c: { d: { e: { f: FILM } } } } } })],
    ['commas', `{"cast": [${','.repeat(100_000)}]}`],
    ['letters', `{"directors": "${', a'.repeat(50_000)}"}`],
  ])('is looked for in bounded time among many %s', (_, said) => {
    const started = performance.now();
    readAnswer([said], schema);
    expect(performance.now() - started).toBeLessThan(3000);
  });

  it.each([
    ['an object that ends in spaces', (n: number) => `{"title": "Heat",${' '.repeat(n)}`],
    ['an object that ends in lines', (n: number) => `{"title": "Heat"${'\n'.repeat(n)}`],
    ['braces before spaces', (n: number) => `{"title": "Heat", "x": {{{{{${' '.repeat(n)}x`],
    ['fences before spaces', (n: number) => `{"title": "Heat" ${'``` '.repeat(n / 4)}x`],
    ['a list of spaces', (n: number) => JSON.stringify({ directors: `a${' '.repeat(n)}b` })],
    ['a list of lines', (n: number) => JSON.stringify({ directors: '\n'.repeat(n) })],
    [
      'a list of broken objects',
      (n: number) => JSON.stringify(Array(n / 600).fill(`{"a": ${'{"b": "c\n'.repeat(60)}`)),
    ],
    ['strings without an end', (n: number) => '{"a":"x\n'.repeat(n / 8)],
  ])('is looked for in time that grows no faster than the text: %s', (_, said) => {
    expect(growthOf((n) => readAnswer([said(n)], schema), 12_000)).toBeLessThan(BELOW_SQUARE);
  });

  it('is repaired where it ends in more lines than a repair takes', () => {
    const said = `{"title": "Heat", "release_year": 1995,${'\n'.repeat(60_000)}`;
    expect(readAnswer([said], schema)).toMatchObject({ title: 'Heat', release_year: 1995 });
  });

  it('is repaired where that takes little, and is not where each sign may take as long as the text', () => {
    expect(isRepairable(JSON_FILM)).toBe(true);
    expect(isRepairable(`{"description": "${'word, '.repeat(2000)}" "title": 'Heat'}`)).toBe(true);
    for (const part of ['{"a":"x\n', '{a ', '[', "'x ", '&quot;'])
      expect(isRepairable(part.repeat(15_000 / part.length))).toBe(false);
    expect(isRepairable(' '.repeat(17_000))).toBe(false);
  });

  it('carries no prototype', () => {
    const read = readAnswer(['{"__proto__": {"found": true}, "constructor": 1, "title": "Heat"}'], schema) as object;
    expect(Object.keys(read)).not.toContain('__proto__');
    expect(read).not.toHaveProperty('found');
  });
});
