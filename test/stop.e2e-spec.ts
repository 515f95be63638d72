import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { alike, insertJobs } from './support/ledger/insert-job.js';
import { Program } from './support/server/process.js';
import { Proxy } from './support/machines/proxy.js';
import { Receiver } from './support/client/receiver.js';
import { cloneDatabase, eventually } from './support/server/server.js';
import { freePort, type RedisServer, startRedis } from './support/machines/services.js';
import { StubModel } from './support/model/stub-model.js';

const ROLES = ['all', 'api', 'worker'] as const;
/**
 * It takes two seconds at most where there is a core for it; 3.1 s were seen with a dozen processes a core. Docker
 * kills after ten.
 */
const STOPPED_WITHIN_MS = 6000;

interface Trouble {
  what: string;
  /** From the start on, before the processes are there. */
  before?: () => unknown;
  /** Once they are ready. */
  after?: () => unknown;
}

describe('a process that is told to stop', () => {
  let database: Awaited<ReturnType<typeof cloneDatabase>>;
  let db: pg.Pool;
  let redis: RedisServer | undefined;
  let toRedis: Proxy | undefined;
  let toDatabase: Proxy;
  let model: StubModel;
  let receiver: Receiver;
  let redisUrl: string | undefined;
  /** Of one test: who feeds the queue and who runs from it share it. */
  let prefix: string;

  beforeAll(async () => {
    database = await cloneDatabase();
    db = new pg.Pool({ connectionString: database.url, max: 2 });
    db.on('error', () => undefined);
    toDatabase = await Proxy.to(database.url);
    model = await StubModel.start();
    receiver = await Receiver.start();
    if (DRIVER === 'redis') redis = await startRedis();
    if (redis) toRedis = await Proxy.to(redis.url);
  }, 60_000);

  beforeEach(() => {
    toDatabase.set({ kind: 'pass' });
    toRedis?.set({ kind: 'pass' });
    prefix = `stop-${randomBytes(4).toString('hex')}`;
    redisUrl = redis && toRedis!.around(redis.url);
  });

  afterAll(async () => {
    await toRedis?.stop();
    await toDatabase?.stop();
    await model?.stop();
    await receiver?.stop();
    await redis?.stop();
    await db?.end();
    await database?.drop();
  });

  const start = async (role: string) => {
    const program = new Program({
      ROLE: role,
      DATABASE_URL: toDatabase.around(database.url),
      QUEUE_CONNECTION: DRIVER,
      QUEUE_PREFIX: prefix,
      ...(redisUrl && { REDIS_URL: redisUrl }),
      OPENAI_API_KEY: 'key-0123456789',
      OPENAI_BASE_URL: model.url,
      AUTH_REQUIRED: 'false',
      WEBHOOK_ALLOW_PRIVATE: 'true',
      WEBHOOK_TIMEOUT_MS: '60000',
      LOG_LEVEL: 'warn',
    });
    return { role, program, url: await program.ready() };
  };
  type Running = Awaited<ReturnType<typeof start>>;

  /** Jobs that wait, so that everybody has something in hand. */
  const insert = async (count: number, webhook = '') => {
    const ids = await insertJobs(db, alike(count));
    if (webhook)
      await db.query(
        `INSERT INTO job_webhooks (id, job_id, url, events) SELECT gen_random_uuid(), id, $2, '{job.started}' FROM unnest($1::uuid[]) AS one (id)`,
        [ids, webhook],
      );
    return ids;
  };
  const clear = () => db.query('TRUNCATE generation_jobs CASCADE');

  /** @returns what each took, milliseconds */
  const stopAll = (all: Running[]) =>
    Promise.all(
      all.map(async ({ role, program }) => {
        const told = performance.now();
        const code = await program.end('SIGTERM');
        const took = performance.now() - told;
        if (code !== 0) throw new Error(`${role} ended with ${code}: ${program.output}`);
        return { role, took: took < STOPPED_WITHIN_MS ? 'in time' : `${Math.round(took)} ms` };
      }),
    );

  const troubles: Trouble[] = [
    ...(DRIVER === 'redis'
      ? [
          { what: 'Redis was never there', before: async () => (redisUrl = `redis://127.0.0.1:${await freePort()}`) },
          { what: 'Redis never answered', before: () => toRedis!.set({ kind: 'blackHole' }) },
          { what: 'Redis hangs', after: () => toRedis!.set({ kind: 'blackHole' }) },
          { what: 'Redis is gone', after: () => toRedis!.set({ kind: 'cut' }) },
        ]
      : []),
    { what: 'PostgreSQL hangs', after: () => toDatabase.set({ kind: 'blackHole' }) },
    { what: 'PostgreSQL is gone', after: () => toDatabase.set({ kind: 'cut' }) },
    {
      what: 'nothing answers',
      after: () => [toDatabase, toRedis].forEach((wire) => wire?.set({ kind: 'blackHole' })),
    },
  ];

  it.each(troubles)(
    'ends at once while $what, whatever its role',
    async ({ before, after }) => {
      await clear();
      model.otherwise({ kind: 'hang' });
      await before?.();
      const all = await Promise.all(ROLES.map((role) => start(role)));
      try {
        await insert(60);
        const running = async () =>
          (await db.query(`SELECT count(DISTINCT worker) AS count FROM generation_jobs WHERE status = 'IN_PROGRESS'`))
            .rows[0];
        if (!before) await eventually(async () => Number((await running()).count) === 2, 30_000);
        await after?.();
        for (const { url } of all)
          if (url.startsWith('http'))
            void fetch(`${url}/movies/generate`, {
              method: 'POST',
              body: '{"title":"In Hand"}',
              headers: { 'content-type': 'application/json' },
            }).catch(() => undefined);
        expect(await stopAll(all)).toEqual(ROLES.map((role) => ({ role, took: 'in time' })));
      } finally {
        for (const { program } of all) program.child.kill('SIGKILL');
      }
    },
    120_000,
  );

  it('ends at once while the model and the receiver of a webhook hang, and hands both back', async () => {
    await clear();
    model.otherwise({ kind: 'hang' });
    receiver.script('/hangs', ...Array.from({ length: 50 }, () => null));
    const all = await Promise.all((['all', 'worker'] as const).map((role) => start(role)));
    const rows = async (text: string) => (await db.query(text)).rows as Record<string, unknown>[];
    try {
      await insert(30, receiver.url('/hangs'));
      await eventually(
        async () =>
          (await rows(`SELECT DISTINCT worker FROM generation_jobs WHERE status = 'IN_PROGRESS'`)).length === 2,
        30_000,
      );
      await eventually(async () => (await rows('SELECT 1 FROM webhook_deliveries WHERE in_hand')).length >= 2, 30_000);
      expect(await stopAll(all)).toEqual(all.map(({ role }) => ({ role, took: 'in time' })));
      expect(await rows(`SELECT DISTINCT status, attempts, crashes FROM generation_jobs`)).toEqual([
        { status: 'PENDING', attempts: 0, crashes: 0 },
      ]);
      expect(await rows(`SELECT DISTINCT status, attempts, in_hand FROM webhook_deliveries`)).toEqual([
        { status: 'PENDING', attempts: 0, in_hand: false },
      ]);
    } finally {
      for (const { program } of all) program.child.kill('SIGKILL');
    }
  }, 120_000);
});
