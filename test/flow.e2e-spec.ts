import type { JobDto } from '../src/jobs/jobs.dto.js';
import { StubModel } from './support/model/stub-model.js';
import { prose } from './support/model/prose.js';
import { TestServer } from './support/server/server.js';

/** Calls of one try at most. */
const MOST_CALLS = 3;

describe('a try', () => {
  let server: TestServer;
  let model: StubModel;

  beforeAll(async () => {
    model = await StubModel.start();
    server = await TestServer.start({ ...model.settings, GENERATION_TRIES: '1' });
  });

  afterAll(async () => {
    await server.stop();
    await model.stop();
  });

  const answer = (output: object) => ({ kind: 'answer' as const, output });
  const schemas = (subject: string) =>
    model.callsFor(subject).map(({ request }) => request.response_format.json_schema.name);
  const stored = (slug: string) => server.rows('SELECT 1 FROM movies WHERE slug = $1 AND known', [slug]);

  it('is one call when all is well, and its usage that of the call', async () => {
    const job = await server.generate('movies', { title: 'All Is Well', release_year: 1999 });
    expect(job).toMatchObject({ status: 'DONE', usage: { calls: 1, input_tokens: 321, output_tokens: 123 } });
    expect(schemas('All Is Well')).toEqual(['movie']);
  });

  it('asks once more, with the reason, for what is about another film', async () => {
    const other = answer({ title: 'Toy Story', release_year: 1995 });
    model.script('Inception', other, answer({ release_year: 2010 }));
    const job = await server.generate('movies', { title: 'Inception', release_year: 2010 });
    expect(job).toMatchObject({ status: 'DONE', slug: 'inception-2010', usage: { input_tokens: 2 * 321 } });
    const repair = model.callsFor('Inception').at(-1)!.request.messages.at(-1)!.content;
    expect(repair).toContain('Toy Story');
  });

  it('has failed when that is about another one again, and stores nothing', async () => {
    model.otherwise((subject) =>
      subject === 'Never Met'
        ? answer({ title: 'Somebody Else', release_year: 1950, same: false })
        : { kind: 'answer' },
    );
    const job = await server.generate('movies', { title: 'Never Met', release_year: 1999 });
    expect(job).toMatchObject({ status: 'FAILED', error: { type: 'VALIDATION_ERROR', retryable: true } });
    expect(model.callsFor('Never Met').length).toBeLessThanOrEqual(MOST_CALLS);
    expect(await stored('never-met-1999')).toEqual([]);
    expect(await stored('somebody-else-1950')).toEqual([]);
  });

  it('ends with NOT_FOUND when its repair says that there is no such film', async () => {
    model.script('Not There', answer({ title: 'Something Other', release_year: 1950 }), answer({ found: false }));
    const job = await server.generate('movies', { title: 'Not There', release_year: 1999 });
    expect(job).toMatchObject({ status: 'FAILED', error: { type: 'NOT_FOUND', retryable: false } });
  });

  it('names what is spelled alike when there is none', async () => {
    await server.generate('movies', { title: 'The Matrix', release_year: 1999 });
    model.script('The Matrx', answer({ found: false }));
    const job = await server.generate('movies', { title: 'The Matrx' });
    expect(job.error).toMatchObject({
      type: 'NOT_FOUND',
      suggestions: [{ slug: 'the-matrix-1999', title: 'The Matrix', release_year: 1999 }],
    });
  });

  describe('for a name that means several', () => {
    const namesakes = [
      { title: 'Dune', release_year: 1984 },
      { title: 'Dune', release_year: 2021 },
      { title: 'Dunes', release_year: 1988 },
    ];
    const dunes = [
      { slug: 'dune-2021', title: 'Dune', release_year: 2021 },
      { slug: 'dune-1984', title: 'Dune', release_year: 1984 },
    ];

    it('guesses nothing: it ends AMBIGUOUS and names them, ready to be asked for', async () => {
      model.script('Dune', answer({ release_year: 2021, namesakes }));
      const job = await server.generate('movies', { title: 'Dune' });
      expect(job).toMatchObject({
        status: 'FAILED',
        usage: { calls: 1 },
        error: { type: 'AMBIGUOUS', retryable: false },
      });
      expect(job.error!.suggestions).toEqual(dunes);
      expect(await server.rows(`SELECT 1 FROM movies WHERE title_slug = 'dune'`)).toEqual([]);
      model.script('dune-1984', answer({ title: 'Dune', namesakes }));
      expect(await server.generate('movies', { slug: dunes[1]!.slug })).toMatchObject({
        status: 'DONE',
        slug: 'dune-1984',
      });
    });

    it('knows them from then on without a call', async () => {
      const calls = model.callsFor('Dune').length;
      const job = await server.generate('movies', { title: 'Dune', locale: 'pl-PL' });
      expect(job).toMatchObject({ status: 'FAILED', usage: null, error: { type: 'AMBIGUOUS' } });
      expect(job.error!.suggestions!.map(({ slug }) => slug).sort()).toEqual(['dune-1984', 'dune-2021']);
      expect(model.callsFor('Dune')).toHaveLength(calls);
    });

    it('takes the best known one where it may choose, and names the others', async () => {
      const known = await server.generate('movies', { title: 'Dune', if_ambiguous: 'choose' });
      expect(known).toMatchObject({ status: 'DONE', slug: 'dune-1984', result: { alternatives: [dunes[0]] } });
      model.script('Heist', answer({ release_year: 2001, namesakes: [{ title: 'Heist', release_year: 2015 }] }));
      const job = await server.generate('movies', { title: 'Heist', if_ambiguous: 'choose' });
      expect(job).toMatchObject({ status: 'DONE', slug: 'heist-2001' });
      expect(job.result!.alternatives).toEqual([{ slug: 'heist-2015', title: 'Heist', release_year: 2015 }]);
    });

    it('does so for people', async () => {
      model.script(
        'Michael Several',
        answer({
          birth_year: 1963,
          birth_date: '1963-02-17',
          namesakes: [{ name: 'Michael Several', birth_year: 1987 }],
        }),
      );
      const job = await server.generate('people', { name: 'Michael Several' });
      expect(job.error).toMatchObject({ type: 'AMBIGUOUS' });
      expect(job.error!.suggestions).toEqual([
        { slug: 'michael-several-1963', name: 'Michael Several', birth_year: 1963 },
        { slug: 'michael-several-1987', name: 'Michael Several', birth_year: 1987 },
      ]);
    });

    it('lets a year, a director or an id say which one', async () => {
      const twin = { title: 'Double', release_year: 1990, namesakes: [{ title: 'Double', release_year: 2013 }] };
      for (const more of [{ release_year: 1990 }, { director: 'Dana Director' }, { external_ids: { tmdb: 77 } }]) {
        model.script('Double', answer(twin));
        expect(await server.generate('movies', { title: 'Double', ...more })).toMatchObject({
          status: 'DONE',
          slug: 'double-1990',
        });
      }
    });
  });

  it('refuses another director’s film of that title', async () => {
    const wrong = answer({ directors: ['Somebody Else'] });
    model.script('Whose Film', wrong, wrong, wrong);
    const job = await server.generate('movies', { title: 'Whose Film', release_year: 1999, director: 'Ada Wanted' });
    expect(job).toMatchObject({ status: 'FAILED', error: { type: 'VALIDATION_ERROR' } });
    expect(job.error!.message).toContain('Somebody Else');
  });

  it('asks once more for an answer that does not fit its schema', async () => {
    model.script('Misshapen', answer({ cast: 'nobody' }), answer({}));
    expect(await server.generate('movies', { title: 'Misshapen' })).toMatchObject({
      status: 'DONE',
      usage: { calls: 2 },
    });
  });

  it('counts what a failed try used, calls that broke off included', async () => {
    model.script('Breaks Off', answer({ cast: 'nobody' }), { kind: 'status', status: 500 });
    const job = await server.generate('movies', { title: 'Breaks Off' });
    expect(job).toMatchObject({
      status: 'FAILED',
      usage: { calls: 2, input_tokens: 321 },
      error: { type: 'AI_API_ERROR' },
    });
  });

  it('lets a text alone be repaired as well', async () => {
    await server.generate('movies', { title: 'Text Again', release_year: 2000 });
    model.script('Text Again', answer({ description: '' }), answer({ description: prose('en-US', 'repaired') }));
    const job = await server.generate('movies', { title: 'Text Again', release_year: 2000 });
    expect(job).toMatchObject({ status: 'DONE', usage: { calls: 2 } } satisfies Partial<Record<keyof JobDto, unknown>>);
  });
});
