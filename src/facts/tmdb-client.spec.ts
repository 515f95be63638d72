import { API_KEY, type Fault, StubTmdb, TOKEN } from '../../test/support/facts/stub-tmdb.js';
import { Away } from './pace.js';
import { TmdbClient } from './tmdb-client.js';
import { Unreadable } from './tmdb-reader.js';

/** When turns began, by a clock that is not this process's. */
const BEGAN = '2001-02-03T04:05:06.789012+00:00';

/** What the pace was told: `well`, or for how long to rest or to leave, milliseconds. */
class Told {
  readonly told: (string | number | null)[][] = [];
  turn = () => Promise.resolve({ began: BEGAN, shaken: false });
  isWell = () => Promise.resolve(void this.told.push(['well']));
  rest = (ms: number | null, _: string, began: string) => this.pause('rest', ms, began);
  leave = (ms: number | null, _: string, began: string) => this.pause('leave', ms, began);
  private pause(what: string, ms: number | null, began: string): Promise<void> {
    if (began !== BEGAN) throw new Error(`it began at ${began}`);
    return Promise.resolve(void this.told.push([what, ms]));
  }
}

describe('TMDB over HTTP', () => {
  let stub: StubTmdb;

  beforeAll(async () => {
    stub = await StubTmdb.start();
  });
  beforeEach(() => {
    stub.reset();
    stub.films = [{ id: 603, title: 'The Matrix' }];
  });
  afterAll(() => stub.stop());

  const going = new AbortController().signal;
  const client = (pace: Told, apiKey = API_KEY, baseUrl = stub.url) => new TmdbClient({ apiKey, baseUrl }, pace, 3000);
  const ask = async (path = 'movie/603', apiKey = API_KEY, baseUrl = stub.url) => {
    const pace = new Told();
    const answer = await client(pace, apiKey, baseUrl)
      .get(path, { language: 'en-US' }, going)
      .catch((error: unknown) => error);
    return { answer, told: pace.told, requests: stub.requests.length };
  };
  const status = (code: number, headers?: Record<string, string>): Fault => ({ kind: 'status', status: code, headers });

  it('takes a key of either kind: one in the address, the other in a header', async () => {
    expect(await ask()).toMatchObject({ answer: { id: 603, title: 'The Matrix' }, told: [['well']] });
    expect(await ask('movie/603', TOKEN)).toMatchObject({ answer: { id: 603 }, told: [['well']] });
    const [first, second] = stub.requests;
    expect([first!.query.get('api_key'), first!.headers.authorization]).toEqual([API_KEY, undefined]);
    expect([second!.query.get('api_key'), second!.headers.authorization]).toEqual([null, `Bearer ${TOKEN}`]);
  });

  it('tells what is not there from what does not answer', async () => {
    expect(await ask('movie/604')).toEqual({ answer: null, told: [['well']], requests: 1 });
  });

  it('has all rest as long as it is told, and asks again', async () => {
    stub.fail(status(429, { 'retry-after': '3' }), status(429));
    expect(await ask()).toMatchObject({
      answer: { id: 603 },
      told: [['rest', 3000], ['rest', null], ['well']],
      requests: 3,
    });
    stub.always = status(429, { 'retry-after': '1' });
    const { answer, told } = await ask();
    expect(answer).toBeInstanceOf(Away);
    expect(told).toEqual([
      ['rest', 1000],
      ['rest', 1000],
      ['rest', 1000],
    ]);
  });

  it.each([status(500), status(503), { kind: 'reset' }, { kind: 'body', body: '<html>' }] as Fault[])(
    'sends once more what went wrong, and leaves it alone after the third time: %j',
    async (fault) => {
      stub.fail(fault, fault);
      expect(await ask()).toMatchObject({ answer: { id: 603 }, told: [['well']], requests: 3 });
      stub.always = fault;
      expect(await ask()).toMatchObject({ answer: expect.any(Away), told: [['leave', null]], requests: 6 });
    },
  );

  it('leaves it alone at once when it is slow, and for minutes when the key is refused', async () => {
    stub.always = { kind: 'hang' };
    expect(await ask()).toMatchObject({ answer: expect.any(Away), told: [['leave', null]], requests: 1 });
    stub.always = null;
    const { answer, told } = await ask('movie/603', 'another-key');
    expect(answer).toMatchObject({ message: 'TMDB answered 401: look at TMDB_API_KEY.' });
    expect(told).toEqual([['leave', 300_000]]);
  });

  it('takes a search that is not there for a wrong address, and no film that is not there', async () => {
    const nowhere = stub.url.replace(/\/3$/, '');
    for (const path of ['search/movie', 'find/tt0133093'])
      expect(await ask(path, API_KEY, nowhere)).toMatchObject({
        answer: { message: 'TMDB answered 404 to a search: look at TMDB_BASE_URL.' },
        told: [['leave', 300_000]],
      });
    expect(await ask('movie/603', API_KEY, nowhere)).toMatchObject({ answer: null, told: [['well']] });
  });

  it('blames this request alone for any other refusal, and for an answer without an end', async () => {
    stub.fail(status(422));
    expect(await ask()).toEqual({ answer: expect.any(Unreadable), told: [], requests: 1 });
    stub.fail({ kind: 'body', body: ' '.repeat(5 * 1024 * 1024) });
    expect(await ask()).toMatchObject({ answer: { message: 'TMDB sent far too much.' }, told: [] });
  });

  it('ends with the try', async () => {
    stub.always = { kind: 'hang' };
    const stop = new AbortController();
    const asked = client(new Told()).get('movie/603', {}, stop.signal);
    stop.abort(new Error('the job was cancelled'));
    await expect(asked).rejects.toThrow('the job was cancelled');
  });
});
