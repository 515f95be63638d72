import { version } from 'moviemind-command/node.js';
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { join } from 'node:path';
import pg from 'pg';
import { MIGRATION_LOCK, REDISPATCH_LOCK } from '../src/database/lock-holder.js';
import type { BackupDto, BackupListDto } from '../src/health/backups.dto.js';
import type { DetailDto } from '../src/health/detail.dto.js';
import { describeServer, WITH_MODEL } from './support/server/describe-server.js';
import { ago, fromNow, insertJobs } from './support/ledger/insert-job.js';
import { GREETING, StubModel } from './support/model/stub-model.js';
import { Program } from './support/server/process.js';
import { Proxy } from './support/machines/proxy.js';
import { cloneDatabase, eventually, TestServer } from './support/server/server.js';
import { freePort, OPEN, type RedisServer, startRedis } from './support/machines/services.js';
import { startWorker } from './support/server/worker.js';

const TOKEN = 'a-long-enough-admin-token';
const KEY = { authorization: `Bearer ${TOKEN}` };
const CLI = join(process.cwd(), 'dist/src/cli.js');
/** As somebody would set up a cache. */
const CARELESS = ['--appendonly', 'no', '--maxmemory-policy', 'allkeys-lru', '--maxmemory', '100mb', '--save', ''];

const detailOf = async (server: TestServer) => (await server.get<DetailDto>('/health/detail', KEY)).body;
const settingsFor = (url: string) => ({ ADMIN_TOKEN: TOKEN, QUEUE_CONNECTION: 'redis', REDIS_URL: url });
const doctor = async (server: TestServer, ...args: string[]) => {
  const settings = { MOVIEMIND_URL: server.url, MOVIEMIND_TOKEN: TOKEN };
  const program = new Program(settings, CLI, ['doctor', ...args]);
  const [code, { stdout }] = [await program.exited, program];
  const lines = stdout
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('not seen: '));
  return { code, lines, found: lines.map((line) => line.replace(/^(critical|warning): /, '')), stdout };
};
const codesOf = async (server: TestServer) => (await detailOf(server)).findings.map(({ code }) => code);

describeServer('health in detail', { ADMIN_TOKEN: TOKEN, ...WITH_MODEL }, ({ server, model }) => {
  const redises: RedisServer[] = [];
  const redisWith = async (...extra: string[]) => {
    const redis = await startRedis(undefined, undefined, extra);
    redises.push(redis);
    return redis;
  };

  afterAll(async () => {
    for (const redis of redises) await redis.stop();
  });

  /** Runs `look` against a server on a Redis of its own. */
  const on = async (
    extra: string[],
    look: (one: TestServer) => Promise<void>,
    settings: Record<string, string> = {},
  ) => {
    const { url } = await redisWith(...extra);
    const one = await TestServer.start({ ...settingsFor(url), ...model.settings, ...settings });
    try {
      // It counts as a worker when its connections are there.
      await eventually(async () => (await detailOf(one)).queues?.every(({ workers }) => workers > 0));
      await look(one);
    } finally {
      await one.stop();
    }
  };

  it('is for operators only, though everything else is open', async () => {
    expect((await server.get('/health/detail')).status).toBe(401);
    expect((await server.get('/health/detail', { authorization: `${KEY.authorization}x` })).status).toBe(401);
    expect((await server.get('/health/detail', KEY)).status).toBe(200);
    expect((await server.get('/health/ready')).status).toBe(200);
  });

  it('tells versions, migrations and settings of what is in use', async () => {
    const { version: own, node, postgres, redis, queue_connection, warnings } = await detailOf(server);
    expect([own, node]).toEqual([version, process.versions.node]);
    const [pg] = await server.rows<{ version: string }>(`SELECT current_setting('server_version') AS version`);
    const durability = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' };
    expect(postgres).toMatchObject({ state: 'up', version: pg!.version, durability });
    expect(postgres.migrations).toBe(postgres.migrations_known);
    expect([queue_connection, warnings]).toEqual(['redis', []]);
    expect(redis).toMatchObject({
      state: 'up',
      version: expect.stringMatching(/^\d+\.\d+/),
      password_required: true,
      run_id: expect.stringMatching(/^[\da-f]{40}$/),
      aof_enabled: 'yes',
      appendfsync: 'everysec',
      aof_last_write_status: 'ok',
      save: '3600 1 300 100 60 10000',
      rdb_last_bgsave_status: 'ok',
      maxmemory: 0,
      maxmemory_policy: 'noeviction',
      used_memory: expect.any(Number),
    });
  });

  it('counts jobs, tells how long they have waited, and nothing of a Redis where there is none', async () => {
    const settings = { QUEUE_CONNECTION: 'database', REDIS_URL: '' };
    const one = await TestServer.start({ ADMIN_TOKEN: TOKEN, ROLE: 'api', ...settings });
    const made = { created_at: ago(3600) };
    try {
      await insertJobs(one.db, [
        { ...made, status: 'DONE' },
        { ...made, status: 'CANCELLED' },
        { ...made, status: 'CANCELLED' },
        { ...made, run_at: ago(90) },
        { ...made, run_at: fromNow(3600), wait_seconds: 3600 },
      ]);
      // The row that is due is handed to the queue; a queue that has just been met may be handed it twice.
      const jobs = await eventually(async () => {
        const found = (await detailOf(one)).jobs;
        return found?.dispatch_lag_seconds === 0 && found;
      });
      expect(jobs).toMatchObject({
        counts: { PENDING: 2, IN_PROGRESS: 0, DONE: 1, FAILED: 0, CANCELLED: 2, EXPIRED: 0 },
        counts_estimated: false,
        dispatch_lag_seconds: 0,
      });
      const { postgres, redis, queue_connection, warnings } = await detailOf(one);
      expect(postgres.migrations).toBe(postgres.migrations_known);
      expect([postgres.state, redis, queue_connection]).toEqual(['up', null, 'database']);
      expect(warnings).toEqual([expect.stringMatching(/^No worker is alive, jobs that wait: 1/)]);
      expect(jobs.oldest_waiting_seconds).toBeGreaterThan(89);
      expect(jobs.oldest_waiting_seconds).toBeLessThan(120);
    } finally {
      await one.stop();
    }
  });

  it('tells what was found lost and was repaired', async () => {
    expect((await detailOf(server)).recoveries).toEqual([]);
    const worker = { worker: 'gone:1', lease_token: randomUUID(), started_at: ago(60), lease_expires_at: ago(1) };
    await insertJobs(server.db, [{ ...worker, status: 'IN_PROGRESS', attempts: 1, stage: 'GENERATING' }]);
    const recovered = { kind: 'worker_lost', of: 'jobs', count: 1, last_at: expect.any(String) };
    await eventually(async () => (await detailOf(server)).recoveries!.length > 0);
    expect((await detailOf(server)).recoveries).toEqual([recovered]);
    await server.rows(`UPDATE recoveries SET hour = hour - interval '1 day', last_at = last_at - interval '1 day'`);
    expect((await detailOf(server)).recoveries).toEqual([]);
  });

  it('tells of the last backup that was noted, and warns of an old one where one was ever noted', async () => {
    const note = (body: object) => server.post<BackupDto>('/admin/backups', body, KEY);
    const told = async () => {
      const { backup, warnings } = await detailOf(server);
      return [backup, warnings.filter((line) => line.includes('backup'))] as const;
    };
    expect(await told()).toEqual([null, []]);
    const old = await note({ finished_at: '49h' });
    expect(old).toMatchObject({ status: 201, body: { bytes: null, sha256: null, tool: null, comment: null } });
    expect(await told()).toEqual([old.body, [expect.stringMatching(/^The last backup that was noted is of 20/)]]);
    const facts = { bytes: 9_000_000_000_000_000, sha256: 'a1'.repeat(32), tool: 'pg_dump', comment: 'every day' };
    const last = await note(facts);
    expect(last.body).toMatchObject(facts);
    expect(await told()).toEqual([last.body, []]);
    const { body } = await server.get<BackupListDto>('/admin/backups', KEY);
    expect(body.results).toEqual([last.body, old.body]);
    const wrong = { finished_at: fromNow(3600), bytes: -1, sha256: 'none', tool: '', comment: 'x'.repeat(501) };
    for (const [name, value] of Object.entries(wrong))
      expect([name, (await note({ [name]: value })).status]).toEqual([name, 422]);
    await server.rows(`INSERT INTO backups (id, finished_at)
      SELECT gen_random_uuid(), now() - n * interval '1 hour' FROM generate_series(1, 600) AS n`);
    await note({});
    expect(await server.rows('SELECT count(*)::int FROM backups')).toEqual([{ count: 500 }]);
  });

  it('estimates what is finished in a ledger that is large', async () => {
    await server.rows(
      `INSERT INTO generation_jobs (id, entity, requested_slug, locale, context_tag, request, max_attempts, request_id, status, finished_at, result)
       SELECT gen_random_uuid(), 'MOVIE', 'large-' || n, 'en-US', 'DEFAULT', '{}', 3, repeat('x', 1500),
         CASE WHEN n % 4 = 0 THEN 'CANCELLED' ELSE 'DONE' END, now(), CASE WHEN n % 4 > 0 THEN '{}'::jsonb END
       FROM generate_series(1, 48000) AS n`,
    );
    await server.rows('ANALYZE generation_jobs');
    const { counts, counts_estimated } = (await detailOf(server)).jobs!;
    expect(counts_estimated).toBe(true);
    expect(Math.abs(counts.DONE - 36_000)).toBeLessThan(1800);
    expect(Math.abs(counts.CANCELLED - 12_000)).toBeLessThan(1200);
    expect(counts.EXPIRED).toBe(0);
  });

  it('warns of a Redis that is set up as a cache, one line each, and so does doctor', async () => {
    await on(CARELESS, async (one) => {
      const { warnings, redis } = await detailOf(one);
      expect(redis).toMatchObject({ aof_enabled: 'no', save: '', maxmemory_policy: 'allkeys-lru' });
      expect(warnings).toEqual([
        expect.stringMatching(/append-only file is off/),
        expect.stringMatching(/maxmemory-policy is allkeys-lru/),
        expect.stringMatching(/save is empty/),
      ]);
      expect(await codesOf(one)).toEqual(['redis_aof_off', 'redis_evicts', 'redis_snapshots_off']);
      const { code, lines } = await doctor(one);
      expect([code, lines]).toEqual([1, warnings.map((line) => `warning: ${line}`)]);
      const asJson = await doctor(one, '--json');
      expect([asJson.code, (JSON.parse(asJson.stdout) as DetailDto).warnings]).toEqual([1, warnings]);
    });
  });

  it('warns of an append-only file that is never synced, and of a memory that is almost full', async () => {
    await on(['--appendfsync', 'no', '--maxmemory', '1mb'], async (one) => {
      expect((await detailOf(one)).warnings).toEqual([
        expect.stringMatching(/appendfsync is no/),
        expect.stringMatching(/^Redis: \d+ % of maxmemory is used/),
      ]);
    });
  });

  it('warns of a Redis that wants no password, also where it does not say so', async () => {
    for (const [index, refused] of [[], ['--rename-command', 'ACL', '']].entries())
      await on([...OPEN, ...refused], async (one) => {
        const { redis, warnings } = await detailOf(one);
        expect(redis!.password_required).toBe(false);
        expect(warnings).toEqual([expect.stringMatching(/^Redis wants no password/)]);
        if (index === 0) expect(await doctor(one)).toMatchObject({ code: 1, lines: [`critical: ${warnings[0]}`] });
      });
  });

  it('says unknown where a managed Redis refuses CONFIG, and does not warn of what it cannot know', async () => {
    await on(['--rename-command', 'CONFIG', ''], async (one) => {
      const { redis, warnings } = await detailOf(one);
      expect(redis).toMatchObject({ state: 'up', aof_enabled: 'yes', appendfsync: 'unknown', save: 'unknown' });
      expect(warnings).toEqual([]);
      expect(await doctor(one)).toMatchObject({ code: 0, lines: [expect.stringMatching(/^fine: PostgreSQL .*Redis/)] });
    });
  });

  it('lets a Redis that is a cache only be set up as one', async () => {
    await on(CARELESS, async (one) => expect((await detailOf(one)).warnings).toEqual([]), {
      QUEUE_CONNECTION: 'database',
    });
  });

  it('answers and warns while Redis is away, and while it hangs', async () => {
    const away = await TestServer.start({
      ...model.settings,
      ...settingsFor(`redis://127.0.0.1:${await freePort()}`),
      ROLE: 'api',
    });
    const redis = await redisWith();
    const hanging = await TestServer.start({ ...settingsFor(redis.url), ROLE: 'api' });
    try {
      await eventually(async () => (await detailOf(hanging)).redis!.state === 'up');
      redis.process.kill('SIGSTOP');
      for (const one of [away, hanging]) {
        const started = Date.now();
        const { redis, warnings } = await detailOf(one);
        expect(Date.now() - started).toBeLessThan(2000);
        expect(redis).toMatchObject({ state: 'down', version: 'unknown', used_memory: null });
        expect(warnings[0]).toMatch(/^Redis does not answer/);
      }
    } finally {
      redis.process.kill('SIGCONT');
      await away.stop();
      await hanging.stop();
    }
  });

  /** A session that keeps a lock, as a pooler leaves it behind. */
  const leftBehind = async (lock: number, look: (pid: number) => Promise<void>) => {
    const holder = new pg.Client({ connectionString: server.config.databaseUrl!, application_name: 'somebody' });
    await holder.connect();
    const { rows } = await holder.query<{ pid: number }>('SELECT pg_backend_pid() AS pid, pg_advisory_lock($1)', [
      lock,
    ]);
    try {
      await look(rows[0]!.pid);
    } finally {
      await holder.end();
    }
  };

  it('warns of a lock that keeps the next start waiting, and says who holds it', async () => {
    await leftBehind(MIGRATION_LOCK, async (pid) => {
      const line = new RegExp(
        `^The next start waits: PostgreSQL process ${pid} \\(somebody, idle for \\d+ s\\) holds the lock`,
      );
      const told = async () => (await detailOf(server)).warnings.some((one) => line.test(one));
      await eventually(told);
      expect((await detailOf(server)).postgres.migration_lock).toMatch(/pg_terminate_backend\(\d+\)$/);
      expect(await doctor(server)).toMatchObject({ code: 1, found: [expect.stringMatching(line)] });
    });
    await eventually(async () => (await detailOf(server)).warnings.length === 0);
    expect((await detailOf(server)).postgres.migration_lock).toBeNull();
  });

  it('tells of a lock that keeps everybody from filling a Redis that lost everything', async () => {
    const redis = new Redis(process.env.TEST_REDIS_URL!);
    const marker = `${server.config.queuePrefix}:whole-since`;
    try {
      await leftBehind(REDISPATCH_LOCK, async (pid) => {
        await redis.del(marker);
        const line = new RegExp(`^Standing still .*queue-watch.* \\(PostgreSQL process ${pid} \\(somebody, idle`);
        await eventually(async () => (await detailOf(server)).warnings.some((one) => line.test(one)), 45_000);
      });
      await eventually(async () => (await redis.get(marker)) !== null);
      await eventually(async () => (await detailOf(server)).warnings.length === 0);
    } finally {
      redis.disconnect();
    }
  }, 90_000);

  it('doctor wants the key', async () => {
    const program = new Program({ MOVIEMIND_URL: server.url }, CLI, ['doctor']);
    expect(await program.exited).toBe(2);
    expect(program.output).toMatch(/wants a key/);
  });

  it('logs the same once at the start, and again when Redis comes back with other settings', async () => {
    const database = await cloneDatabase();
    const port = await freePort();
    const first = await startRedis(port, undefined, ['--save', '']);
    const program = new Program({
      ...settingsFor(first.url),
      DATABASE_URL: database.url,
      QUEUE_PREFIX: new URL(database.url).pathname.slice(1),
      LOG_LEVEL: 'warn',
    });
    const told = (what: string) => program.output.split(what).length - 1;
    let running = first;
    const restartWith = async (...extra: string[]) => {
      await running.stop();
      await eventually(async () => told('Redis is away') > 0);
      running = await startRedis(port, undefined, extra);
    };
    try {
      await program.ready();
      await eventually(async () => told('save is empty') === 1);
      await restartWith('--save', '');
      await restartWith('--maxmemory-policy', 'allkeys-lru');
      await eventually(async () => told('maxmemory-policy is allkeys-lru') === 1);
      expect(told('save is empty')).toBe(1);
    } finally {
      await program.end('SIGTERM');
      await running.stop();
      await database.drop();
    }
  });
});

/** An API with a database of its own, and a model for its workers. */
interface Place {
  api: TestServer;
  model: StubModel;
}

async function inPlace(look: (place: Place) => Promise<void>): Promise<void> {
  const model = await StubModel.start();
  let api: TestServer | undefined;
  try {
    api = await TestServer.start({ ADMIN_TOKEN: TOKEN, ROLE: 'api' });
    await look({ api, model });
  } finally {
    await api?.stop();
    await model.stop();
  }
}

/** What doctor says once there is something to say. */
async function told({ api }: Place, line: RegExp): Promise<string[]> {
  await eventually(async () => (await detailOf(api)).warnings.some((one) => line.test(one)), 45_000);
  const { code, found } = await doctor(api);
  expect([code, found]).toEqual([1, expect.arrayContaining([expect.stringMatching(line)])]);
  return found;
}

async function withWorker({ api }: Place, settings: Record<string, string>, look: (worker: Program) => Promise<void>) {
  const worker = await startWorker(api, settings);
  try {
    await look(worker);
  } finally {
    await worker.end('SIGTERM');
  }
}

async function isTheMock(place: Place): Promise<void> {
  await withWorker(place, { AI_SERVICE: 'mock' }, async () => {
    expect(await told(place, /mock/)).toEqual([
      expect.stringMatching(/^The mock model writes placeholders .*OPENAI_API_KEY/),
    ]);
  });
  await withWorker(place, place.model.settings, async () => expect(await doctor(place.api)).toMatchObject({ code: 0 }));
  expect(place.model.callsFor(GREETING)).toHaveLength(1);
}

async function refusesOurKey(place: Place): Promise<void> {
  const { api, model } = place;
  model.looks = 401;
  await withWorker(place, model.settings, async (worker) => {
    const line = /The model service answered 401: look at OPENAI_API_KEY/g;
    await eventually(async () => worker.output.match(line));
    expect(worker.output.match(line)).toHaveLength(1);
    expect(await told(place, /watch-model/)).toEqual([
      expect.stringMatching(/^Standing still .*watch-model \(The model service answered 401: .*OPENAI_API_KEY/),
    ]);
    expect(await codesOf(api)).toContain('model_key_refused');
    expect((await api.get('/health/ready')).body.status).toBe('degraded');
    model.looks = 200;
    await eventually(async () => (await detailOf(api)).warnings.length === 0, 45_000);
    expect((await doctor(api)).code).toBe(0);
  });
}

async function isNotThere(place: Place): Promise<void> {
  const gone = { ...place.model.settings, OPENAI_BASE_URL: `http://127.0.0.1:${await freePort()}/v1` };
  await withWorker(place, gone, async () => {
    await told(place, /watch-model \(The connection to the model failed/);
    expect(await codesOf(place.api)).toEqual(['model_unreachable']);
  });
}

async function turnsJobsAway(place: Place): Promise<void> {
  const { api, model } = place;
  model.otherwise({ kind: 'status', status: 402, message: 'Insufficient Balance of key-0123456789' });
  await withWorker(place, { ...model.settings, OPENAI_MODEL: 'no-such-model' }, async (worker) => {
    await eventually(async () =>
      /OPENAI_MODEL: the model service does not list no-such-model; it has/.test(worker.output),
    );
    const { body } = await api.post('/movies/generate', { title: 'Refused', release_year: 2000 });
    const lines = await told(place, /^The model no-such-model is held since/);
    const SAID = 'The model service answered 402: Insufficient Balance of [removed]';
    expect(lines.filter((line) => line.includes(SAID))).toEqual([
      expect.stringMatching(/^The model no-such-model is held since .*queues movies and people wait; the next probe/),
      expect.stringMatching(/^The model no-such-model does not answer a call/),
    ]);
    expect(worker.output).toMatch(/the model is held, no job asks it/);
    model.otherwise({ kind: 'answer' });
    await place.api.rows('UPDATE model_breakers SET next_probe_at = now()');
    expect(await api.finished(body.job_id)).toMatchObject({ status: 'DONE', attempts: 1 });
  });
}

/** What lasts for ten seconds is reported, so each happens in a place of its own, and all of them at the same time. */
describe('who writes the texts', () => {
  const LOOKS: [name: string, look: (place: Place) => Promise<void>][] = [
    ['when it is the mock, on a database of record', isTheMock],
    ['when it does not take our key, until it does', refusesOurKey],
    ['when it is not there', isNotThere],
    ['when it is there and turns jobs away', turnsJobsAway],
  ];
  let looks: Promise<void>[];

  beforeAll(() => {
    looks = LOOKS.map(([, look]) => inPlace(look));
    // A failure is that of the test below, when it is its turn.
    for (const look of looks) look.catch(() => undefined);
  });

  afterAll(() => Promise.allSettled(looks), 120_000);

  it(
    'is missed by doctor when nobody does',
    () =>
      inPlace(async ({ api }) => {
        // On a busy machine Redis may be late once.
        const told = await eventually(async () => {
          const said = await doctor(api);
          return !said.found.some((line) => line.startsWith('Redis does not answer')) && said;
        }, 60_000);
        expect(told).toMatchObject({
          code: 1,
          lines: ['critical: No worker is alive, jobs that wait: 0; start one (ROLE=worker)'],
        });
      }),
    90_000,
  );

  it.each(LOOKS.map(([name], n) => [name, n] as const))('is told by doctor %s', (_, n) => looks[n], 120_000);
});

describe('a server whose PostgreSQL is away or hangs', () => {
  it('is not ready, but alive, and still tells an operator why', async () => {
    const database = await cloneDatabase();
    const proxy = await Proxy.to(database.url);
    const one = await TestServer.start({ ADMIN_TOKEN: TOKEN, ROLE: 'api' }, proxy.around(database.url));
    const ready = async () => {
      const { status, headers, body } = await one.get('/health/ready');
      return [status, headers.get('content-type')?.split(';')[0], headers.get('retry-after'), body.status];
    };
    const unready = [503, 'application/problem+json', expect.stringMatching(/^\d+$/), 503];
    try {
      for (const kind of ['cut', 'blackHole'] as const) {
        proxy.set({ kind });
        const asked = performance.now();
        const [live, answer, detail] = await Promise.all([one.get('/health/live'), ready(), detailOf(one)]);
        expect([live.status, live.body]).toEqual([200, { status: 'ok' }]);
        expect(answer).toEqual(unready);
        expect([detail.postgres.state, detail.recoveries, detail.backup]).toEqual(['down', null, null]);
        expect(detail.warnings).toContainEqual(expect.stringMatching(/^PostgreSQL does not answer/));
        // What asks gives up in the end, and takes the process for dead.
        expect(performance.now() - asked).toBeLessThan(10_000);
        proxy.set({ kind: 'pass' });
        await eventually(async () => (await ready())[0] === 200);
      }
      const [last] = await one.rows(
        'DELETE FROM migrations WHERE id = (SELECT max(id) FROM migrations) RETURNING timestamp, name',
      );
      expect(await ready()).toEqual(unready);
      expect((await detailOf(one)).warnings).toContainEqual(expect.stringMatching(/migrations are missing/));
      // That of a newer program does not stand for the missing one; beside it, it is told.
      const add = 'INSERT INTO migrations (timestamp, name) VALUES ($1, $2)';
      await one.rows(add, [9999999999999, 'Future9999999999999']);
      expect(await ready()).toEqual(unready);
      await one.rows(add, [last!.timestamp, last!.name]);
      expect((await ready())[0]).toBe(200);
      const served = await detailOf(one);
      expect(served.warnings).toContainEqual(expect.stringMatching(/a newer program has migrated it, which serves/));
      expect(served.postgres.least_program).toBeNull();
    } finally {
      await one.stop();
      await proxy.stop();
      await database.drop();
    }
  }, 60_000);
});
