import { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import type { DetailDto, LoopDto } from '../src/health/detail.dto.js';
import { ago, insertJobs } from './support/ledger/insert-job.js';
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

/** A server with a database of its own, and with what breaks both. */
class World {
  server: TestServer;
  settings: Record<string, string>;
  readonly watcher = new AbortController();
  private database: Awaited<ReturnType<typeof cloneDatabase>>;
  /** Beside the server's database, which closes to new connections at times; and one in it, that waits for locks. */
  private outside: pg.Client;
  private holder: pg.Client;
  /** Of the server's user at Redis; `undefined`: the queue is on PostgreSQL. */
  rights: Redis | undefined;
  private readonly user = `mover-${randomUUID()}`;

  static async start(redis: RedisServer | undefined): Promise<World> {
    const world = new World();
    world.database = await cloneDatabase();
    const admin = new URL(world.database.url);
    admin.pathname = '/postgres';
    world.outside = await connect(admin.href);
    // So that a lock is a refusal at once.
    await world.outside.query(`ALTER DATABASE ${world.databaseName} SET lock_timeout = '500ms'`);
    world.holder = await connect(world.database.url);
    // What the test itself changes waits for the server's statements to end.
    await world.holder.query("SET lock_timeout = '30s'");
    if (redis) {
      world.rights = new Redis(redis.url);
      await world.allow('on', '>secret-word', '~*', '&*', '+@all');
    }
    world.settings = {
      ADMIN_TOKEN: TOKEN,
      RATE_LIMIT_GENERATE: '100000',
      RATE_LIMIT_POLL: '100000',
      WEBHOOK_ALLOW_PRIVATE: 'true',
      // So long that a job is still being written when its table is locked.
      MOCK_LATENCY_MS: '6000',
      ...(redis && { REDIS_URL: redis.url.replace(/\/\/.*@/, `//${world.user}:secret-word@`) }),
    };
    world.server = await TestServer.start(world.settings, world.database.url);
    return world;
  }

  async stop(): Promise<void> {
    await this.server?.stop();
    await this.holder?.end();
    await this.outside?.end();
    this.rights?.disconnect();
    await this.database?.drop();
  }

  async detail(): Promise<DetailDto> {
    return (await this.server.get<DetailDto>('/health/detail', KEY)).body;
  }

  async standing(): Promise<LoopDto[]> {
    return standing((await this.detail()).loops);
  }

  submit(title: string) {
    return this.server.post('/movies/generate', { title, release_year: 2000 }).catch(() => undefined);
  }

  change(sql: string) {
    return this.holder.query(sql);
  }

  get databaseName(): string {
    return new URL(this.database.url).pathname.slice(1);
  }

  /**
   * A job that waits for the dispatcher, one that has been in the queue for a minute, and a message to a webhook
   * each.
   */
  async insertWaiting() {
    const made = { created_at: ago(3600), run_at: ago(60) };
    const queued = ago(60);
    const ids = await insertJobs(this.server.db, [made, { ...made, dispatched_at: queued }]);
    await this.server.rows(
      `WITH hooks AS (
         INSERT INTO job_webhooks (id, job_id, url, events)
         SELECT gen_random_uuid(), id, 'http://127.0.0.1:9/none', '{job.started}' FROM unnest($1::uuid[]) AS id RETURNING id, job_id)
       INSERT INTO webhook_deliveries (id, webhook_id, run, event, job_status, dispatched_at)
       SELECT gen_random_uuid(), id, 77, 'job.started', 'IN_PROGRESS', CASE job_id WHEN $2 THEN $3::timestamptz END FROM hooks`,
      [ids, ids[1], queued],
    );
  }

  sendAgain() {
    return this.change(
      `UPDATE webhook_deliveries SET run_at = now(), dispatched_at = NULL, dispatch = dispatch + 1, in_hand = false WHERE status = 'PENDING'`,
    );
  }

  /** The queue on PostgreSQL keeps what it calls by itself: it is another round that has it refuse. */
  takeAway() {
    return this.change(
      `${renamed('', '_away')}
       CREATE FUNCTION bullmq.pg_notify(text, text) RETURNS void LANGUAGE sql AS 'SELECT pg_notify_away($1, $2)'`,
    );
  }

  bringBack() {
    return this.change(`DROP FUNCTION bullmq.pg_notify; ${renamed('_away', '')}`);
  }

  open(yes: boolean) {
    return this.outside.query(`ALTER DATABASE ${this.databaseName} ALLOW_CONNECTIONS ${yes}`);
  }

  /** Holds the table of the jobs, and lets nobody in any more; who listens is sent away. */
  async close(): Promise<void> {
    await this.holder.query('BEGIN; LOCK TABLE generation_jobs IN ACCESS EXCLUSIVE MODE');
    await this.open(false);
    await this.outside.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = $1 AND application_name = 'moviemind-listen'`,
      [this.databaseName],
    );
  }

  letGo() {
    return Promise.all([this.holder.query('ROLLBACK'), this.open(true)]);
  }

  allow(...rules: string[]) {
    return this.rights!.call('ACL', 'SETUSER', this.user, ...rules);
  }
}

const AWAY = ['sweeps', 'counters', 'workers', 'rate_limits', 'webhook_disabled_endpoints', 'batches'];
const renamed = (from: string, to: string) =>
  `${AWAY.map((table) => `ALTER TABLE ${table}${from} RENAME TO ${table}${to};`).join(' ')}
   ALTER FUNCTION pg_notify${from}(text, text) RENAME TO pg_notify${to};`;
const standing = (loops: LoopDto[]) => loops.filter(({ standing_since }) => standing_since !== null);

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Something that breaks, and what stands still by it. */
interface Round {
  what: string;
  loops: LoopName[];
  reason: RegExp;
  damage: (world: World) => Promise<unknown>;
  /** Gives those something to do that run only then; again and again. */
  provoke: (world: World) => Promise<unknown>;
  repair: (world: World) => Promise<unknown>;
  /** Whether the database takes no connections meanwhile. */
  closed?: boolean;
}

const withoutQueue: Round = {
  what: 'the server of the queue refuses what it is asked',
  loops: OF_QUEUE,
  reason: REFUSED,
  damage: async (world) => {
    await (world.rights
      ? world.allow('-evalsha', '-eval', '-get')
      : world.change('ALTER SCHEMA bullmq RENAME TO bullmq_away'));
    await world.insertWaiting();
  },
  provoke: ({ server }) => server.get(`/jobs/${randomUUID()}`),
  repair: (world) => (world.rights ? world.allow('+@all') : world.change('ALTER SCHEMA bullmq_away RENAME TO bullmq')),
};

const withoutKeys: Round = {
  what: 'the user of Redis has no right to its keys any more',
  loops: OF_QUEUE,
  reason: /^NOPERM .*key/,
  damage: async (world) => {
    await world.allow('resetkeys', '~others:*');
    await world.insertWaiting();
  },
  provoke: ({ server }) => server.get(`/jobs/${randomUUID()}`),
  repair: (world) => world.allow('allkeys'),
};

const withoutTables: Round = {
  what: 'PostgreSQL lacks what they use',
  loops: [
    ...(['housekeeping', 'counters', 'heartbeat', 'rate-limits', 'sweep-webhooks', 'complete-batches'] as const),
    ...(['run-webhooks', 'announce-changes'] as const),
  ],
  reason: /does not exist$/,
  damage: async (world) => {
    await world.insertWaiting();
    await world.takeAway();
  },
  provoke: (world) => Promise.all([world.submit('Provoked'), world.sendAgain()]),
  repair: (world) => world.bringBack(),
};

const locked: Round = {
  what: 'a lock is held, and nobody may connect any more',
  loops: [
    ...(['renew-leases', 'run-jobs', 'watch-jobs', 'listen-to-changes'] as const),
    ...(DRIVER === 'database' ? (['listen-to-queue'] as const) : []),
  ],
  closed: true,
  reason: /timeout|not currently accepting connections|waits for an answer|no answer within/,
  damage: async (world) => {
    const { server, watcher } = world;
    const accepted = await world.submit('Held');
    const id = accepted!.body.job_id;
    await eventually(async () => (await server.get(`/jobs/${id}`)).body.status === 'IN_PROGRESS');
    // A stream: a held poll, and with it the watch, would end after half a minute. It has told of the job by now.
    const stream = (await fetch(`${server.url}/jobs/${id}/events`, { signal: watcher.signal })).body!.getReader();
    expect((await stream.read()).done).toBe(false);
    void stream.closed.catch(() => undefined);
    expect(server.waiting).toBeGreaterThan(0);
    await world.close();
  },
  provoke: async () => undefined,
  repair: (world) => {
    world.watcher.abort();
    return world.letGo();
  },
};

const ROUNDS = [withoutQueue, ...(DRIVER === 'redis' ? [withoutKeys] : []), withoutTables, locked];

/** Waits until what stands still is as it should be. A failure tells what stood still instead. */
async function whatStands(
  world: World,
  provoke: Round['provoke'],
  isIt: (standing: LoopDto[]) => boolean,
): Promise<LoopDto[]> {
  let seen: LoopDto[] = [];
  const asked = async () => {
    await provoke(world);
    seen = await world.standing();
    return isIt(seen);
  };
  await eventually(asked, 2 * SEEN_WITHIN_MS).catch((error: Error) => {
    throw new Error(`${error.message}: ${JSON.stringify(seen, null, 1)}`);
  });
  return seen;
}

/** Breaks it, waits until operators see what stands still by it, repairs it, and waits until all is well again. */
async function standsStill(world: World, { loops, reason, damage, provoke, repair, closed = false }: Round) {
  const { server } = world;
  await eventually(async () => (await world.standing()).length === 0, SEEN_WITHIN_MS);
  await damage(world);
  try {
    const seen = await whatStands(world, provoke, (standing) =>
      loops.every((loop) => standing.some(({ name }) => name === loop)),
    );
    for (const loop of seen.filter(({ name }) => loops.includes(name))) {
      expect(loop).toMatchObject({ reason: expect.stringMatching(reason), last_refusal_at: expect.any(String) });
      expect(loop.reason).not.toMatch(/secret-word|SELECT|UPDATE|INSERT/);
    }
    const { warnings } = await world.detail();
    for (const loop of loops)
      expect(warnings).toContainEqual(expect.stringMatching(new RegExp(`^Standing still for \\d+ s .*\\b${loop}\\b`)));
    const metrics = (await server.get<string>('/metrics', KEY)).body;
    for (const loop of loops)
      expect(metrics).toMatch(new RegExp(`^moviemind_loop_standing\\{loop="${loop}"\\} 1$`, 'm'));
    const ready = await server.get('/health/ready');
    // Where nobody may connect it may find no connection either.
    expect([[200, 'degraded'], ...(closed ? [[503, 503]] : [])]).toContainEqual([ready.status, ready.body.status]);
  } finally {
    await repair(world);
  }
  // What runs only with something to do is well again once it did.
  await whatStands(world, provoke, (standing) => standing.length === 0);
  await eventually(async () => (await server.get('/health/ready')).body.status === 'ok');
}

/** The same of a worker, which has no port. */
async function isTold(world: World) {
  const { damage, repair, provoke } = withoutQueue;
  const { server } = world;
  const worker = await startWorker(server, world.settings);
  const name = new RegExp(`:${worker.child.pid}$`);
  const own = async () => (await world.detail()).loops.filter(({ process }) => name.test(process));
  const logged = (what: string) =>
    worker.stdout.split('\n').filter((line) => line.includes(`"msg":"${what}"`) && line.includes('"work-movies"'))
      .length;
  try {
    await eventually(async () => (await own()).some(({ last_success_at }) => last_success_at));
    await damage(world);
    await eventually(async () => standing(await own()).some(({ name }) => name === 'work-movies'), SEEN_WITHIN_MS);
    expect(standing(await own()).map(({ reason }) => reason)).toContainEqual(expect.stringMatching(REFUSED));
    const doctor = new Program({ MOVIEMIND_URL: server.url, MOVIEMIND_TOKEN: TOKEN }, CLI, ['doctor']);
    expect(await doctor.exited).toBe(1);
    expect(doctor.stdout).toMatch(
      new RegExp(`^critical: Standing still for \\d+ s in \\S+:${worker.child.pid}: .*work-movies`, 'm'),
    );
    expect([logged('stands still'), logged('goes on again')]).toEqual([1, 0]);
    await repair(world);
    await eventually(async () => logged('goes on again') === 1, SEEN_WITHIN_MS);
    await whatStands(world, provoke, (standing) => standing.length === 0);
  } finally {
    await repair(world).catch(() => undefined);
    await worker.end('SIGTERM');
  }
}

/** What stands still is told after ten seconds, so each breaks a world of its own, and all of them at the same time. */
describe('what goes on by itself', () => {
  let redis: RedisServer | undefined;
  const worlds: World[] = [];
  let rounds: Promise<void>[];
  let ofWorker: Promise<void>;

  beforeAll(async () => {
    if (DRIVER === 'redis') redis = await startRedis();
    for (let n = 0; n <= ROUNDS.length; n++) worlds.push(await World.start(redis));
    rounds = ROUNDS.map((round, n) => standsStill(worlds[n]!, round));
    ofWorker = isTold(worlds.at(-1)!);
    // Told by the tests below, when it is their turn.
    for (const round of [...rounds, ofWorker]) round.catch(() => undefined);
  }, 120_000);

  afterAll(async () => {
    await Promise.allSettled([...rounds, ofWorker]);
    for (const world of worlds) await world.stop();
    await redis?.stop();
  }, 240_000);

  it('is all of it broken by a test below', async () => {
    const names = (await worlds[0]!.detail()).loops.map(({ name }) => name);
    expect([...new Set(ROUNDS.flatMap(({ loops }) => loops))].sort()).toEqual([...names].sort());
  });

  it.each(ROUNDS.map(({ what }, n) => [what, n] as const))(
    'stands still for operators to see, with its reason, while %s',
    (_, n) => rounds[n],
    240_000,
  );

  it('is told of a worker, which has no port, by its heartbeat, its log and doctor', () => ofWorker, 240_000);
});
