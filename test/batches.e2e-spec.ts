import { randomUUID } from 'node:crypto';
import type { BatchAcceptedDto, BatchDto } from '../src/batches/batches.dto.js';
import type { JobDto } from '../src/jobs/jobs.dto.js';
import { describeServer, WITH_MODEL } from './support/server/describe-server.js';
import { UUID_V7 } from './support/ledger/ids.js';
import { eventually, TestServer } from './support/server/server.js';

interface Problem {
  detail: string;
  errors?: { pointer: string }[];
}

const NONE = { PENDING: 0, IN_PROGRESS: 0, DONE: 0, FAILED: 0, CANCELLED: 0, EXPIRED: 0 };

const times = (count: number, item: object) => Array.from({ length: count }, () => item);

describeServer('a batch', WITH_MODEL, ({ server, model }) => {
  /** Accepts, and runs nothing: what it takes stays PENDING. */
  let idle: TestServer;

  beforeAll(async () => {
    idle = await TestServer.start({ ROLE: 'api' });
  });

  afterAll(async () => {
    await idle.stop();
  });

  const submit = <T = BatchAcceptedDto>(at: TestServer, items: unknown, kind = 'movies') =>
    at.post<T>(`/${kind}/generate/batch`, { items });
  const batchOf = (at: TestServer, id: string) => at.get<BatchDto>(`/batches/${id}`);
  const done = (id: string) =>
    eventually(async () => {
      const answer = await batchOf(server, id);
      return answer.body.done ? answer : null;
    });

  it.each([
    ['movies', 'title', 'release_year'],
    ['people', 'name', 'birth_year'],
  ])('of %s is accepted at once and counted until it is done', async (kind, text, year) => {
    const names = ['Batch One', 'Batch Two', 'Batch Three'];
    const { status, headers, body } = await submit(
      server,
      names.map((name) => ({ [text]: name, [year]: 1970 })),
      kind,
    );
    expect(status).toBe(202);
    expect([headers.get('location'), headers.get('retry-after')]).toEqual([`/batches/${body.batch_id}`, '1']);
    expect(Object.keys(body)).toEqual(['batch_id', 'jobs']);
    expect(body.batch_id).toMatch(UUID_V7);
    expect(body.jobs.map(({ requested_slug }) => requested_slug)).toEqual([
      'batch-one-1970',
      'batch-two-1970',
      'batch-three-1970',
    ]);
    const ended = await done(body.batch_id);
    expect(ended.body).toEqual({
      batch_id: body.batch_id,
      created_at: expect.any(String),
      total: 3,
      counts: { ...NONE, DONE: 3 },
      done: true,
      metadata: {},
    });
    expect(ended.headers.get('retry-after')).toBeNull();
    for (const { job_id } of body.jobs) expect((await server.finished(job_id)).status).toBe('DONE');
  });

  it('takes five hundred items, in order, with one INSERT', async () => {
    await idle.rows(`CREATE TABLE inserts (statement bigserial);
      CREATE FUNCTION count_inserts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO inserts DEFAULT VALUES; RETURN NULL; END $$;
      CREATE TRIGGER count_inserts AFTER INSERT ON generation_jobs FOR EACH STATEMENT EXECUTE FUNCTION count_inserts()`);
    const items = Array.from({ length: 500 }, (_, n) => ({
      title: `Film ${n} ${'x'.repeat(180)}`,
      release_year: 2000,
    }));
    const { status, body } = await submit(idle, items);
    expect(status).toBe(202);
    expect(body.jobs.map(({ requested_slug }) => requested_slug.split('-')[1])).toEqual(items.map((_, n) => String(n)));
    expect(new Set(body.jobs.map(({ job_id }) => job_id)).size).toBe(500);
    expect(await idle.rows('SELECT 1 FROM inserts')).toHaveLength(1);
    await idle.rows('DROP TABLE inserts; DROP FUNCTION count_inserts CASCADE');
    const { body: batch, headers } = await batchOf(idle, body.batch_id);
    expect(batch).toMatchObject({ total: 500, counts: { ...NONE, PENDING: 500 }, done: false });
    expect(headers.get('retry-after')).toBe('1');
  });

  it('has one job for equal items, and joins the active job of a subject', async () => {
    const film = { title: 'Shared', release_year: 2000 };
    const { body: active } = await idle.post('/movies/generate', { title: 'Active Already', release_year: 2000 });
    const { body } = await submit(idle, [
      film,
      { title: 'Active Already', release_year: 2000 },
      { slug: 'shared-2000', deadline_seconds: 60 },
      { ...film, locale: 'pl-PL' },
    ]);
    const [first, joined, same, polish] = body.jobs as [JobDto, JobDto, JobDto, JobDto];
    expect(joined).toEqual(active);
    expect(same).toEqual(first);
    expect(first.deadline_at).toBeNull();
    expect(polish.job_id).not.toBe(first.job_id);
    expect((await batchOf(idle, body.batch_id)).body).toMatchObject({ total: 4, counts: { ...NONE, PENDING: 4 } });
  });

  it('carries deadline and request id of the request to every job', async () => {
    const { body } = await idle.post<BatchAcceptedDto>(
      '/movies/generate/batch',
      { items: [{ title: 'Soon', deadline_seconds: 60 }, { title: 'Whenever' }] },
      { 'x-request-id': 'batch-request' },
    );
    expect(body.jobs.map(({ deadline_at }) => deadline_at !== null)).toEqual([true, false]);
    const rows = await idle.rows('SELECT DISTINCT request_id FROM generation_jobs WHERE id = ANY($1::uuid[])', [
      body.jobs.map(({ job_id }) => job_id),
    ]);
    expect(rows).toEqual([{ request_id: 'batch-request' }]);
  });

  it('reuses the finished texts of the items that ask for it', async () => {
    const finished = await server.generate('movies', { title: 'Here Already', release_year: 2000 });
    const { body } = await submit(server, [
      { title: 'Here Already', if_exists: 'reuse' },
      { title: 'Not Yet Here', release_year: 2000, if_exists: 'reuse' },
      { title: 'Here Already', release_year: 2000, locale: 'de-DE', if_exists: 'reuse' },
      { title: 'Here Already', release_year: 2000 },
    ]);
    expect(body.jobs[0]).toEqual(finished);
    expect(body.jobs.map(({ status }) => status)).toEqual(['DONE', 'PENDING', 'PENDING', 'PENDING']);
    expect((await done(body.batch_id)).body.counts).toEqual({ ...NONE, DONE: 4 });
    expect(model.callsFor('Not Yet Here')).toHaveLength(1);
    const { status, body: again } = await submit(server, [{ slug: 'here-already-2000', if_exists: 'reuse' }]);
    expect([status, again.jobs[0]!.status]).toEqual([202, 'DONE']);
    expect((await batchOf(server, again.batch_id)).body.done).toBe(true);
  });

  const film = { title: 'Fine', release_year: 2000 };
  const WRONG: [description: string, items: unknown, ...pointers: string[]][] = [
    ['no list', 'films', '/items'],
    ['an object', { 0: film }, '/items'],
    ['empty', [], '/items'],
    ['501 items', times(501, film), '/items'],
    ['null', null, '/items'],
    ['missing', undefined, '/items'],
    ['with null in it', [film, null], '/items'],
    ['with a text in it', [film, 'Heat'], '/items'],
    ['with a list in it', [[film]], '/items'],
    ['wrong in its items', [film, { title: '' }, film, { title: 'x', colour: 1 }], '/items/1/title', '/items/3/colour'],
    ['at odds with itself', [film, { slug: 'heat-1995', release_year: 1996 }], '/items/1/release_year'],
    ['with a name for a film', [{ name: 'x' }], '/items/0/name', '/items/0/title'],
    ['with inherited names', [film, { title: 'x', constructor: 1 }], '/items/1/constructor'],
  ];

  it.each(WRONG)('is refused as a whole when items is %s', async (_, items, ...pointers) => {
    const before = await idle.rows('SELECT count(*) FROM generation_jobs');
    const { status, body } = await submit<Problem>(idle, items);
    expect([status, body.errors?.map(({ pointer }) => pointer).sort()]).toEqual([422, pointers.sort()]);
    expect(await idle.rows('SELECT count(*) FROM generation_jobs')).toEqual(before);
  });

  it('is told of a hundred wrong fields at most', async () => {
    const { status, body } = await submit<Problem>(idle, times(500, { title: '' }));
    expect([status, body.errors!.length]).toEqual([422, 100]);
    expect(body.detail).toBe('The request has 500 invalid fields. The first 100 are named.');
  });

  it('may be larger than other bodies, but not than 1 MiB', async () => {
    const items = times(500, { title: 'x', colour: 'y'.repeat(1500) });
    expect((await submit(idle, items)).status).toBe(422);
    const { status, body } = await submit<Problem>(idle, [{ title: 'x'.repeat(1024 * 1024) }]);
    expect([status, body.detail]).toEqual([413, 'The body is larger than 1 MiB.']);
    expect((await idle.post<Problem>('/movies/generate', { title: 'x'.repeat(65 * 1024) })).body).toMatchObject({
      status: 413,
      detail: 'The body is larger than 64 KiB.',
    });
  });

  it('is all or nothing when the database refuses a part of it', async () => {
    await idle.rows(`ALTER TABLE batch_jobs ADD CONSTRAINT refused CHECK (items < 2) NOT VALID`);
    const twice = { title: 'Half Taken', release_year: 2000 };
    idle.broken = true;
    expect((await submit(idle, [{ title: 'Whole Taken' }, twice, twice])).status).toBe(500);
    idle.broken = false;
    await idle.rows('ALTER TABLE batch_jobs DROP CONSTRAINT refused');
    const slugs = ['half-taken-2000', 'whole-taken'];
    expect(await idle.rows('SELECT 1 FROM generation_jobs WHERE requested_slug = ANY($1)', [slugs])).toEqual([]);
  });

  it('neither deadlocks nor doubles a subject when batches overlap in different orders', async () => {
    const titles = Array.from({ length: 60 }, (_, n) => `Overlapping ${n}`);
    const orders = Array.from({ length: 12 }, (_, n) => (n % 2 ? titles.toReversed() : titles.slice(n).concat(titles)));
    const answers = await Promise.all(
      orders.map((order) =>
        submit(
          idle,
          order.map((title) => ({ title })),
        ),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(orders.map(() => 202));
    const ids = new Map<string, Set<string>>();
    for (const { job_id, requested_slug } of answers.flatMap(({ body }) => body.jobs))
      ids.set(requested_slug, (ids.get(requested_slug) ?? new Set()).add(job_id));
    expect([ids.size, ...new Set([...ids.values()].map(({ size }) => size))]).toEqual([60, 1]);
    const [deadlocks] = await idle.rows(
      'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()',
    );
    expect(deadlocks).toEqual({ deadlocks: 0 });
  });

  it('is answered 404 when unknown and 400 when its id is none', async () => {
    expect((await server.get(`/batches/${randomUUID()}`)).status).toBe(404);
    expect((await server.get('/batches/1')).status).toBe(400);
  });

  it('is forgotten after its last job', async () => {
    model.script('Kept Because Failed', { kind: 'status', status: 400 });
    const { body } = await submit(server, [{ title: 'Forgotten First' }, { title: 'Kept Because Failed' }]);
    await done(body.batch_id);
    const age = (table: string, column: string, column2: string, id: string) =>
      server.rows(`UPDATE ${table} SET ${column} = now() - interval '31 days' WHERE ${column2} = $1`, [id]);
    await age('batches', 'created_at', 'id', body.batch_id);
    await server.rows(
      `UPDATE generation_jobs SET created_at = created_at - interval '31 days', started_at = started_at - interval '31 days',
         finished_at = finished_at - interval '31 days' WHERE id = ANY($1::uuid[])`,
      [body.jobs.map(({ job_id }) => job_id)],
    );
    const left = await eventually(async () => {
      const batch = (await batchOf(server, body.batch_id)).body;
      return batch.counts.DONE === 0 ? batch : null;
    });
    expect(left).toMatchObject({ total: 2, counts: { ...NONE, FAILED: 1 }, done: true });
    await server.rows('DELETE FROM generation_jobs WHERE id = $1', [body.jobs[1]!.job_id]);
    await eventually(async () => (await batchOf(server, body.batch_id)).status === 404);
  });
});
