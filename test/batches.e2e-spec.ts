import { randomUUID } from 'node:crypto';
import type { AnyDeliveryDto, AnyDeliveryListDto } from '../src/admin/deliveries.dto.js';
import type { BatchAcceptedDto, BatchDto, BatchListDto, DryRunDto } from '../src/batches/batches.dto.js';
import type { JobListDto } from '../src/jobs/job-list.dto.js';
import type { JobDto } from '../src/jobs/jobs.dto.js';
import { describeServer, WITH_MODEL } from './support/server/describe-server.js';
import { makeKey, type TestKey } from './support/client/keys.js';
import { fromNow, insertJob } from './support/ledger/insert-job.js';
import { UUID_V7 } from './support/ledger/ids.js';
import { type Answer, eventually, TestServer } from './support/server/server.js';

interface Problem {
  detail: string;
  errors?: { pointer: string }[];
}

const NONE = { PENDING: 0, IN_PROGRESS: 0, DONE: 0, FAILED: 0, CANCELLED: 0, EXPIRED: 0 };

const times = (count: number, item: object) => Array.from({ length: count }, () => item);

describeServer('a batch', { ...WITH_MODEL, WEBHOOK_ALLOW_PRIVATE: 'true' }, ({ server, model, receiver }) => {
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
    expect(Object.keys(body)).toEqual(['batch_id', 'total', 'estimate', 'jobs']);
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
      completed_at: ended.body.completed_at,
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

  const variants = ['en-US', 'pl-PL'].flatMap((locale) => ['DEFAULT', 'modern'].map((tag) => `${locale} ${tag}`));

  it('is multiplied by locales and manners, item by item', async () => {
    const items = [
      { title: 'Many Ways 1', release_year: 2000 },
      { title: 'Many Ways 2', release_year: 2000 },
    ];
    const all = { locales: ['en-US', 'pl-PL'], context_tags: ['DEFAULT', 'modern'] };
    const { status, body } = await idle.post<BatchAcceptedDto>('/movies/generate/batch', { items, ...all });
    expect([status, body.total]).toEqual([202, 8]);
    expect(
      body.jobs.map(({ requested_slug, locale, context_tag }) => [requested_slug, `${locale} ${context_tag}`]),
    ).toEqual(['many-ways-1-2000', 'many-ways-2-2000'].flatMap((slug) => variants.map((variant) => [slug, variant])));
    expect((await batchOf(idle, body.batch_id)).body).toMatchObject({ total: 8, counts: { ...NONE, PENDING: 8 } });
  });

  it.each([
    ['a locale of an item', { items: [film, { ...film, locale: 'pl-PL' }], locales: ['de-DE'] }, '/items/1/locale'],
    ['its tone', { items: [{ ...film, tone: 'modern' }], context_tags: ['modern'] }, '/items/0/tone'],
    ['no locale at all', { items: [film], locales: [] }, '/locales'],
    ['a locale twice', { items: [film], locales: ['de-DE', 'de-DE'] }, '/locales'],
    ['a manner that there is not', { items: [film], context_tags: ['sad'] }, '/context_tags'],
    [
      'more than 5000 jobs',
      {
        items: times(500, film),
        locales: ['en-US', 'pl-PL', 'de-DE'],
        context_tags: ['DEFAULT', 'modern', 'critical', 'humorous'],
      },
      '/items',
    ],
    ['events without an endpoint', { items: [film], webhook_events: ['batch.completed'] }, '/webhook_events'],
    ['an endpoint within', { items: [film], webhook_url: 'https://127.0.0.1/' }, '/webhook_url'],
  ])('is refused with %s', async (_, request, pointer) => {
    const { status, body } = await idle.post<Problem>('/movies/generate/batch', request);
    expect([status, body.errors?.map((error) => error.pointer)]).toEqual([422, [pointer]]);
  });

  it('of 5000 jobs is accepted with an INSERT each thousand, and single requests go before', async () => {
    await idle.rows(`CREATE TABLE inserts (statement bigserial, rows int);
      CREATE FUNCTION count_inserts() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO inserts (rows) SELECT count(*) FROM made; RETURN NULL; END $$;
      CREATE TRIGGER count_inserts AFTER INSERT ON generation_jobs REFERENCING NEW TABLE AS made
        FOR EACH STATEMENT EXECUTE FUNCTION count_inserts()`);
    const items = Array.from({ length: 500 }, (_, n) => ({ title: `Whole ${n}`, release_year: 2001 }));
    const all = { locales: ['en-US', 'pl-PL', 'de-DE', 'fr-FR', 'es-ES'], context_tags: ['DEFAULT', 'modern'] };
    const order: string[] = [];
    const whole = idle
      .post<BatchAcceptedDto>('/movies/generate/batch', { items, ...all })
      .finally(() => order.push('whole'));
    // Once its first rows are being written.
    await eventually(async () => {
      const [found] = await idle.rows<{ busy: boolean }>(
        `SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
           AND query LIKE '%INSERT INTO generation_jobs%' AND pid <> pg_backend_pid()) AS busy`,
      );
      return found!.busy;
    });
    for (let n = 0; n < 5; n++) {
      const { status } = await idle.post('/movies/generate', { title: `Meanwhile ${n}`, release_year: 2001 });
      order.push(String(status));
    }
    const { status, body } = await whole;
    expect([status, body.total, body.jobs.length]).toEqual([202, 5000, 5000]);
    expect(order.slice(0, 2)).toEqual(['202', '202']);
    const inserts = await idle.rows<{ rows: number }>('SELECT rows FROM inserts WHERE rows > 1');
    expect(inserts.map(({ rows }) => rows)).toEqual([1000, 1000, 1000, 1000, 1000]);
    await idle.rows('DROP TABLE inserts; DROP FUNCTION count_inserts CASCADE');
    const walked: string[] = [];
    for (let cursor: string | null = ''; cursor !== null && walked.length < 5000;) {
      const page: Answer<JobListDto> = await idle.get<JobListDto>(
        `/batches/${body.batch_id}/jobs?status=PENDING&limit=100${cursor && `&cursor=${cursor}`}`,
      );
      walked.push(...page.body.results.map(({ job_id }) => job_id));
      cursor = page.body.next_cursor;
    }
    expect(walked).toEqual(body.jobs.map(({ job_id }) => job_id).sort());
    const { body: cancelled } = await idle.send('POST', `/batches/${body.batch_id}/cancel`);
    expect(cancelled).toEqual({ cancelled: 5000, left: 0 });
    expect((await batchOf(idle, body.batch_id)).body).toMatchObject({
      done: true,
      counts: { ...NONE, CANCELLED: 5000 },
    });
  }, 120_000);

  it('is tried without being made: what it would make, join and reuse, and what that would take', async () => {
    const known = await server.generate('movies', { title: 'Tried Before', release_year: 2000 });
    const request = {
      items: [
        { title: 'Tried Before', release_year: 2000, if_exists: 'reuse' },
        { title: 'Never Tried', release_year: 2000 },
        { title: 'Never Tried', release_year: 2000 },
      ],
      dry_run: true,
    };
    const before = await server.rows('SELECT count(*) FROM generation_jobs');
    const headers = { 'idempotency-key': 'a-trial' };
    const { status, body } = await server.post<DryRunDto>('/movies/generate/batch', request, headers);
    expect([status, body]).toEqual([200, { total: 3, new: 1, joined: 1, reused: 1, estimate: body.estimate }]);
    expect(body.estimate).toEqual({
      input_tokens: expect.any(Number),
      output_tokens: expect.any(Number),
      cost: null, // MODEL_PRICES is not set
      seconds: expect.any(Number),
    });
    expect(await server.rows('SELECT count(*) FROM generation_jobs')).toEqual(before);
    expect(await server.rows('SELECT 1 FROM idempotency_keys')).toEqual([]);
    const real = await server.post<BatchAcceptedDto>('/movies/generate/batch', { ...request, dry_run: false }, headers);
    expect([real.status, real.body.jobs[0]!.job_id]).toEqual([202, known.job_id]);
    expect(real.body.estimate.input_tokens).toBe(body.estimate.input_tokens);
    await done(real.body.batch_id);
  });

  it('is listed, newest first', async () => {
    const ids: string[] = [];
    for (const shelf of ['a', 'b', 'a']) {
      const request = { items: [{ title: `Listed ${ids.length}` }], metadata: { shelf } };
      ids.unshift((await idle.post<BatchAcceptedDto>('/movies/generate/batch', request)).body.batch_id);
    }
    const list = async (query: string) => (await idle.get<BatchListDto>(`/batches?${query}`)).body;
    const first = await list('limit=2');
    expect(first.results.map(({ batch_id }) => batch_id)).toEqual(ids.slice(0, 2));
    expect(first.results[0]).toEqual({
      batch_id: ids[0],
      created_at: expect.any(String),
      completed_at: null,
      total: 1,
      metadata: { shelf: 'a' },
    });
    expect((await list(`limit=1&cursor=${first.next_cursor}`)).results[0]!.batch_id).toBe(ids[2]);
    expect((await list('metadata.shelf=a')).results.map(({ batch_id }) => batch_id)).toEqual([ids[0], ids[2]]);
    for (const query of ['limit=0', 'cursor=x', 'status=DONE'])
      expect((await idle.get(`/batches?${query}`)).status).toBe(422);
    expect((await idle.get(`/batches/${randomUUID()}/jobs`)).status).toBe(404);
  });

  it('runs again what FAILED of it, once', async () => {
    model.script('Fails First', { kind: 'status', status: 400 });
    const { body } = await submit(server, [{ title: 'Fails First' }, { title: 'Fails Never' }]);
    expect((await done(body.batch_id)).body.counts).toEqual({ ...NONE, DONE: 1, FAILED: 1 });
    const failed = await server.get<JobListDto>(`/batches/${body.batch_id}/jobs?status=FAILED`);
    expect(failed.body.results.map(({ job_id }) => job_id)).toEqual([body.jobs[0]!.job_id]);
    const retry = async () => (await server.send('POST', `/batches/${body.batch_id}/retry`)).body;
    expect(await retry()).toEqual({ retried: 1, left: 0 });
    expect(await retry()).toEqual({ retried: 0, left: 0 });
    expect((await done(body.batch_id)).body.counts).toEqual({ ...NONE, DONE: 2 });
  });

  describe('that tells when it is completed', () => {
    /** A second process on the same ledger: both look for batches that are completed. */
    let beside: TestServer;

    beforeAll(async () => {
      const { databaseUrl, queuePrefix } = server.config;
      const same = { QUEUE_PREFIX: queuePrefix, WEBHOOK_ALLOW_PRIVATE: 'true' };
      beside = await TestServer.start({ ROLE: 'api', ...same }, databaseUrl!);
    });

    afterAll(async () => {
      await beside.stop();
    });

    const told = (path: string) =>
      eventually(async () => {
        const [message] = receiver.at(path);
        return message && (JSON.parse(message.body) as { type: string; data: { counts: object; total: number } });
      });
    const batch = (path: string, items: object[], more: object = {}) =>
      server.post<BatchAcceptedDto>('/movies/generate/batch', { items, webhook_url: receiver.url(path), ...more });

    it('tells it once, however its jobs end, and not again after a retry', async () => {
      model.script('Told Failed', { kind: 'status', status: 400 });
      model.script('Told Hanging', { kind: 'hang' });
      const overdue = await insertJob(server.db, { title: 'Told Overdue', year: null, run_at: fromNow(3600) });
      const names = ['Told Done', 'Told Failed', 'Told Hanging', 'Told Overdue'];
      const items = names.map((title) => ({ title, deadline_seconds: 3600 }));
      const { body } = await batch('/whole', items, { metadata: { order: '42' } });
      await eventually(async () => (await batchOf(server, body.batch_id)).body.counts.IN_PROGRESS === 1);
      await server.finished(body.jobs[0]!.job_id);
      await server.finished(body.jobs[1]!.job_id);
      await server.rows(`UPDATE generation_jobs SET deadline_at = now() - interval '1 second' WHERE id = $1`, [
        overdue,
      ]);
      await server.finished(overdue);
      expect(receiver.at('/whole')).toEqual([]);
      expect((await batchOf(server, body.batch_id)).body).toMatchObject({ done: false, completed_at: null });
      expect((await server.send('POST', `/batches/${body.batch_id}/cancel`)).body).toEqual({ cancelled: 1, left: 0 });
      const self = `/batches/${body.batch_id}`;
      expect(await told('/whole')).toEqual({
        type: 'batch.completed',
        timestamp: expect.any(String),
        data: {
          batch_id: body.batch_id,
          total: 4,
          counts: { ...NONE, DONE: 1, FAILED: 1, CANCELLED: 1, EXPIRED: 1 },
          metadata: { order: '42' },
          links: { self, jobs: `${self}/jobs` },
        },
      });
      const { completed_at } = (await batchOf(server, body.batch_id)).body;
      expect(completed_at).toEqual(expect.any(String));
      expect((await server.send('POST', `${self}/retry`)).body).toEqual({ retried: 1, left: 0 });
      await done(body.batch_id);
      // Another that is completed later is told, so there was time for a second message.
      await batch('/whole-later', [{ title: 'Told Later' }]);
      await told('/whole-later');
      expect(receiver.at('/whole')).toHaveLength(1);
      expect((await batchOf(server, body.batch_id)).body).toMatchObject({ done: true, completed_at });
    });

    it('has its message listed and sent again by operators, beside those of jobs', async () => {
      const { headers } = await makeKey(server, 'admin');
      // Of two messages at the same time each gets its own answer.
      receiver.script('/listed', 410, 410);
      const webhook_events = ['batch.completed', 'job.completed'];
      const { body } = await batch('/listed', [{ title: 'Listed' }], { webhook_events });
      const list = (query: string) => server.get<AnyDeliveryListDto>(`/admin/deliveries?${query}`, headers);
      const ofAll = await eventually(async () => {
        const { results } = (await list('status=DISABLED&limit=2')).body;
        return results.length === 2 && results;
      });
      const about = { host: new URL(receiver.url('/')).host, status: 'DISABLED', next_attempt_at: null };
      const ofBatch = ofAll.find(({ batch_id }) => batch_id === body.batch_id)!;
      expect(ofBatch).toMatchObject({ ...about, type: 'batch.completed', job_id: null });
      const job_id = body.jobs[0]!.job_id;
      expect(ofAll.find((one) => one !== ofBatch)).toMatchObject({ ...about, type: 'job.completed', job_id });
      const pages = [await list('limit=1')];
      for (let next = pages[0]!.body.next_cursor; next && pages.length < 100; next = pages.at(-1)!.body.next_cursor)
        pages.push(await list(`limit=1&cursor=${next}`));
      const ids = pages.flatMap((page) => page.body.results.map(({ delivery_id }) => delivery_id));
      expect(ids).toEqual((await list('limit=100')).body.results.map(({ delivery_id }) => delivery_id));
      expect(ids.slice(0, 2).sort()).toEqual(ofAll.map(({ delivery_id }) => delivery_id).sort());

      const replay = (id: string) => server.send<AnyDeliveryDto>('POST', `/admin/deliveries/${id}/replay`, headers);
      expect((await replay(ofBatch.delivery_id)).status).toBe(409);
      await server.rows('DELETE FROM webhook_disabled_endpoints WHERE url = $1', [receiver.url('/listed')]);
      receiver.script('/listed');
      for (const { delivery_id } of ofAll)
        expect((await replay(delivery_id)).body).toMatchObject({ delivery_id, status: 'PENDING', attempts: 0 });
      await eventually(async () => {
        const { results } = (await list('status=DELIVERED&limit=100')).body;
        return ofAll.every(({ delivery_id }) => results.some((one) => one.delivery_id === delivery_id));
      });
      expect((await replay(randomUUID())).status).toBe(404);
      expect((await replay('none')).status).toBe(400);
    });

    it('tells it where all of its jobs were finished before', async () => {
      await server.generate('movies', { title: 'Told Before' });
      await batch('/at-once', [{ title: 'Told Before', if_exists: 'reuse' }]);
      expect((await told('/at-once')).data).toMatchObject({ total: 1, counts: { DONE: 1 } });
    });

    it('tells of its jobs too where that is asked for', async () => {
      await batch('/both', [{ title: 'Told Both 1' }, { title: 'Told Both 2' }], {
        webhook_events: ['batch.completed', 'job.completed'],
      });
      const types = await eventually(async () => receiver.at('/both').length === 3 && receiver.at('/both'));
      expect(types.map(({ type }) => type).sort()).toEqual(['batch.completed', 'job.completed', 'job.completed']);
    });
  });
});

const NO_LIMITS = { RATE_LIMIT_GENERATE: '0', RATE_LIMIT_POLL: '0' };

describeServer('a batch of a key', { ROLE: 'api', AUTH_REQUIRED: 'true', ...NO_LIMITS }, ({ server }) => {
  it('is seen and changed by its key; what another key wants goes on', async () => {
    const [one, two, reader] = [
      await makeKey(server, 'generate'),
      await makeKey(server, 'generate'),
      await makeKey(server, 'read'),
    ];
    const items = [{ title: 'Wanted By Two' }, { title: 'Wanted By One' }];
    const { body } = await server.post<BatchAcceptedDto>('/movies/generate/batch', { items }, one.headers);
    await server.post('/movies/generate', items[0], two.headers);
    const self = `/batches/${body.batch_id}`;
    const seen = (path: string, key: TestKey) => server.get<{ results: unknown[] }>(path, key.headers);
    for (const path of [self, `${self}/jobs`])
      expect([
        path,
        ...(await Promise.all([one, reader, two].map(async (key) => (await seen(path, key)).status))),
      ]).toEqual([path, 200, 200, 404]);
    const listed = await Promise.all([one, reader, two].map(async (key) => (await seen('/batches', key)).body.results));
    expect(listed.map(({ length }) => length)).toEqual([1, 1, 0]);
    for (const act of ['cancel', 'retry'])
      expect([act, (await server.send('POST', `${self}/${act}`, two.headers)).status]).toEqual([act, 404]);
    const both = await makeKey(server, 'generate', 'read');
    expect((await server.send('POST', `${self}/cancel`, both.headers)).status).toBe(403);
    const cancel = async () => (await server.send('POST', `${self}/cancel`, one.headers)).body;
    expect(await cancel()).toEqual({ cancelled: 1, left: 1 });
    expect(await cancel()).toEqual({ cancelled: 0, left: 1 });
    const states = await server.rows<{ requested_slug: string; status: string }>(
      'SELECT requested_slug, status FROM generation_jobs ORDER BY requested_slug',
    );
    expect(states).toEqual([
      { requested_slug: 'wanted-by-one', status: 'CANCELLED' },
      { requested_slug: 'wanted-by-two', status: 'PENDING' },
    ]);
    await server.send('POST', `/jobs/${body.jobs[0]!.job_id}/cancel`, two.headers);
    expect((await seen(self, one)).body).toMatchObject({ done: true, counts: { CANCELLED: 2 } });
  });
});
