import { setTimeout as sleep } from 'node:timers/promises';
import type { JobDto } from '../src/jobs/jobs.dto.js';
import { type Answer, eventually, TestServer } from './support/server/server.js';
import { StubModel } from './support/model/stub-model.js';

interface Problem {
  type: string;
  errors?: { pointer: string; detail: string }[];
}

const TOKEN = 'a-long-enough-admin-token';

describe('a request with an Idempotency-Key', () => {
  let model: StubModel;
  let server: TestServer;
  /** Another process on the same database; its jobs are run by nobody else either. */
  let other: TestServer;

  beforeAll(async () => {
    model = await StubModel.start();
    const stub = { OPENAI_API_KEY: 'test-key-0123456789', OPENAI_BASE_URL: model.url, ADMIN_TOKEN: TOKEN };
    server = await TestServer.start(stub);
    const { databaseUrl, queuePrefix } = server.config;
    other = await TestServer.start({ ...stub, ROLE: 'api', QUEUE_PREFIX: queuePrefix }, databaseUrl!);
  });

  afterAll(async () => {
    await other.stop();
    await server.stop();
    await model.stop();
  });

  let keys = 0;
  const newKey = () => `key-${++keys}`;
  const generate = <T = JobDto>(body: unknown, key: string, at = server, more: Record<string, string> = {}) =>
    at.post<T>('/movies/generate', body, { 'idempotency-key': key, ...more });
  const jobsOf = (slug: string) => server.rows('SELECT id FROM generation_jobs WHERE requested_slug = $1', [slug]);
  const replayed = ({ headers }: Answer<unknown>) => headers.get('idempotent-replayed');
  const kept = async () => Number((await server.rows('SELECT count(*) FROM idempotency_keys'))[0]!.count);

  it('is given the first answer again, whatever became of the job, by every process', async () => {
    const key = newKey();
    const film = { title: 'Asked Twice', release_year: 2000 };
    const first = await generate(film, key);
    expect([first.status, replayed(first)]).toEqual([202, null]);
    expect((await server.finished(first.body.job_id)).status).toBe('DONE');
    for (const at of [server, other]) {
      const again = await generate(film, key, at);
      expect([again.status, replayed(again), again.body]).toEqual([202, 'true', first.body]);
      expect(Object.keys(again.body)).toEqual(Object.keys(first.body));
      for (const name of ['location', 'retry-after']) expect(again.headers.get(name)).toBe(first.headers.get(name));
      expect(again.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
    }
    expect(await jobsOf('asked-twice-2000')).toHaveLength(1);
    const without = await server.post('/movies/generate', film);
    expect(without.body.job_id).not.toBe(first.body.job_id);
  });

  it('is the same request however its body and its key are written', async () => {
    const key = newKey();
    const first = await generate('{"title":"Same Thing","release_year":2000}', key);
    const again = await generate('{ "release_year": 2e3, "title": "Same\\u0020Thing" }', `"${key}"`);
    expect([again.status, replayed(again), again.body]).toEqual([202, 'true', first.body]);
  });

  it('is refused with 422 when its key belongs to a request with another body', async () => {
    const key = newKey();
    await generate({ title: 'First Meant', release_year: 2000 }, key);
    const { status, body } = await generate<Problem>({ title: 'Then Meant', release_year: 2000 }, key);
    expect([status, body.type]).toEqual([422, 'urn:moviemind:problem:idempotency-key-reused']);
    expect(body.errors).toEqual([{ pointer: '/Idempotency-Key', detail: expect.any(String) }]);
    expect(await jobsOf('then-meant-2000')).toHaveLength(0);
  });

  it('makes one job when fifty come at once, to two processes', async () => {
    const key = newKey();
    model.script('Fifty At Once', { kind: 'answer', delayMs: 500 });
    const film = { title: 'Fifty At Once', release_year: 2000 };
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => generate(film, key, n % 2 ? server : other)),
    );
    const accepted = answers.filter(({ status }) => status === 202);
    expect(answers.filter(({ status }) => status !== 202 && status !== 409)).toEqual([]);
    expect(new Set(accepted.map(({ body }) => body.job_id)).size).toBe(1);
    expect(accepted.filter((answer) => replayed(answer) === null)).toHaveLength(1);
    expect(await jobsOf('fifty-at-once-2000')).toHaveLength(1);
  });

  it('is answered 409 with Retry-After, and soon, while the first is not yet committed', async () => {
    const key = newKey();
    const film = { title: 'Slow Commit', release_year: 2000 };
    // Holds the first request up after it has taken the key.
    await server.rows(`CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(3); RETURN NEW; END $$;
      CREATE TRIGGER slowly BEFORE INSERT ON generation_jobs FOR EACH ROW WHEN (NEW.requested_slug = 'slow-commit-2000') EXECUTE FUNCTION slowly()`);
    const first = generate(film, key);
    await eventually(async () => (await server.rows(ASLEEP)).length === 1);
    const second = await generate<Problem>(film, key, other);
    expect([second.status, second.body.type]).toEqual([409, 'urn:moviemind:problem:idempotency-key-in-use']);
    expect(second.headers.get('retry-after')).toBe('1');
    expect((await first).status).toBe(202);
    await server.rows('DROP FUNCTION slowly CASCADE');
    const later = await generate(film, key);
    expect([later.status, replayed(later)]).toEqual([202, 'true']);
    expect(await jobsOf('slow-commit-2000')).toHaveLength(1);
  });

  it('keeps the answer when it joins an active job, or reuses a finished one', async () => {
    model.script('Joined', { kind: 'answer', delayMs: 500 });
    const film = { title: 'Joined', release_year: 2000 };
    const { body: active } = await server.post('/movies/generate', film);
    const key = newKey();
    const joined = await generate(film, key);
    expect(joined.body.job_id).toBe(active.job_id);
    await server.finished(active.job_id);
    expect((await generate(film, key)).body).toEqual(joined.body);
    const reuse = { ...film, if_exists: 'reuse' };
    const reused = await generate(reuse, newKey());
    expect([reused.status, reused.body.job_id]).toEqual([200, active.job_id]);
    const again = await generate(reuse, `key-${keys}`);
    expect([again.status, replayed(again), again.headers.get('retry-after'), again.body]).toEqual([
      200,
      'true',
      null,
      reused.body,
    ]);
  });

  it('leaves no trace of a request that was refused or failed', async () => {
    const before = await kept();
    const key = newKey();
    expect((await generate({ title: '' }, key)).status).toBe(422);
    expect((await generate('{', key)).status).toBe(400);
    expect((await generate({ title: 'Year Against Slug', slug: 'x-y-1999', release_year: 2000 }, key)).status).toBe(
      422,
    );
    await server.rows('ALTER TABLE generation_jobs RENAME TO hidden');
    server.broken = true;
    try {
      expect((await generate({ title: 'Never Stored' }, key)).status).toBeGreaterThanOrEqual(500);
    } finally {
      server.broken = false;
      await server.rows('ALTER TABLE hidden RENAME TO generation_jobs');
    }
    expect(await kept()).toBe(before);
    const { status, headers } = await generate({ title: 'Never Stored', release_year: 2000 }, key);
    expect([status, headers.get('idempotent-replayed')]).toEqual([202, null]);
  });

  it('waits for the work of others as long as a request without a key does', async () => {
    const other = await server.db.connect();
    await other.query('BEGIN; LOCK TABLE generation_jobs IN SHARE ROW EXCLUSIVE MODE');
    const waiting = generate({ title: 'Waits For Others' }, newKey());
    await sleep(1300); // longer than the second that one with a key waits for the request before
    await other.query('COMMIT');
    other.release();
    expect((await waiting).status).toBe(202);
  });

  it('has a key of its own for each caller and each route', async () => {
    const key = newKey();
    const matrix = { slug: 'scoped-2000' };
    const film = await generate(matrix, key);
    const person = await server.post('/people/generate', matrix, { 'idempotency-key': key });
    const batch = await server.post('/movies/generate/batch', { items: [matrix] }, { 'idempotency-key': key });
    const admin = await generate(matrix, key, server, { authorization: `Bearer ${TOKEN}` });
    expect([film, person, batch, admin].map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    expect([film, person, batch, admin].map(replayed)).toEqual([null, null, null, null]);
  });

  it('works for batches and for the retry of a job', async () => {
    const key = newKey();
    const items = [{ title: 'Batched Once', release_year: 2000 }, { title: 'No Such Film To Retry' }];
    model.script('No Such Film To Retry', { kind: 'answer', output: { found: false } });
    const send = (body: object) =>
      server.post<{ batch_id: string; jobs: JobDto[] }>('/movies/generate/batch', body, { 'idempotency-key': key });
    const first = await send({ items });
    const again = await send({ items });
    expect([again.status, replayed(again), again.body]).toEqual([202, 'true', first.body]);
    expect(again.headers.get('location')).toBe(`/batches/${first.body.batch_id}`);
    expect((await send({ items: items.slice(1) })).status).toBe(422);

    const failed = first.body.jobs[1]!.job_id;
    expect((await server.finished(failed)).status).toBe('FAILED');
    const retry = (id: string) =>
      server.send<JobDto>('POST', `/jobs/${id}/retry`, { 'idempotency-key': 'retried-once' });
    const retries = [await retry(failed), await retry(failed)];
    expect(retries.map(({ status }) => status)).toEqual([202, 202]);
    expect(retries.map(replayed)).toEqual([null, 'true']);
    expect(retries[1]!.body).toEqual(retries[0]!.body);
    expect((await retry(first.body.jobs[0]!.job_id)).status).toBe(422);
    await server.finished(failed);
    expect(model.callsFor('No Such Film To Retry')).toHaveLength(2);
  });

  it.each([['""'], ['two words'], ['"open'], ['x'.repeat(256)], ['one, two'], ['cl\u00e9']])(
    'is refused when the key is %j',
    async (key) => {
      const { status, body } = await generate<Problem>({ title: 'Bad Key', release_year: 2000 }, key);
      expect([status, body.errors]).toEqual([422, [{ pointer: '/Idempotency-Key', detail: expect.any(String) }]]);
      expect(await jobsOf('bad-key-2000')).toHaveLength(0);
    },
  );

  it('is forgotten after seven days, not before', async () => {
    const film = { title: 'Long Ago', release_year: 2000 };
    const [old, young] = [newKey(), newKey()];
    const first = await generate(film, old);
    await server.finished(first.body.job_id);
    await server.rows(`UPDATE idempotency_keys SET created_at = now() - interval '7 days 1 minute'`);
    const second = await generate(film, young);
    await server.finished(second.body.job_id);
    await server.rows(
      `UPDATE idempotency_keys SET created_at = now() - interval '6 days 23 hours' WHERE created_at > now() - interval '1 hour'`,
    );
    await eventually(async () => (await kept()) === 1);
    expect(replayed(await generate(film, young))).toBe('true');
    expect(replayed(await generate(film, old))).toBeNull();
  });

  it('leaves neither its key nor its body in the ledger of keys', async () => {
    const key = 'a-key-to-look-for';
    await generate({ title: 'A Title To Look For', release_year: 2000 }, key);
    const rows = JSON.stringify(await server.rows('SELECT * FROM idempotency_keys'));
    expect(rows).toContain('a-title-to-look-for-2000'); // the answer
    expect(rows).not.toContain(key);
    expect(rows).not.toContain('A Title To Look For');
  });
});

const ASLEEP = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`;
