import { randomUUID } from 'node:crypto';
import type { JobDto } from '../src/jobs/jobs.dto.js';
import { Events } from './support/client/events.js';
import { OwnRedis } from './support/machines/own-redis.js';
import { eventually, TestServer } from './support/server/server.js';
import { StubModel } from './support/model/stub-model.js';

const FINAL = ['DONE', 'FAILED', 'CANCELLED', 'EXPIRED'];
const PROBLEM = 'application/problem+json; charset=utf-8';
const TOKEN = 'a-long-enough-admin-token';

describe('the events of a job', () => {
  let model: StubModel;
  let worker: TestServer;
  /** Runs no job: what is told here happened in another process. */
  let api: TestServer;
  const opened: Events[] = [];

  beforeAll(async () => {
    model = await StubModel.start();
    const stub = { OPENAI_API_KEY: 'key-0123456789', OPENAI_BASE_URL: model.url };
    worker = await TestServer.start(stub);
    const { databaseUrl, queuePrefix } = worker.config;
    api = await TestServer.start({ ...stub, ROLE: 'api', QUEUE_PREFIX: queuePrefix }, databaseUrl!);
  });

  afterEach(() => {
    for (const events of opened.splice(0)) events.close();
  });

  afterAll(async () => {
    await api.stop();
    await worker.stop();
    await model.stop();
  });

  const open = async (id: string, headers?: Record<string, string>, server = api) => {
    const events = await Events.open(server.url, id, headers);
    opened.push(events);
    return events;
  };
  const submit = async (title: string, server = api) =>
    (await server.post('/movies/generate', { title, release_year: 2000 })).body.job_id;
  /** A job whose model call goes on until it is cancelled. */
  const hanging = async (title: string) => {
    model.script(title, { kind: 'hang' });
    const id = await submit(title);
    await eventually(async () => model.callsFor(title).length === 1);
    return id;
  };
  const cancel = (id: string, server = api) => server.send('POST', `/jobs/${id}/cancel`);
  /** What every stream keeps, whatever happens to it. */
  const expectOrder = ({ received }: Events) => {
    const ids = received.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
    const finals = received.filter(({ job }) => FINAL.includes(job.status));
    expect(finals).toEqual(finals.slice(0, 1));
    if (finals.length > 0) expect(received.at(-1)).toBe(finals[0]);
  };

  it('are the present state at once, then every change in the other process, and end after the final state', async () => {
    model.script('Told', { kind: 'answer', delayMs: 500 });
    const id = await submit('Told');
    const events = await open(id);
    expect(events.status).toBe(200);
    expect(Object.fromEntries(events.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-request-id': expect.any(String),
    });
    const received = await events.all();
    expect(received.map(({ event }) => event)).toEqual(received.map(() => 'status'));
    expect(events.statuses.filter((status, n, all) => status !== all[n - 1])).toEqual(
      expect.arrayContaining(['IN_PROGRESS', 'DONE']),
    );
    expectOrder(events);
    expect(received.at(-1)!.job).toEqual((await api.get<JobDto>(`/jobs/${id}`)).body);
    expect(events.retry).toBeGreaterThanOrEqual(1000);
  });

  it('tell of a try that waits as PENDING, and of FAILED once, at the end', async () => {
    model.script('Fails Thrice', ...Array.from({ length: 3 }, () => ({ kind: 'status', status: 500 }) as const));
    const events = await open(await submit('Fails Thrice'));
    const received = await events.all();
    expectOrder(events);
    expect(received.at(-1)!.job).toMatchObject({ status: 'FAILED', attempts: 3, error: { type: 'AI_API_ERROR' } });
    expect(events.statuses.slice(0, -1)).not.toContain('FAILED');
    expect(received.filter(({ job }) => job.status === 'PENDING' && job.attempts > 0).length).toBeGreaterThan(0);
  });

  it('go on after the last id that the client has: nothing twice, nothing left out', async () => {
    const id = await hanging('Resumed');
    const first = await open(id);
    const running = await eventually(async () => first.received.find(({ job }) => job.status === 'IN_PROGRESS'));
    first.close();
    const again = await open(id, { 'last-event-id': String(running.id) });
    const missing = await open(id, { 'last-event-id': String(running.id - 1) });
    await eventually(async () => missing.received.length === 1);
    await cancel(id);
    expect((await missing.all()).map(({ job }) => job.status)).toEqual(['IN_PROGRESS', 'CANCELLED']);
    expect((await again.all()).map(({ job }) => job.status)).toEqual(['CANCELLED']);
    expect(again.received[0]!.id).toBeGreaterThan(running.id);
  });

  it('of a finished job are its final state alone, and 204 for a client that has it', async () => {
    const job = await api.generate('movies', { title: 'Finished', release_year: 2000 });
    const events = await open(job.job_id);
    const [last, ...more] = await events.all();
    expect([last!.job, more]).toEqual([job, []]);
    const resumed = await open(job.job_id, { 'last-event-id': String(last!.id - 1) });
    expect(await resumed.all()).toEqual([last]);
    const over = await open(job.job_id, { 'last-event-id': String(last!.id) });
    expect([over.status, await over.all()]).toEqual([204, []]);
    // As after the ledger was restored from a backup: its revisions count from there.
    const ahead = await open(job.job_id, { 'last-event-id': String(last!.id + 1) });
    expect(await ahead.all()).toEqual([last]);
  });

  it('start anew for a client whose Last-Event-ID was never given out', async () => {
    const id = await hanging('Junk');
    for (const known of ['', 'abc', '-1', '1.5', '999999999', '1'.repeat(40)]) {
      const events = await open(id, { 'last-event-id': known });
      await eventually(async () => events.received.length === 1);
      expect([known, events.statuses]).toEqual([known, ['IN_PROGRESS']]);
    }
    await cancel(id);
  });

  it('reach all who follow one job, by one connection that listens', async () => {
    const id = await hanging('Followed By Many');
    const many = await Promise.all(Array.from({ length: 50 }, () => open(id)));
    await eventually(async () => many.every(({ received }) => received.length === 1));
    const listening = await api.rows<{ count: string }>(
      `SELECT count(*) FROM pg_stat_activity WHERE application_name = 'moviemind-listen' AND datname = current_database()`,
    );
    expect(Number(listening[0]!.count)).toBe(2); // one of each server
    await cancel(id);
    for (const events of many) {
      expect((await events.all()).map(({ job }) => job.status)).toEqual(['IN_PROGRESS', 'CANCELLED']);
      expectOrder(events);
    }
  });

  it('arrive though the listening connection was cut, which comes back', async () => {
    const id = await hanging('Unheard');
    const events = await open(id);
    await eventually(async () => events.received.length === 1);
    const listeners = () =>
      api.rows<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE application_name = 'moviemind-listen' AND datname = current_database()`,
      );
    const before = await listeners();
    await api.rows('SELECT pg_terminate_backend(pid) FROM unnest($1::integer[]) pid', [before.map(({ pid }) => pid)]);
    await cancel(id);
    expect((await events.all()).at(-1)!.job.status).toBe('CANCELLED');
    const after = await eventually(async () => (await listeners()).length === before.length && listeners());
    expect(after.filter(({ pid }) => before.some((old) => old.pid === pid))).toEqual([]);
  });

  it('arrive though nobody announced the change', async () => {
    const id = await hanging('Unannounced');
    const events = await open(id);
    await eventually(async () => events.received.length === 1);
    await api.rows(
      `UPDATE generation_jobs SET status = 'CANCELLED', finished_at = now(), lease_token = NULL, lease_expires_at = NULL WHERE id = $1`,
      [id],
    );
    expect((await events.all()).map(({ job }) => job.status)).toEqual(['IN_PROGRESS', 'CANCELLED']);
  });

  it('end without a final state when the job is removed', async () => {
    const id = await hanging('Removed');
    const events = await open(id);
    await eventually(async () => events.received.length === 1);
    await api.rows('DELETE FROM generation_jobs WHERE id = $1', [id]);
    expect((await events.all()).map(({ job }) => job.status)).toEqual(['IN_PROGRESS']);
    expect((await open(id)).status).toBe(404);
  });

  it('are refused before they begin: 400, 404, 401', async () => {
    const guarded = await TestServer.start({ AUTH_REQUIRED: 'true', ADMIN_TOKEN: TOKEN });
    for (const [server, id, status] of [
      [api, 'not-a-uuid', 400],
      [api, randomUUID(), 404],
      [guarded, randomUUID(), 401],
    ] as const) {
      const refused = await open(id, {}, server);
      expect([refused.status, refused.headers.get('content-type')]).toEqual([status, PROBLEM]);
    }
    await guarded.stop();
  });

  it('are told by HEAD to be there, without a stream', async () => {
    const id = await hanging('Head');
    const response = await fetch(`${api.url}/jobs/${id}/events`, { method: 'HEAD', signal: AbortSignal.timeout(5000) });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    expect(await response.text()).toBe('');
    await cancel(id);
  });

  describe('in a process with little room', () => {
    let small: TestServer;

    beforeAll(async () => {
      const { databaseUrl, queuePrefix } = worker.config;
      small = await TestServer.start(
        {
          ROLE: 'api',
          QUEUE_PREFIX: queuePrefix,
          ADMIN_TOKEN: TOKEN,
          MAX_EVENT_STREAMS: '4',
          MAX_EVENT_STREAMS_PER_CALLER: '2',
        },
        databaseUrl!,
      );
    });

    it('are as many as are allowed to a caller, then 429; in all, then 503; and a place that is left is free', async () => {
      const id = await hanging('Crowded');
      const operator = { authorization: `Bearer ${TOKEN}` };
      const one = await open(id, {}, small);
      const two = await open(id, {}, small);
      const three = await open(id, {}, small);
      expect([one.status, two.status, three.status]).toEqual([200, 200, 429]);
      expect(three.headers.get('retry-after')).toBe('5');
      expect(three.headers.get('ratelimit')).toBe('"streams";r=0;t=5');
      expect(three.headers.get('ratelimit-policy')).toBe('"streams";q=2');
      expect(three.headers.get('content-type')).toBe(PROBLEM);
      // The operator has no limit of his own.
      const four = await open(id, operator, small);
      const five = await open(id, operator, small);
      const six = await open(id, operator, small);
      expect([four.status, five.status, six.status]).toEqual([200, 200, 503]);
      expect(six.headers.get('retry-after')).toBe('5');
      expect((await small.get(`/jobs/${id}`)).status).toBe(200);
      one.close();
      await eventually(async () => (await open(id, {}, small)).status === 200);
      await cancel(id);
      await Promise.all([two, four, five].map((events) => events.all()));
      await eventually(async () => small.waiting === 0);
    });

    it('end cleanly when it is told to stop', async () => {
      const id = await hanging('Deployed');
      const events = [await open(id, {}, small), await open(id, {}, small)];
      await eventually(async () => events.every(({ received }) => received.length === 1));
      await small.stop();
      for (const one of events) expect((await one.all(1000)).map(({ job }) => job.status)).toEqual(['IN_PROGRESS']);
      const moved = await open(id, { 'last-event-id': String(events[0]!.received[0]!.id) });
      await cancel(id);
      expect((await moved.all()).map(({ job }) => job.status)).toEqual(['CANCELLED']);
    });
  });

  it('arrive though Redis goes away in the middle', async () => {
    const redis = await OwnRedis.reserve();
    await redis.start();
    const settings = { REDIS_URL: redis.url, OPENAI_API_KEY: 'key-0123456789', OPENAI_BASE_URL: model.url };
    const runs = await TestServer.start(settings);
    const { databaseUrl, queuePrefix } = runs.config;
    const serves = await TestServer.start({ ...settings, ROLE: 'api', QUEUE_PREFIX: queuePrefix }, databaseUrl!);
    try {
      model.script('Without Redis', { kind: 'answer', delayMs: 1000 });
      const id = await submit('Without Redis', serves);
      const events = await open(id, {}, serves);
      await eventually(async () => events.statuses.includes('IN_PROGRESS'));
      await redis.kill();
      const held = serves.get<JobDto>(`/jobs/${id}`, { prefer: 'wait=20' });
      expect((await events.all()).at(-1)!.job.status).toBe('DONE');
      expect((await held).body.status).toBe('DONE');
      expectOrder(events);
    } finally {
      // BullMQ takes long to close while it looks for its server: both are at work again first.
      await redis.start();
      await serves.generate('movies', { title: 'With Redis Again', release_year: 2000 }, 30_000);
      await serves.stop();
      await runs.stop();
      await redis.remove();
    }
  }, 60_000);
});
