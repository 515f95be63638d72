import { API_KEY, StubTmdb } from '../../test/support/facts/stub-tmdb.js';
import type { Asked } from '../generation/asked.js';
import { judgeBy, wantedBy } from '../generation/from-outside.js';
import { quietSpan } from '../tracing/span.js';
import { TmdbClient } from './tmdb-client.js';
import { TmdbFacts } from './tmdb-facts.js';

const turn = { began: '2026-11-27T00:00:00Z', shaken: false };
const pace = { turn: async () => turn, isWell: async () => {}, rest: async () => {}, leave: async () => {} };
const cache = { answer: <T>(_: string, ask: () => Promise<T>) => ask() };
const during = { signal: new AbortController().signal, span: quietSpan(null) };

const NOTHING: Asked = {
  entity: 'MOVIE',
  locale: 'en-US',
  context_tag: 'DEFAULT',
  text: null,
  slug: '',
  base: '',
  year: null,
  director: null,
  externalIds: {},
  choose: false,
  refresh: false,
  facts: null,
};
const asked = (more: Partial<Asked>): Asked => ({ ...NOTHING, ...more });

describe('what TMDB knows of it', () => {
  let stub: StubTmdb;
  let facts: TmdbFacts;

  beforeAll(async () => {
    stub = await StubTmdb.start();
    facts = new TmdbFacts(new TmdbClient({ apiKey: API_KEY, baseUrl: stub.url }, pace), cache);
  });
  beforeEach(() => stub.reset());
  afterAll(() => stub.stop());

  const find = (more: Partial<Asked>) => facts.find(wantedBy(asked(more), null), judgeBy(asked(more)), during);
  const found = async (more: Partial<Asked>) => {
    const lookup = await find(more);
    return lookup.is === 'found' ? lookup.externalIds.tmdb : lookup.is;
  };

  const SHAWSHANK = {
    id: 278,
    title: 'The Shawshank Redemption',
    release_date: '1994-09-23',
    vote_count: 28e3,
    directors: ['Frank Darabont'],
    translations: { 'pl-PL': 'Skazani na Shawshank' },
  };
  const SPIRITED = {
    id: 129,
    title: 'Spirited Away',
    original_title: '千と千尋の神隠し',
    release_date: '2001-07-20',
    directors: ['Hayao Miyazaki'],
    translations: { 'de-DE': 'Chihiros Reise ins Zauberland' },
  };

  it('is found by a title in any of its languages, whatever the language of the text', async () => {
    stub.films = [SHAWSHANK, SPIRITED];
    for (const locale of ['en-US', 'pl-PL'] as const)
      for (const text of ['The Shawshank Redemption', 'Skazani na Shawshank'])
        expect([locale, text, await found({ locale, text })]).toEqual([locale, text, 278]);
    for (const text of ['Spirited Away', '千と千尋の神隠し', 'Chihiros Reise ins Zauberland'])
      expect([text, await found({ text })]).toEqual([text, 129]);
    expect(await find({ text: 'The Shawshank Redemption', locale: 'pl-PL' })).toMatchObject({
      facts: { title: 'The Shawshank Redemption', title_localized: 'Skazani na Shawshank' },
    });
  });

  it('is found by the words of a slug', async () => {
    stub.films = [SHAWSHANK];
    expect(await found({ slug: 'the-shawshank-redemption-1994', base: 'the-shawshank-redemption', year: 1994 })).toBe(
      278,
    );
  });

  it('may be of a year beside the one that was asked for, and of no other', async () => {
    stub.films = [SHAWSHANK];
    const text = 'The Shawshank Redemption';
    for (const [year, id] of [
      [1994, 278],
      [1995, 278],
      [1993, 278],
      [1996, 'unknown'],
      [null, 278],
    ] as const)
      expect([year, await found({ text, year })]).toEqual([year, id]);
    // One of that very year goes before it, on whatever page it stands.
    const many = Array.from({ length: 30 }, (_, n) => ({ ...SHAWSHANK, id: 1000 + n, release_date: '1993-01-01' }));
    stub.films = [...many, SHAWSHANK];
    expect(await found({ text, year: 1994 })).toBe(278);
  });

  it('is not taken for what is only like it: a sequel, a part of the title, another year', async () => {
    stub.films = [{ id: 679, title: 'Aliens', release_date: '1986-07-18' }];
    expect(await found({ text: 'Alien', year: 1979 })).toBe('unknown');
    expect(await found({ text: 'Alien' })).toBe('unknown');
    expect(stub.asked).toContain('movie/679'); // it might have been one of its other titles
  });

  it('says which ones a name means, and which one a year, a director or an id does', async () => {
    const heat = (id: number, year: number, vote_count: number, director: string) => ({
      id,
      title: 'Heat',
      release_date: `${year}-02-01`,
      vote_count,
      directors: [director],
      imdb_id: `tt000000${id}`,
    });
    stub.films = [heat(1, 1986, 300, 'Dick Richards'), heat(2, 1995, 7000, 'Michael Mann'), heat(3, 2020, 2, 'Nobody')];
    expect(await find({ text: 'Heat' })).toEqual({
      is: 'several',
      several: [
        { text: 'Heat', year: 1995 },
        { text: 'Heat', year: 1986 },
      ],
    });
    expect(await find({ text: 'Heat', year: 1986 })).toMatchObject({
      externalIds: { tmdb: 1 },
      namesakes: [{ text: 'Heat', year: 1995 }],
      rivals: [],
    });
    expect(await found({ text: 'Heat', director: 'Michael Mann' })).toBe(2);
    expect(await found({ text: 'Heat', director: 'Ridley Scott' })).toBe('unknown');
    expect(await found({ text: 'Heat', externalIds: { tmdb: 3 } })).toBe(3);
    expect(await found({ text: 'Heat', externalIds: { imdb: 'tt0000001' } })).toBe(1);
    expect(await find({ text: 'Heat', choose: true })).toMatchObject({
      externalIds: { tmdb: 2 },
      rivals: [{ text: 'Heat', year: 1986 }],
    });
  });

  it('is what an id of the request says, to be judged, and nothing where the name has another id', async () => {
    stub.films = [SHAWSHANK, { ...SPIRITED, imdb_id: 'tt0245429' }];
    const other = { text: 'The Shawshank Redemption', externalIds: { tmdb: 129 } };
    expect(await find(other)).toMatchObject({ externalIds: { tmdb: 129 }, byAskedId: true });
    expect(await found({ text: 'The Shawshank Redemption', externalIds: { tmdb: 5 } })).toBe('unknown');
    expect(await found({ text: 'Spirited Away', externalIds: { imdb: 'tt0000005' } })).toBe('unknown');
  });

  it('is nothing for adults, and nothing that has no date where a year was asked for', async () => {
    stub.films = [
      { id: 1, title: 'Undated', release_date: '' },
      { id: 2, title: 'Grown Up', release_date: '2001-01-01', adult: true },
    ];
    expect(await found({ text: 'Undated', year: 2001 })).toBe('unknown');
    expect(await found({ text: 'Undated' })).toBe(1);
    expect(await found({ text: 'Grown Up', year: 2001 })).toBe('unknown');
    expect(await found({ text: 'Grown Up', externalIds: { tmdb: 2 } })).toBe('unknown');
  });

  it('is nothing where two of one title and year are as well known; the director tells them apart', async () => {
    const twin = (id: number, director: string) => ({
      id,
      title: 'Twins',
      release_date: '2001-01-01',
      directors: [director],
    });
    stub.films = [twin(1, 'Ann One'), twin(2, 'Bea Two')];
    expect(await found({ text: 'Twins', year: 2001 })).toBe('unknown');
    expect(await found({ text: 'Twins', year: 2001, director: 'Bea Two' })).toBe(2);
  });

  it('is somebody by birth and by any name, and several where births alone tell them apart', async () => {
    stub.people = [
      { id: 1, name: 'Dwayne Johnson', also_known_as: ['The Rock'], birthday: '1972-05-02', popularity: 40 },
      { id: 2, name: 'John Smith', birthday: '1952-01-01', popularity: 4 },
      { id: 3, name: 'John Smith', birthday: '1980-01-01', popularity: 5 },
      { id: 4, name: 'John Smith', popularity: 0.1 },
    ];
    const person = (text: string, year: number | null = null) => ({ entity: 'PERSON' as const, text, year });
    expect(await found(person('Dwayne Johnson', 1972))).toBe(1);
    expect(await found(person('The Rock'))).toBe(1);
    expect(await find(person('John Smith'))).toMatchObject({
      several: [
        { text: 'John Smith', year: 1980 },
        { text: 'John Smith', year: 1952 },
      ],
    });
    expect(await found(person('John Smith', 1952))).toBe(2);
    expect(await found(person('John Smith', 1900))).toBe('unknown');
  });

  it('asks a bounded number of questions, however many there are of a name', async () => {
    stub.films = Array.from({ length: 200 }, (_, n) => ({ id: n + 1, title: `Common ${n}`, alternatives: ['Common'] }));
    await find({ text: 'Common', year: 2001 });
    expect(stub.requests.length).toBeLessThanOrEqual(7);
  });

  it('is kept under the place that told it, without the key', async () => {
    stub.films = [SHAWSHANK];
    const questions: string[] = [];
    const keeping = {
      answer: <T>(question: string, ask: () => Promise<T>) => (questions.push(question), ask()),
    };
    const { host } = new URL(stub.url);
    for (const baseUrl of [stub.url, `${stub.url}/`, stub.url.replace('127.0.0.1', 'localhost')])
      await new TmdbFacts(new TmdbClient({ apiKey: API_KEY, baseUrl }, pace), keeping)
        .find(wantedBy(asked({ externalIds: { tmdb: 278 } }), null), judgeBy(asked({})), during)
        .catch(() => null);
    const places = questions.map((question) => question.split('/movie/')[0]);
    expect(places).toEqual([`${host}/3`, `${host}/3`, `${host.replace('127.0.0.1', 'localhost')}/3`]);
    expect(questions.join()).not.toContain(API_KEY);
  });

  it.each(['[]', 'null', '{"results":5}', '{"results":{}}', '"results"'])(
    'is not known while it speaks another language: %s',
    async (body) => {
      stub.always = { kind: 'body', body };
      expect(await find({ text: 'Heat' })).toEqual({ is: 'away' });
    },
  );
});
