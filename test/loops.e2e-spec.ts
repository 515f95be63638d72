import { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import type { DetailDto, LoopDto } from '../src/health/detail.dto.js';
import { ALL_QUEUES } from '../src/domain/queues.js';
import { type LoopName, workOn } from '../src/timing/loop-names.js';
import { Program } from './support/server/process.js';
import { cloneDatabase, eventually, TestServer } from './support/server/server.js';
import { type RedisServer, startRedis } from './support/machines/services.js';
import { startWorker } from './support/server/worker.js';

const TOKEN = 'a-long-enough-admin-token';
const KEY = { authorization: `Bearer ${TOKEN}` };
const CLI = join(process.cwd(), 'dist/src/cli.js');
/** Ten seconds are what is told; the rest is for a busy machine. */
const SEEN_WITHIN_MS = 45_000;
/** What the queue on PostgreSQL lacks without its schema, and a user of Redis with these rights only. */
const REFUSED =
  DRIVER === 'redis'
    ? /^NOPERM .*(evalsha|eval|get)/
    : /^function [a-z_]+\(.*\) does not exist|^relation "\w+" does not exist/;
/** What asks the server of the queue. */
const OF_QUEUE: LoopName[] = [
  ...(['dispatch-jobs', 'dispatch-webhooks', 'sweep-jobs', 'sweep-webhooks'] as const),
  ...ALL_QUEUES.map(workOn),
  ...(DRIVER === 'redis' ? (['queue-watch', 'status-cache', 'rate-limits'] as const) : []),
];

/** Something that breaks, and what stands still by it. */
interface Round {
  what: string;
  loops: LoopName[];
  reason: RegExp;
  damage: () => Promise<unknown>;
  /** Gives those something to do that run only then; again and again. */
  provoke: () => Promise<unknown>;
  repair: () => Promise<unknown>;
  /** Whether the database takes no connections meanwhile. */
  closed?: boolean;
}

describe('what goes on by itself', () => {
  let database: Awaited<ReturnType<typeof cloneDatabase>>;
  let redis: RedisServer | undefined;
  let rights: Redis | undefined;
  let server: TestServer;
  /** Beside the server's database, which closes to new connections at times; and one that holds a lock. */
  let outside: pg.Client;
  let holder: pg.Client;
  let settings: Record<string, string>;
  const watcher = new AbortController();

  const detail = async (one = server) => (await one.get<DetailDto>('/health/detail', KEY)).body;
  const standing = (loops: LoopDto[]) => loops.filter(({ standing_since }) => standing_since !== null);
  const submit = (title: string) =>
    server.post('/movies/generate', { title, release_year: 2000 }).catch(() => undefined);

  const connect = async (url: string) => {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };

  beforeAll(async () => {
    database = await cloneDatabase();
    const admin = new URL(database.url);
    admin.pathname = '/postgres';
    outside = await connect(admin.href);
    // So that a lock is a refusal at once.
    await outside.query(`ALTER DATABASE ${databaseName()} SET lock_timeout = '500ms'`);
    holder = await connect(database.url);
    if (DRIVER === 'redis') {
      redis = await startRedis();
      rights = new Redis(redis.url);
      await rights.call('ACL', 'SETUSER', 'mover', 'on', '>secret-word', '~*', '&*', '+@all');
    }
    settings = {
      ADMIN_TOKEN: TOKEN,
      RATE_LIMIT_GENERATE: '100000',
      RATE_LIMIT_POLL: '100000',
      WEBHOOK_ALLOW_PRIVATE: 'true',
      MOCK_LATENCY_MS: '2000',
      ...(redis && { REDIS_URL: redis.url.replace(/\/\/.*@/, '//mover:secret-word@') }),
    };
    server = await TestServer.start(settings, database.url);
  }, 60_000);

  afterAll(async () => {
    await server?.stop();
    await holder?.end();
    await outside?.end();
    rights?.disconnect();
    await redis?.stop();
    await database?.drop();
  });

  const databaseName = () => new URL(database.url).pathname.slice(1);

  /**
   * A job that waits for the dispatcher, one that has been in the queue for a minute, and a message to a webhook
   * each.
   */
  const insertWaiting = () =>
    server.rows(
      `WITH jobs AS (
         INSERT INTO generation_jobs (id, entity, requested_slug, locale, context_tag, request, max_attempts, request_id, created_at, run_at, dispatched_at)
         SELECT gen_random_uuid(), 'MOVIE', 'waits-' || (random() * 1e9)::int, 'en-US', 'DEFAULT', '{"subject":"Waits","year":2000}', 3, 'test',
           now() - interval '1 hour', now() - interval '1 minute', dispatched_at
         FROM (VALUES (NULL), (now() - interval '1 minute')) AS one (dispatched_at) RETURNING id, dispatched_at),
       hooks AS (
         INSERT INTO job_webhooks (id, job_id, url, events)
         SELECT gen_random_uuid(), id, 'http://127.0.0.1:9/none', '{job.started}' FROM jobs RETURNING id, job_id)
       INSERT INTO webhook_deliveries (id, webhook_id, run, event, job_status, dispatched_at)
       SELECT gen_random_uuid(), hooks.id, 77, 'job.started', 'IN_PROGRESS', jobs.dispatched_at FROM hooks JOIN jobs ON jobs.id = hooks.job_id`,
    );
  const sendAgain = () =>
    server.rows(
      `UPDATE webhook_deliveries SET run_at = now(), dispatched_at = NULL, dispatch = dispatch + 1, in_hand = false WHERE status = 'PENDING'`,
    );
  const AWAY = ['sweeps', 'counters', 'workers', 'rate_limits', 'webhook_disabled_endpoints'];
  const rename = (from: string, to: string) =>
    server.rows(
      `${AWAY.map((table) => `ALTER TABLE ${table}${from} RENAME TO ${table}${to};`).join(' ')}
       ALTER FUNCTION pg_notify${from}(text, text) RENAME TO pg_notify${to}`,
    );
  const open = (yes: boolean) => outside.query(`ALTER DATABASE ${databaseName()} ALLOW_CONNECTIONS ${yes}`);
  const allow = (...rules: string[]) => rights!.call('ACL', 'SETUSER', 'mover', ...rules);

  const withoutKeys: Round = {
    what: 'the user of Redis has no right to its keys any more',
    loops: OF_QUEUE,
    reason: /^NOPERM .*key/,
    damage: async () => {
      await allow('resetkeys', '~others:*');
      await insertWaiting();
    },
    provoke: () => server.get(`/jobs/${randomUUID()}`),
    repair: () => allow('allkeys'),
  };

  const rounds: Round[] = [
    {
      what: 'the server of the queue refuses what it is asked',
      loops: OF_QUEUE,
      reason: REFUSED,
      damage: async () => {
        await (rights ? allow('-evalsha', '-eval', '-get') : server.rows('ALTER SCHEMA bullmq RENAME TO bullmq_away'));
        await insertWaiting();
      },
      provoke: () => server.get(`/jobs/${randomUUID()}`),
      repair: () => (rights ? allow('+@all') : server.rows('ALTER SCHEMA bullmq_away RENAME TO bullmq')),
    },
    ...(DRIVER === 'redis' ? [withoutKeys] : []),
    {
      what: 'PostgreSQL lacks what they use',
      loops: [
        ...(['housekeeping', 'counters', 'heartbeat', 'rate-limits', 'sweep-webhooks'] as const),
        ...(['run-webhooks', 'announce-changes'] as const),
      ],
      reason: /does not exist$/,
      damage: async () => {
        await insertWaiting();
        await rename('', '_away');
      },
      provoke: () => Promise.all([submit('Provoked'), sendAgain()]),
      repair: () => rename('_away', ''),
    },
    {
      what: 'a lock is held, and nobody may connect any more',
      loops: ['renew-leases', 'run-jobs', 'watch-jobs', 'listen-to-changes'],
      closed: true,
      reason: /timeout|not currently accepting connections|waits for an answer|no answer within/,
      damage: async () => {
        const accepted = await submit('Held');
        const id = accepted!.body.job_id;
        await eventually(async () => (await server.get(`/jobs/${id}`)).body.status === 'IN_PROGRESS');
        // Read to its end: a held poll, and with it the watch, would end after half a minute.
        const read = async () => (await fetch(`${server.url}/jobs/${id}/events`, { signal: watcher.signal })).text();
        void read().catch(() => undefined);
        await eventually(async () => server.waiting > 0);
        await holder.query('BEGIN; LOCK TABLE generation_jobs IN ACCESS EXCLUSIVE MODE');
        await open(false);
        await outside.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND application_name = 'moviemind-listen'`,
          [databaseName()],
        );
      },
      provoke: async () => undefined,
      repair: () => {
        watcher.abort();
        return Promise.all([holder.query('ROLLBACK'), open(true)]);
      },
    },
  ];

  it('is all of it broken by a test below', async () => {
    const names = (await detail()).loops.map(({ name }) => name);
    expect([...new Set(rounds.flatMap(({ loops }) => loops))].sort()).toEqual([...names].sort());
  });

  it.each(rounds)(
    'stands still for operators to see, with its reason, while $what',
    async ({ loops, reason, damage, provoke, repair, closed = false }) => {
      await eventually(async () => standing((await detail()).loops).length === 0, SEEN_WITHIN_MS);
      await damage();
      try {
        let seen: LoopDto[] = [];
        const all = async () => {
          await provoke();
          seen = standing((await detail()).loops);
          return loops.every((loop) => seen.some(({ name }) => name === loop));
        };
        await eventually(all, 2 * SEEN_WITHIN_MS).catch((error: Error) => {
          throw new Error(`${error.message}: ${JSON.stringify(seen, null, 1)}`);
        });
        for (const loop of seen.filter(({ name }) => loops.includes(name))) {
          expect(loop).toMatchObject({ reason: expect.stringMatching(reason), last_refusal_at: expect.any(String) });
          expect(loop.reason).not.toMatch(/secret-word|SELECT|UPDATE|INSERT/);
        }
        const { warnings } = await detail();
        for (const loop of loops)
          expect(warnings).toContainEqual(
            expect.stringMatching(new RegExp(`^Standing still for \\d+ s .*\\b${loop}\\b`)),
          );
        const metrics = (await server.get<string>('/metrics', KEY)).body;
        for (const loop of loops)
          expect(metrics).toMatch(new RegExp(`^moviemind_loop_standing\\{loop="${loop}"\\} 1$`, 'm'));
        const ready = await server.get('/health/ready');
        // Where nobody may connect it may find no connection either.
        expect([[200, 'degraded'], ...(closed ? [[503, 503]] : [])]).toContainEqual([ready.status, ready.body.status]);
      } finally {
        await repair();
      }
      // What runs only with something to do is well again once it did.
      await eventually(async () => {
        await provoke();
        return standing((await detail()).loops).length === 0;
      }, 2 * SEEN_WITHIN_MS);
      await eventually(async () => (await server.get('/health/ready')).body.status === 'ok');
    },
    240_000,
  );

  it('is told of a worker, which has no port, by its heartbeat, its log and doctor', async () => {
    const { damage, repair, provoke } = rounds[0]!;
    const worker = await startWorker(server, settings);
    const name = new RegExp(`:${worker.child.pid}$`);
    const own = async () => (await detail()).loops.filter(({ process }) => name.test(process));
    const logged = (what: string) =>
      worker.stdout.split('\n').filter((line) => line.includes(`"msg":"${what}"`) && line.includes('"work-movies"'))
        .length;
    try {
      await eventually(async () => (await own()).some(({ last_success_at }) => last_success_at));
      await damage();
      await eventually(async () => standing(await own()).some(({ name }) => name === 'work-movies'), SEEN_WITHIN_MS);
      expect(standing(await own()).map(({ reason }) => reason)).toContainEqual(expect.stringMatching(REFUSED));
      const doctor = new Program({ MOVIEMIND_URL: server.url, MOVIEMIND_TOKEN: TOKEN }, CLI, ['doctor']);
      expect(await doctor.exited).toBe(1);
      expect(doctor.stdout).toMatch(
        new RegExp(`^Standing still for \\d+ s in \\S+:${worker.child.pid}: .*work-movies`, 'm'),
      );
      expect([logged('stands still'), logged('goes on again')]).toEqual([1, 0]);
      await repair();
      await eventually(async () => logged('goes on again') === 1, SEEN_WITHIN_MS);
      await eventually(async () => {
        await provoke();
        return standing((await detail()).loops).length === 0;
      }, 2 * SEEN_WITHIN_MS);
    } finally {
      await repair().catch(() => undefined);
      await worker.end('SIGTERM');
    }
  }, 240_000);
});
