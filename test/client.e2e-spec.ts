import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  ConnectionError,
  isFinished,
  type Job,
  JobFailed,
  listMovies,
  MovieMind,
  ProblemError,
  WaitTimeout,
  watchJob,
} from '../clients/typescript/src/index.js';
import { EventSource } from 'undici';
import { describeServer, WITH_MODEL } from './support/server/describe-server.js';
import { eventually } from './support/server/server.js';

const TOKEN = 'a-long-enough-admin-token';
const GENERATED = 'clients/typescript/src/generated';

const SETTINGS = { ...WITH_MODEL, AUTH_REQUIRED: 'true', ADMIN_TOKEN: TOKEN };

describeServer('the TypeScript client', SETTINGS, ({ server, model }) => {
  let movieMind: MovieMind;

  beforeAll(async () => {
    movieMind = new MovieMind({ baseUrl: `${server.url}/`, apiKey: TOKEN });
  });

  /** A client whose requests and answers pass through `through`. */
  const withFetch = (through: typeof fetch, retries?: number) =>
    new MovieMind({ baseUrl: server.url, apiKey: TOKEN, fetch: through, retries });
  const jobsOf = (slug: string) => server.rows('SELECT id FROM generation_jobs WHERE requested_slug = $1', [slug]);

  it('is what the generator makes of the document for clients', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'moviemind-client-'));
    const document = join(folder, 'openapi.json');
    writeFileSync(document, JSON.stringify(server.api.document));
    const generate = ['--no-warnings', 'clients/typescript/generate.ts', document, join(folder, 'src')];
    await promisify(execFile)(process.execPath, generate, { timeout: 60_000 });
    const fresh = filesIn(join(folder, 'src'));
    expect(fresh.size).toBeGreaterThan(5);
    // If this fails: npm run client
    expect(filesIn(GENERATED)).toEqual(fresh);
    rmSync(folder, { recursive: true });
  }, 90_000);

  it('has a film described, waits for it and reads it', async () => {
    const seen: Job['status'][] = [];
    const generation = movieMind.generateMovie({ title: 'Client Film', release_year: 2001 });
    expect(await generation.job).toMatchObject({ status: 'PENDING', requested_slug: 'client-film-2001' });
    const job = await generation.wait({ timeoutMs: 20_000, onUpdate: ({ status }) => seen.push(status) });
    expect(job).toMatchObject({ status: 'DONE', slug: 'client-film-2001', result: { version: 1 } });
    expect(seen.at(-1)).toBe('DONE');
    const movie = await movieMind.movie(job.result.slug, { locale: 'pl-PL' });
    expect(movie.description).toMatchObject({
      locale: 'en-US',
      text: expect.stringContaining('An original description of Client Film.'),
    });
    const { data } = await listMovies({ client: movieMind.client, query: { q: 'client' }, throwOnError: true });
    expect(data.results.map(({ slug }) => slug)).toContain('client-film-2001');
  });

  it('does the same for people', async () => {
    const job = await movieMind.generatePerson({ name: 'Client Person' }).wait({ timeoutMs: 20_000 });
    expect(job).toMatchObject({ entity: 'PERSON', result: { bio_id: expect.any(String) } });
    expect((await movieMind.person(job.result.slug)).bio?.text).toContain('An original biography of Client Person.');
  });

  it('reads by a job the very text that it wrote', async () => {
    const variant = { locale: 'de-DE', context_tag: 'humorous' } as const;
    const wait = { timeoutMs: 20_000 };
    await movieMind.generateMovie({ title: 'Client Variants' }).wait(wait);
    const film = await movieMind.generateMovie({ title: 'Client Variants', ...variant }).wait(wait);
    expect((await movieMind.movie(film)).description).toMatchObject({ ...variant, id: film.result.description_id });
    expect((await movieMind.movie(film, { locale: 'en-US' })).description).toMatchObject({ locale: 'en-US' });
    await movieMind.generatePerson({ name: 'Client Variants' }).wait(wait);
    const person = await movieMind.generatePerson({ name: 'Client Variants', ...variant }).wait(wait);
    expect((await movieMind.person(person)).bio).toMatchObject({ ...variant, id: person.result.bio_id });
  });

  it('has many described at once, and gives the finished jobs in the order of the items', async () => {
    model.script('No Film In Batch', { kind: 'answer', output: { found: false } });
    const items = ['Batch One', 'No Film In Batch', 'Batch Two', 'Batch One'].map((title) => ({ title }));
    const batch = movieMind.generateMovies(items);
    const ended: string[] = [];
    const jobs = await batch.wait({ timeoutMs: 20_000, onUpdate: ({ job_id }) => ended.push(job_id) });
    expect(jobs.map(({ status }) => status)).toEqual(['DONE', 'FAILED', 'DONE', 'DONE']);
    expect(jobs[3]!.job_id).toBe(jobs[0]!.job_id);
    expect(ended.sort()).toEqual([...new Set(jobs.map(({ job_id }) => job_id))].sort());
    const several = await movieMind
      .generateMovies([{ title: 'Batch In Two' }], { locales: ['en-US', 'pl-PL'], metadata: { order: '7' } })
      .wait({ timeoutMs: 20_000 });
    expect(several.map(({ locale, metadata }) => [locale, metadata])).toEqual([
      ['en-US', { order: '7' }],
      ['pl-PL', { order: '7' }],
    ]);
    const people = await movieMind.generatePeople([{ name: 'Batch Person' }]).wait({ timeoutMs: 20_000 });
    expect(people).toMatchObject([{ entity: 'PERSON', status: 'DONE' }]);
    const wrong = await caught(movieMind.generateMovies([{ title: 'Fine' }, { title: '' }]).wait());
    expect(wrong).toMatchObject({ status: 422, problem: { errors: [{ pointer: '/items/1/title' }] } });
  });

  it('throws JobFailed with the job when it ends without a text', async () => {
    model.script('No Client Film', { kind: 'answer', output: { found: false } });
    const failure = await caught(movieMind.generateMovie({ title: 'No Client Film' }).wait({ timeoutMs: 20_000 }));
    expect(failure).toBeInstanceOf(JobFailed);
    expect((failure as JobFailed).job).toMatchObject({ status: 'FAILED', error: { type: 'NOT_FOUND' } });
  });

  it('throws ProblemError with the problem when the request is refused', async () => {
    const refused = await caught(movieMind.generateMovie({ title: '' }).wait());
    expect(refused).toBeInstanceOf(ProblemError);
    const { status, problem, message } = refused as ProblemError;
    expect(status).toBe(422);
    expect(problem.errors).toEqual([{ pointer: '/title', detail: 'must be 1..200 characters long' }]);
    expect(message).toContain('/title must be 1..200 characters long');
    const stranger = new MovieMind({ baseUrl: server.url });
    expect(await caught(stranger.generateMovie({ title: 'X' }).job)).toMatchObject({ status: 401 });
    expect(await caught(movieMind.movie('no-such-film'))).toMatchObject({ status: 404 });
    expect(await caught(movieMind.job('nonsense'))).toMatchObject({ status: 400 });
  });

  it('cancels, and what is cancelled ends the wait', async () => {
    model.script('Cancelled By Client', { kind: 'hang' });
    const generation = movieMind.generateMovie({ title: 'Cancelled By Client' });
    const waiting = caught(generation.wait({ timeoutMs: 20_000 }));
    await eventually(async () => model.callsFor('Cancelled By Client').length === 1);
    expect(await generation.cancel()).toMatchObject({ status: 'CANCELLED' });
    expect(await waiting).toMatchObject({ name: 'JobFailed', job: { status: 'CANCELLED' } });
    const { job_id } = await movieMind.generateMovie({ title: 'Done By Client' }).wait();
    expect(await caught(movieMind.cancel(job_id))).toMatchObject({ status: 409 });
  });

  it('stops waiting after a time or on a signal, and the job goes on', async () => {
    model.script('Long For Client', { kind: 'answer', delayMs: 3000 });
    const generation = movieMind.generateMovie({ title: 'Long For Client' });
    expect(await caught(generation.wait({ timeoutMs: 200 }))).toBeInstanceOf(WaitTimeout);
    const stop = new AbortController();
    const waiting = caught(generation.wait({ signal: stop.signal }));
    stop.abort(new Error('enough'));
    expect(await waiting).toMatchObject({ message: 'enough' });
    const { job_id } = await generation.job;
    expect((await movieMind.follow(job_id).wait({ timeoutMs: 20_000 })).status).toBe('DONE');
  });

  it('follows a job in a browser, which has a token and no key', async () => {
    model.script('Watched By A Page', { kind: 'answer', delayMs: 300 });
    const { job_id } = await movieMind.generateMovie({ title: 'Watched By A Page' }).job;
    const { links, token } = await movieMind.accessTo(job_id);
    const browser = { EventSource: EventSource as unknown as typeof globalThis.EventSource, timeoutMs: 20_000 };
    const seen: Job['status'][] = [];
    const onUpdate = ({ status }: Job) => void seen.push(status);
    const job = await watchJob(server.url + links.events, { ...browser, onUpdate });
    expect([job.job_id, job.status, seen.at(-1)]).toEqual([job_id, 'DONE', 'DONE']);
    const wrong = server.url + links.events.replace(token, `${token.slice(0, -2)}xx`);
    expect(await caught(watchJob(wrong, browser))).toBeInstanceOf(ConnectionError);
  });

  it.each([
    ['no event stream', { events: false, hold: true }],
    ['no event stream and no held answers', { events: false, hold: false }],
  ])('waits with %s too', async (name, { events, hold }) => {
    const without = withFetch(async (input, init) => {
      const request = new Request(input, init);
      if (!events && request.url.endsWith('/events')) return new Response('no such thing', { status: 404 });
      if (!hold) request.headers.delete('prefer');
      return fetch(request);
    });
    model.script(name, { kind: 'answer', delayMs: 500 });
    expect((await without.generateMovie({ title: name }).wait({ timeoutMs: 20_000 })).status).toBe('DONE');
  });

  it('goes on by asking when the event stream breaks off', async () => {
    const broken = withFetch(async (input, init) => {
      const response = await fetch(input, init);
      if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response;
      await response.body!.cancel();
      return new Response('id: 1\nevent: status\ndata: {"job_', { headers: response.headers });
    });
    model.script('Broken Stream', { kind: 'answer', delayMs: 300 });
    expect((await broken.generateMovie({ title: 'Broken Stream' }).wait({ timeoutMs: 20_000 })).status).toBe('DONE');
  });

  it('sends the same key again when the answer is lost, and gets the job that was made', async () => {
    const keys: (string | null)[] = [];
    const lossy = withFetch(async (input, init) => {
      const request = new Request(input, init);
      const response = await fetch(request);
      keys.push(request.headers.get('idempotency-key'));
      if (keys.length > 2) return response;
      await response.arrayBuffer();
      // By the time it is sent again the job is done: only the key tells that it is the same request.
      await eventually(async () => (await jobsOf('lost-answer-2001')).length > 0);
      throw new TypeError('fetch failed');
    });
    const job = await lossy.generateMovie({ title: 'Lost Answer', release_year: 2001 }).job;
    expect(await jobsOf('lost-answer-2001')).toEqual([{ id: job.job_id }]);
    expect(keys[0]).toMatch(/^[\da-f-]{36}$/);
    expect(new Set(keys).size).toBe(1);
    await movieMind.follow(job.job_id).wait();
  });

  it('repeats what is refused for now, as late as Retry-After says, and gives up in the end', async () => {
    const asked: number[] = [];
    const busy = withFetch(async (input, init) => {
      asked.push(performance.now());
      if (asked.length === 1) return refusal(503, '1');
      if (asked.length === 2) return refusal(429, '1');
      return fetch(input, init);
    });
    const generation = busy.generateMovie({ title: 'Refused For Now' });
    await generation.job;
    expect(asked).toHaveLength(3);
    expect(asked[1]! - asked[0]!).toBeGreaterThan(950);
    expect(asked[2]! - asked[1]!).toBeGreaterThan(950);
    const never = withFetch(async () => refusal(503, '0'), 1);
    expect(await caught(never.generateMovie({ title: 'X' }).job)).toMatchObject({ status: 503, retryAfter: 0 });
    const later = withFetch(async () => refusal(429, '3600'));
    expect(await caught(later.generateMovie({ title: 'X' }).job)).toMatchObject({ status: 429, retryAfter: 3600 });
  });

  it('says when nobody answers, or somebody else', async () => {
    const nobody = withFetch(async () => Promise.reject(new TypeError('fetch failed')), 1);
    expect(await caught(nobody.job('019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b'))).toBeInstanceOf(ConnectionError);
    const proxy = withFetch(async () => new Response('<html>Bad gateway</html>', { status: 502 }), 0);
    expect(await caught(proxy.movie('heat'))).toBeInstanceOf(ConnectionError);
  });

  it('tells finished jobs from others', async () => {
    const job = await movieMind.generateMovie({ title: 'Finished Or Not' }).wait();
    expect([isFinished(job), isFinished({ ...job, status: 'PENDING' })]).toEqual([true, false]);
  });
});

const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => Promise.reject(new Error(`no error but ${JSON.stringify(value)}`)),
    (error: unknown) => error,
  );

function refusal(status: number, retryAfter: string): Response {
  const problem = { type: 'urn:moviemind:problem:unavailable', title: 'Busy', status, detail: 'Later.' };
  return new Response(JSON.stringify({ ...problem, instance: '/', request_id: 'x' }), {
    status,
    headers: { 'content-type': 'application/problem+json', 'retry-after': retryAfter },
  });
}

/** Name and content of every file below a folder. */
const filesIn = (folder: string) =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort()
      .map((path) => [path.slice(folder.length), readFileSync(path, 'utf8')]),
  );
