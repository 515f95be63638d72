import { version } from 'moviemind-command/node.js';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Program } from './support/server/process.js';
import { cloneDatabase, eventually } from './support/server/server.js';
import { readLine } from './support/document/shell.js';
import { Proxy } from './support/machines/proxy.js';
import { StubModel } from './support/model/stub-model.js';

const ALIVE = join(process.cwd(), 'bin/alive.js');

const json = async <T>(response: Promise<Response>) => (await (await response).json()) as T;
const submit = (url: string, title: string) =>
  json<{ job_id: string }>(
    fetch(`${url}/movies/generate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title, release_year: 2000 }),
    }),
  );
const finished = (url: string, id: string) =>
  eventually(async () => {
    const job = await json<{ status: string; attempts: number; finished_at: string | null }>(
      fetch(`${url}/jobs/${id}`),
    );
    // Right after a crash the answer may be a 503, which has no such field.
    return job.finished_at ? job : null;
  });
const onDriver = (): Record<string, string> => ({
  QUEUE_CONNECTION: DRIVER,
  ...(DRIVER === 'redis' && {
    REDIS_URL: process.env.TEST_REDIS_URL!,
    QUEUE_PREFIX: `start-${Math.random().toString(36).slice(2)}`,
  }),
});

/** Sends the request of the banner as it is printed. @returns the status of the answer */
async function sendPrinted(output: string, url: string, variables: Record<string, string> = {}): Promise<number> {
  const line = /^ +(curl .*)$/m.exec(output)![1]!;
  expect(line).toContain(` ${url}/`);
  const { method, path, headers, body } = readLine(line.replace(url, 'localhost:3000'), variables);
  return (await fetch(url + path, { method, headers, body })).status;
}

describe('on the embedded database', () => {
  const folder = mkdtempSync(join(tmpdir(), 'moviemind-start-'));
  const data = join(folder, 'data');
  const settings = { DATA_DIR: data, ...onDriver() };
  const postgresPid = () => Number(readFileSync(join(data, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);
  const isAlive = (pid: number) => existsSync(`/proc/${pid}`);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('starts from nothing, writes a film, and stops clean on Ctrl-C with PostgreSQL', async () => {
    const program = new Program(settings);
    const url = await program.ready();
    for (const told of [
      'docs',
      'embedded PostgreSQL',
      'BullMQ on',
      'mock',
      'DATABASE_URL',
      'REDIS_URL',
      'OPENAI_API_KEY',
    ]) {
      expect(program.output).toContain(told);
    }
    expect(program.output).toMatch(new RegExp(`^  version +${version} on Node ${process.versions.node}$`, 'm'));
    expect(program.output).toMatch(new RegExp(`"msg":"started","version":"${version}","node":"[\\d.]+","role":"all"`));
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await sendPrinted(program.output, url)).toBe(202);
    const { job_id } = await submit(url, 'First Start');
    expect((await finished(url, job_id)).status).toBe('DONE');
    const pid = postgresPid();
    expect(await program.end('SIGINT')).toBe(0);
    expect(isAlive(pid)).toBe(false);
  }, 90_000);

  it('keeps its data between starts, and takes over after kill -9', async () => {
    const program = new Program(settings);
    const url = await program.ready();
    expect((await fetch(`${url}/movies/first-start-2000`)).status).toBe(200);
    const { job_id } = await submit(url, 'Before The Kill');
    await finished(url, job_id);
    const orphan = postgresPid();
    await program.end('SIGKILL');
    expect(isAlive(orphan)).toBe(true);
    const next = new Program(settings);
    const nextUrl = await next.ready();
    expect((await fetch(`${nextUrl}/movies/before-the-kill-2000`)).status).toBe(200);
    expect(isAlive(orphan)).toBe(false);
    expect(await next.end('SIGTERM')).toBe(0);
  }, 120_000);

  it('says in one line that it already runs there, and that a port is in use', async () => {
    const first = new Program(settings);
    const url = await first.ready();
    const second = new Program(settings);
    expect(await second.exited).toBe(1);
    const line = `already runs in ${data}: kill ${first.child.pid} stops it, or set DATA_DIR`;
    expect(second.output.trim()).toMatch(/^MovieMind cannot start: .*$/);
    expect(second.output).toContain(line);
    const other = new Program({ ...settings, DATA_DIR: join(folder, 'other'), PORT: new URL(url).port });
    expect(await other.exited).toBe(1);
    expect(other.output.trim()).toMatch(/^MovieMind cannot start: port \d+ is in use: .*PORT.*$/);
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    await first.end('SIGTERM');
  }, 120_000);

  it('starts PostgreSQL again when it dies, and loses nothing', async () => {
    const program = new Program(settings);
    const url = await program.ready();
    process.kill(postgresPid(), 'SIGKILL');
    const accepted = await eventually(async () => {
      const response = await fetch(`${url}/movies/generate`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"title":"After The Crash","release_year":2000}',
      });
      if (response.status === 503) expect(response.headers.get('retry-after')).not.toBeNull();
      expect([202, 503]).toContain(response.status);
      return response.status === 202 ? ((await response.json()) as { job_id: string }) : null;
    }, 40_000);
    expect((await eventually(() => finished(url, accepted.job_id), 40_000)).status).toBe('DONE');
    expect(await program.end('SIGTERM')).toBe(0);
  }, 120_000);

  it('says in one line that the data folder cannot be written', async () => {
    const program = new Program({ ...settings, DATA_DIR: '/dev/null/data' });
    expect(await program.exited).toBe(1);
    expect(program.output.trim()).toMatch(/^MovieMind cannot start: cannot write to the data folder \S+ \(.*\): .*$/);
  });
});

describe('settings', () => {
  const WRONG: [name: string, settings: Record<string, string>, line: RegExp][] = [
    ['a port that is no number', { PORT: 'abc' }, /PORT: takes an integer 0\.\.65535/],
    ['an unknown role', { ROLE: 'both' }, /ROLE/],
    ['a database URL of another kind', { DATABASE_URL: 'mysql://me:hush@x/y' }, /DATABASE_URL: takes a URL postgres/],
    ['a queue on a Redis that is not set', { QUEUE_CONNECTION: 'redis' }, /needs REDIS_URL/],
    [
      'two ways to one Redis',
      { REDIS_URL: 'redis://127.0.0.1', REDIS_CLUSTER_NODES: '127.0.0.1:1' },
      /exclude each other/,
    ],
    ['Sentinels without a name', { REDIS_SENTINELS: '127.0.0.1:26379' }, /REDIS_SENTINEL_NAME/],
    ['a model without a key', { AI_SERVICE: 'openai' }, /OPENAI_API_KEY/],
    ['too short an admin token', { ADMIN_TOKEN: 'short' }, /ADMIN_TOKEN takes at least 16/],
    ['a split role on the embedded database', { ROLE: 'worker' }, /ROLE=worker needs DATABASE_URL/],
    ['a proxy that is no address', { TRUSTED_PROXIES: '10.0.0.0/8,proxy.local' }, /TRUSTED_PROXIES: takes addresses/],
    ['trust in everybody', { TRUSTED_PROXIES: '0.0.0.0/0' }, /TRUSTED_PROXIES: takes addresses/],
    ['a limit that is no number', { RATE_LIMIT_POLL: 'none' }, /RATE_LIMIT_POLL: takes an integer/],
    ['a bad percent sign', { DATABASE_URL: 'postgres://u:hush%@x/y' }, /DATABASE_URL: has a % that .*write %25/],
    ['a bad percent sign for Redis', { REDIS_URL: 'redis://:hush%@x' }, /REDIS_URL: has a % that .*write %25/],
    ['a name without Sentinels', { REDIS_SENTINEL_NAME: 'primary' }, /REDIS_SENTINEL_NAME needs REDIS_SENTINELS/],
    ['zero tries', { GENERATION_TRIES: '0' }, /GENERATION_TRIES: takes an integer 1\.\.10/],
  ];

  it.each(WRONG)('refuses %s with one line', async (_, settings, line) => {
    const program = new Program(settings);
    expect(await program.exited).toBe(1);
    expect(program.output.trim().split('\n')).toHaveLength(1);
    expect(program.output).toMatch(line);
    expect(program.output).toMatch(/^MovieMind cannot start: /);
    expect(program.output).not.toContain('hush');
  });
});

describe('as separate processes', () => {
  let model: StubModel;
  let database: Awaited<ReturnType<typeof cloneDatabase>>;
  let programs: Program[] = [];

  beforeAll(async () => {
    model = await StubModel.start();
    database = await cloneDatabase();
  });

  afterEach(async () => {
    await Promise.all(programs.map((program) => program.end('SIGKILL')));
    programs = [];
  });

  afterAll(async () => {
    await model.stop();
    await database.drop();
  });

  const start = (settings: Record<string, string>) => {
    const program = new Program({
      DATABASE_URL: database.url,
      OPENAI_API_KEY: 'key-0123456789',
      OPENAI_BASE_URL: model.url,
      AUTH_REQUIRED: 'false',
      GENERATION_BACKOFF_MS: '50',
      ...settings,
    });
    programs.push(program);
    return program;
  };

  it('a server that was told nothing of keys asks for one, and logs only what it was told to', async () => {
    const token = 'a-long-enough-admin-token';
    const server = start({ ...onDriver(), AUTH_REQUIRED: '', ADMIN_TOKEN: token, LOG_LEVEL: 'error' });
    const url = await server.ready();
    const body = { method: 'POST', body: '{"title":"Asked For A Key","release_year":2000}' };
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(`${url}/movies/generate`, { ...body, headers })).status).toBe(401);
    expect(await sendPrinted(server.output, url, { ADMIN_TOKEN: token })).toBe(202);
    expect(server.output).not.toContain(token);
    const known = { ...headers, authorization: `Bearer ${token}` };
    expect((await fetch(`${url}/movies/generate`, { ...body, headers: known })).status).toBe(202);
    await eventually(async () => (await fetch(`${url}/movies/asked-for-a-key-2000`)).status === 200);
    expect(server.output).not.toMatch(/"level":"(debug|info|warn)"/);
  }, 120_000);

  it('two APIs and two workers share the work, each job done once', async () => {
    const driver = onDriver();
    const apis = [start({ ROLE: 'api', ...driver }), start({ ROLE: 'api', ...driver })];
    const workers = [start({ ROLE: 'worker', ...driver }), start({ ROLE: 'worker', ...driver })];
    const urls = await Promise.all(apis.map((api) => api.ready()));
    await Promise.all(workers.map((worker) => worker.ready()));
    for (const api of apis) expect(api.output).toContain('AUTH_REQUIRED=false: everybody who reaches this server');
    const accepted = await Promise.all(Array.from({ length: 60 }, (_, n) => submit(urls[n % 2]!, `Shared ${n}`)));
    const jobs = await Promise.all(accepted.map(({ job_id }, n) => finished(urls[(n + 1) % 2]!, job_id)));
    expect(jobs.filter(({ status }) => status !== 'DONE')).toEqual([]);
    for (let n = 0; n < 60; n++) expect(model.callsFor(`Shared ${n}`)).toHaveLength(1);
    for (const worker of workers) expect(worker.output).toContain('"job done"');
  }, 120_000);

  it('a worker says to a probe that it lives: also while PostgreSQL is away, not while it hangs', async () => {
    const token = 'a-long-enough-admin-token';
    const wire = await Proxy.to(database.url);
    const db = new pg.Client({ connectionString: database.url });
    const settings = { ...onDriver(), DATABASE_URL: wire.around(database.url), ADMIN_TOKEN: token };
    const worker = start({ ROLE: 'worker', WORKER_PORT: '0', JOB_LEASE_MS: '1000', ...settings });
    const url = await worker.ready();
    const { port: WORKER_PORT, hostname } = new URL(url);
    const probe = () => new Program({ ROLE: 'worker', WORKER_PORT }, ALIVE).exited;
    const statusOf = async (path: string) => (await fetch(url + path)).status;
    try {
      expect(hostname).toBe('127.0.0.1');
      const paths = ['/health/live', '/health/ready', '/metrics', '/movies', '/health/detail', '/docs'];
      expect(await Promise.all(paths.map(statusOf))).toEqual([200, 200, 401, 404, 404, 404]);
      const metrics = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
      expect(await metrics.text()).toMatch(/^moviemind_build_info\{.*role="worker"/m);
      wire.set({ kind: 'blackHole' });
      await sleep(4000); // more than three leases
      expect([await probe(), await statusOf('/health/ready')]).toEqual([0, 503]);
      wire.set({ kind: 'pass' });
      await db.connect();
      // No heartbeat can be written, though PostgreSQL answers.
      await db.query('BEGIN; LOCK TABLE workers IN ACCESS EXCLUSIVE MODE');
      await eventually(async () => (await statusOf('/health/live')) === 503, 20_000);
      expect(await probe()).toBe(1);
      await db.query('ROLLBACK');
      await eventually(async () => (await statusOf('/health/live')) === 200);
      worker.child.kill('SIGSTOP');
      expect(await probe()).toBe(1);
      worker.child.kill('SIGCONT');
      await eventually(async () => (await probe()) === 0);
    } finally {
      await Promise.all([db.end(), worker.end('SIGKILL')]);
      await wire.stop();
    }
  }, 120_000);

  it('a worker that is told to stop hands its job back at once, and no try is counted', async () => {
    const driver = onDriver();
    const api = start({ ROLE: 'api', ...driver });
    const worker = start({ ROLE: 'worker', ...driver });
    const url = await api.ready();
    await worker.ready();
    model.script('Handed Back', { kind: 'hang' });
    const { job_id } = await submit(url, 'Handed Back');
    await eventually(async () => model.callsFor('Handed Back').length === 1);
    const asked = Date.now();
    expect(await worker.end('SIGTERM')).toBe(0);
    expect(Date.now() - asked).toBeLessThan(10_000);
    await eventually(async () => model.callsFor('Handed Back')[0]!.aborted);
    const waiting = await json<{ status: string; attempts: number }>(fetch(`${url}/jobs/${job_id}`));
    expect(waiting).toMatchObject({ status: 'PENDING', attempts: 0 });
    await start({ ROLE: 'worker', ...driver }).ready();
    expect(await finished(url, job_id)).toMatchObject({ status: 'DONE', attempts: 1 });
  }, 120_000);
});
