import { version } from 'moviemind-command/node.js';
import { Receiver } from './support/client/receiver.js';
import { ago, insertJob } from './support/ledger/insert-job.js';
import { Proxy } from './support/machines/proxy.js';
import { cloneDatabase, eventually, type Settings, TestServer } from './support/server/server.js';
import { StubModel } from './support/model/stub-model.js';
import { startWorker } from './support/server/worker.js';

const TOKEN = 'a-long-enough-admin-token';
const KEY = { authorization: `Bearer ${TOKEN}` };

type Samples = Map<string, number>;

const SAMPLE =
  /^([a-z_:][a-z0-9_:]*)(\{[a-z_]+="[^"]*"(?:,[a-z_]+="[^"]*")*\})? (-?[\d.]+(?:e[+-]?\d+)?|NaN|[+-]Inf)$/i;

/** The answer as Prometheus reads it. @throws Error at a line that is no sample, and at one that is there twice */
function samplesOf(text: string): Samples {
  const samples: Samples = new Map();
  const types = new Map<string, string>();
  for (const line of text.split('\n').filter(Boolean)) {
    const [, kind, name, rest] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (kind === 'TYPE') {
      if (types.has(name!)) throw new Error(`twice: ${line}`);
      types.set(name!, rest!);
    }
    if (kind) continue;
    const [, metric, labels = '', value] = SAMPLE.exec(line) ?? [];
    if (!metric || samples.has(metric + labels)) throw new Error(`no sample, or twice: ${line}`);
    if (!types.has(metric) && types.get(metric.replace(/_(bucket|sum|count)$/, '')) !== 'histogram')
      throw new Error(`without a type: ${line}`);
    samples.set(metric + labels, Number(value));
  }
  return samples;
}

const metricsOf = async (server: TestServer): Promise<Samples> => {
  const { status, headers, body } = await server.get<string>('/metrics', KEY);
  expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  return samplesOf(body);
};
/** Answers are up to two seconds old. */
const settled = (server: TestServer, name: string, value: number) =>
  eventually(async () => {
    const samples = await metricsOf(server);
    return samples.get(`moviemind_${name}`) === value && samples;
  });

describe('the metrics', () => {
  let model: StubModel;
  let receiver: Receiver;
  let stub: Settings;
  let server: TestServer;

  beforeAll(async () => {
    model = await StubModel.start();
    receiver = await Receiver.start();
    stub = {
      ADMIN_TOKEN: TOKEN,
      OPENAI_API_KEY: 'key-0123456789',
      OPENAI_BASE_URL: model.url,
      WEBHOOK_ALLOW_PRIVATE: 'true',
    };
    server = await TestServer.start(stub);
  });

  afterAll(async () => {
    await server.stop();
    await Promise.all([model.stop(), receiver.stop()]);
  });

  it('are for operators only, though everything else is open', async () => {
    expect((await server.get('/metrics')).status).toBe(401);
    expect((await server.get('/metrics', { authorization: 'Bearer a-long-enough-wrong-token' })).status).toBe(401);
  });

  it('are there from the beginning, at 0: an alert on what grows sees the first one', async () => {
    const samples = await metricsOf(server);
    const counted = [...samples].filter(([name]) =>
      /^moviemind_(jobs_|retries|model_|texts_|gate_|webhook|crash|claims)/.test(name),
    );
    expect(new Set(counted.map(([, value]) => value))).toEqual(new Set([0]));
    for (const name of [
      'jobs_finished_total{entity="PERSON",status="FAILED"}',
      'jobs_failed_total{entity="MOVIE",type="NOT_FOUND"}',
      'retries_total{entity="MOVIE",type="UNKNOWN_ERROR"}',
      'model_calls_total{entity="MOVIE",outcome="AI_REFUSED"}',
      'texts_written_total{entity="MOVIE",prompt_version="v2"}',
      'gate_stops_total{gate="sameness",outcome="repaired",prompt_version="v1"}',
      'gate_stops_total{gate="identity",outcome="refused",prompt_version="v2"}',
      'webhook_attempts_total{outcome="FAILED"}',
      'log_lines_dropped_total',
      'http_defects_total',
      'job_wait_seconds_bucket{entity="MOVIE",le="14400"}',
      'store_duration_seconds_count{entity="PERSON"}',
    ])
      expect([name, samples.get(`moviemind_${name}`)]).toEqual([name, 0]);
  });

  it('count what became of jobs, tries, tokens, messages and crashes', async () => {
    model.script('Second Time', { kind: 'status', status: 500 });
    // The model answered, and not what was wanted: its tokens are spent all the same. Asked once more, it refuses.
    model.script('Never', { kind: 'content', content: '[]' }, { kind: 'status', status: 400 });
    for (const title of ['At Once', 'Second Time', 'Never'])
      await server.generate('movies', { title, release_year: 2000 });
    await server.generate('people', { name: 'A Person', webhook_url: receiver.url('/told') });
    const samples = await settled(server, 'jobs_finished_total{entity="PERSON",status="DONE"}', 1);
    const of = (name: string) => samples.get(`moviemind_${name}`);
    expect(of('jobs_accepted_total{entity="MOVIE"}')).toBe(3);
    expect(of('jobs_finished_total{entity="MOVIE",status="DONE"}')).toBe(2);
    expect(of('jobs_finished_total{entity="MOVIE",status="FAILED"}')).toBe(1);
    expect(of('jobs_failed_total{entity="MOVIE",type="AI_API_ERROR"}')).toBe(1);
    expect(of('retries_total{entity="MOVIE",type="AI_API_ERROR"}')).toBe(1);
    expect(of('texts_written_total{entity="MOVIE",prompt_version="v1"}')).toBe(2);
    const stops = [...samples].filter(([name, count]) => name.startsWith('moviemind_gate_stops_total') && count > 0);
    expect(stops).toEqual([
      [expect.stringMatching(/\{gate="(json|schema)",outcome="refused",prompt_version="v1"\}$/), 1],
    ]);
    expect(of('model_calls_total{entity="MOVIE",outcome="DONE"}')).toBe(2);
    expect(of('model_calls_total{entity="MOVIE",outcome="AI_API_ERROR"}')).toBe(2);
    const [usage] = await server.rows<{ tokens: number }>(
      `SELECT sum((usage ->> 'input_tokens')::int)::int AS tokens FROM generation_jobs WHERE entity = 'MOVIE'`,
    );
    expect(of('model_tokens_total{direction="input",entity="MOVIE"}')).toBe(usage!.tokens);
    expect(usage!.tokens).toBe(3 * 321);
    expect(of('generation_duration_seconds_count{entity="MOVIE"}')).toBe(4);
    const timed = ['job_wait', 'job_duration', 'model_call_duration', 'store_duration'].map((name) =>
      of(`${name}_seconds_count{entity="MOVIE"}`),
    );
    // Claims; jobs that are done; calls, one of them a repair; results that were stored.
    expect(timed).toEqual([4, 2, 5, 2]);
    expect(of('job_duration_seconds_sum{entity="MOVIE"}')).toBeGreaterThan(
      of('model_call_duration_seconds_sum{entity="MOVIE"}')! / 5,
    );
    await settled(server, 'webhook_attempts_total{outcome="DELIVERED"}', 1);
    const buckets = [...samples].filter(([name]) =>
      name.startsWith('moviemind_generation_duration_seconds_bucket{entity="MOVIE"'),
    );
    expect(buckets).toHaveLength(11);
    expect(of('generation_duration_seconds_bucket{entity="MOVIE",le="+Inf"}')).toBe(4);
    expect(of('generation_duration_seconds_sum{entity="MOVIE"}')).toBeGreaterThan(0);
    expect(of('jobs{queue="movies",state="failed"}')).toBe(1);
  });

  it('are kept by the time they were counted, step by step, also once they are old or the job is retried', async () => {
    interface Step {
      at: string;
      accepted: number;
      done: number;
      failed: number;
      input_tokens: number;
    }
    const activity = (query: string) =>
      server.get<{ step_seconds: number; results: Step[] }>(`/admin/activity${query}`, KEY);
    const sum = (steps: Step[], name: Exclude<keyof Step, 'at'>) =>
      steps.reduce((total, step) => total + step[name], 0);
    const insert = `INSERT INTO counter_gains (at, name, labels, value) VALUES
      (date_bin('5 minutes', now() - interval '30 hours', 'epoch'), 'jobs_finished_total',
        '{"entity":"MOVIE","status":"FAILED"}', 7),
      (now() - interval '400 hours', 'jobs_finished_total', '{"entity":"MOVIE","status":"FAILED"}', 9)`;
    await server.rows(insert);
    const films = (await activity('?hours=1&entity=MOVIE')).body;
    expect([films.step_seconds, films.results.length]).toEqual([300, 12]);
    const made = (['accepted', 'done', 'failed', 'input_tokens'] as const).map((name) => sum(films.results, name));
    expect(made).toEqual([3, 2, 1, 3 * 321]);
    expect(sum((await activity('?hours=1')).body.results, 'done')).toBe(3);
    for (const [hours, step, failed] of [
      [6, 300, 1],
      [24, 900, 1],
      [72, 3600, 8],
      [168, 7200, 8],
    ] as const) {
      const { body } = await activity(`?hours=${hours}`);
      const places = body.results.map(({ at }) => Date.parse(at) / 1000);
      expect([body.step_seconds, places.length, sum(body.results, 'failed')]).toEqual([
        step,
        (hours * 3600) / step,
        failed,
      ]);
      expect(places.every((at, place) => at % step === 0 && at === places[0]! + place * step)).toBe(true);
    }
    for (const wrong of ['?hours=0', '?hours=169', '?hours=1.5', '?entity=BOOK', '?days=1'])
      expect([wrong, (await activity(wrong)).status]).toEqual([wrong, 422]);
  });

  it('count a job that an operator puts in line again, and one that lost its worker, as what they are', async () => {
    const before = await metricsOf(server);
    const [failed] = await server.rows<{ id: string }>(`SELECT id FROM generation_jobs WHERE status = 'FAILED'`);
    // It is timed from its retry on, and not from its request.
    await server.rows(`UPDATE generation_jobs SET created_at = created_at - interval '1 day' WHERE id = $1`, [
      failed!.id,
    ]);
    expect((await server.send('POST', `/jobs/${failed!.id}/retry`)).status).toBe(202);
    await eventually(async () => (await server.finished(failed!.id)).status === 'DONE');
    await insertJob(server.db, { title: 'Crashed Film', status: 'IN_PROGRESS', lease_expires_at: ago(1) });
    const finished = 'jobs_finished_total{entity="MOVIE",status="DONE"}';
    const samples = await settled(server, finished, before.get(`moviemind_${finished}`)! + 2);
    expect(samples.get('moviemind_crashes_recovered_total{entity="MOVIE"}')).toBe(1);
    expect(samples.get('moviemind_job_duration_seconds_sum{entity="MOVIE"}')).toBeLessThan(3600);
    expect(samples.get('moviemind_job_wait_seconds_sum{entity="MOVIE"}')).toBeLessThan(3600);
    const retries = 'moviemind_retries_total{entity="MOVIE",type="AI_API_ERROR"}';
    expect(samples.get(retries)).toBe(before.get(retries));
  });

  it('time requests by the template of their route, never by what a client writes', async () => {
    const id = '019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b';
    await server.get(`/jobs/${id}`);
    await server.get('/nowhere/secret-path');
    const { body } = await server.get<string>('/metrics', KEY);
    const samples = samplesOf(body);
    const count = (labels: string) => samples.get(`moviemind_http_request_duration_seconds_count{${labels}}`);
    expect(count('method="GET",route="/jobs/:id",status="404"')).toBe(1);
    expect(count('method="GET",route="unmatched",status="404"')).toBe(1);
    expect(body).not.toContain(id);
    expect(body).not.toContain('secret-path');
  });

  it('tell queues, workers and services, and the process', async () => {
    const expected: [string, number][] = [
      ['postgres_up', 1],
      ['queue_depth{queue="movies",state="waiting"}', 0],
      ['queue_paused{queue="people"}', 0],
      ['workers_alive{queue="movies"}', 1],
      ['oldest_waiting_seconds{queue="movies"}', 0],
      ['dispatch_lag_seconds{queue="movies"}', 0],
      ['workers_silent', 0],
      [`build_info{version="${version}",node="${process.versions.node}",role="all",queue="${DRIVER}"}`, 1],
    ];
    const samples = await metricsOf(server);
    for (const [name, value] of expected) expect([name, samples.get(`moviemind_${name}`)]).toEqual([name, value]);
    expect(samples.get('moviemind_redis_up')).toBe(DRIVER === 'redis' ? 1 : undefined);
    expect(samples.get('moviemind_process_resident_memory_bytes')).toBeGreaterThan(1e7);
    expect(samples.get('moviemind_postgres_connections')).toBeGreaterThan(0);
    expect(samples.get('moviemind_daily_tokens_used')).toBeGreaterThan(0);
    expect([...samples.keys()].filter((name) => /backup_age|daily_tokens_budget/.test(name))).toEqual([]);
    await server.post('/admin/backups', { finished_at: '2h' }, KEY);
    await server.send('POST', '/admin/queues/people/pause', KEY);
    const later = await settled(server, 'queue_paused{queue="people"}', 1);
    expect(Math.round(later.get('moviemind_backup_age_seconds')! / 3600)).toBe(2);
    await server.send('POST', '/admin/queues/people/resume', KEY);
  });

  it('tell of the work of another process', async () => {
    const api = await TestServer.start({ ...stub, ROLE: 'api' });
    const worker = await startWorker(api, stub);
    try {
      await api.generate('movies', { title: 'Elsewhere', release_year: 2000 });
      await worker.end('SIGTERM');
      const samples = await settled(api, 'jobs_finished_total{entity="MOVIE",status="DONE"}', 1);
      expect(samples.get('moviemind_jobs_accepted_total{entity="MOVIE"}')).toBe(1);
      expect(samples.get('moviemind_model_calls_total{entity="MOVIE",outcome="DONE"}')).toBe(1);
      await settled(api, 'workers_alive{queue="movies"}', 0);
    } finally {
      worker.child.kill('SIGKILL');
      await api.stop();
    }
  }, 60_000);

  it('are answered while PostgreSQL and Redis are away, and while they hang', async () => {
    const database = await cloneDatabase();
    const wires = [await Proxy.to(database.url)];
    const redisUrl = process.env.TEST_REDIS_URL!;
    if (DRIVER === 'redis') wires.push(await Proxy.to(redisUrl));
    const settings = { ...stub, ROLE: 'api', ...(DRIVER === 'redis' && { REDIS_URL: wires[1]!.around(redisUrl) }) };
    const one = await TestServer.start(settings, wires[0]!.around(database.url));
    try {
      await settled(one, 'postgres_up', 1);
      for (const kind of ['blackHole', 'cut'] as const) {
        for (const wire of wires) wire.set({ kind });
        const samples = await settled(one, 'postgres_up', 0);
        expect(samples.get('moviemind_redis_up')).toBe(DRIVER === 'redis' ? 0 : undefined);
        expect([...samples.keys()].filter((name) => /moviemind_(jobs|queue_depth)/.test(name))).toEqual([]);
        expect(samples.get('moviemind_process_resident_memory_bytes')).toBeGreaterThan(0);
        for (const wire of wires) wire.set({ kind: 'pass' });
        await settled(one, 'postgres_up', 1);
      }
    } finally {
      await one.stop();
      for (const wire of wires) await wire.stop();
      await database.drop();
    }
  }, 60_000);
});
