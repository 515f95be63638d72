import { Redis } from 'ioredis';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { DetailDto } from '../src/health/detail.dto.js';
import { describeServer } from './support/server/describe-server.js';
import { Program } from './support/server/process.js';
import { cloneDatabase, eventually } from './support/server/server.js';
import { quietPort, startRedis } from './support/machines/services.js';
import { startWorker } from './support/server/worker.js';

const TOKEN = 'a-long-enough-admin-token';
const KEY = { authorization: `Bearer ${TOKEN}` };
const FOREIGN =
  /Redis serves the deployment of another database: .*QUEUE_PREFIX, REDIS_URL or REDIS_DB.* DEL \S+:database/;
/** What stands still is told after ten seconds; the rest is for a busy machine. */
const SEEN_WITHIN_MS = 45_000;

describeServer('a Redis and the database whose queue it holds', { ADMIN_TOKEN: TOKEN }, ({ server }) => {
  const redis = new Redis(process.env.TEST_REDIS_URL!);
  const programs: Program[] = [];
  let other: Awaited<ReturnType<typeof cloneDatabase>>;
  let settings: Record<string, string>;
  let key: string;

  beforeAll(async () => {
    key = `${server.config.queuePrefix}:database`;
    // Clones of one template have its id, as every copy of a database has.
    other = await cloneDatabase();
    const client = new pg.Client({ connectionString: other.url });
    await client.connect();
    await client.query('UPDATE deployment SET id = gen_random_uuid()');
    await client.end();
    settings = {
      DATABASE_URL: other.url,
      REDIS_URL: process.env.TEST_REDIS_URL!,
      QUEUE_PREFIX: server.config.queuePrefix,
      AUTH_REQUIRED: 'false',
      ADMIN_TOKEN: TOKEN,
    };
  });

  afterEach(async () => {
    await Promise.all(programs.splice(0).map((program) => program.end('SIGKILL')));
  });

  afterAll(async () => {
    redis.disconnect();
    await other.drop();
  });

  const start = (more: Record<string, string> = {}) => {
    const program = new Program({ ...settings, ...more });
    programs.push(program);
    return program;
  };
  const own = async () => (await server.rows<{ id: string }>('SELECT id FROM deployment'))[0]!.id;
  const carries = async (id: string) => eventually(async () => (await redis.get(key)) === id);
  const warnings = async () => (await server.get<DetailDto>('/health/detail', KEY)).body.warnings;

  it('know each other: Redis carries its id, also again after it has lost everything', async () => {
    await carries(await own());
    await redis.del(key);
    await carries(await own());
    programs.push(await startWorker(server));
  });

  it('know each other by the tables alone, where PostgreSQL does not tell which server it is', async () => {
    const client = new pg.Client({ connectionString: other.url });
    await client.connect();
    await client.query('ALTER FUNCTION pg_control_system() RENAME TO pg_control_system_away');
    await client.end();
    const QUEUE_PREFIX = `${server.config.queuePrefix}-3`;
    await start({ QUEUE_PREFIX }).ready();
    expect(await eventually(() => redis.get(`${QUEUE_PREFIX}:ledger`))).toMatch(/^\d+\.\d+$/);
  }, 60_000);

  it('are not shared with the deployment of another database: its start ends in one line that says what to set', async () => {
    await carries(await own());
    const refused = [start(), start({ ROLE: 'worker' })];
    for (const program of refused) {
      expect(await program.exited).toBe(1);
      expect(program.stderr.trim()).toMatch(new RegExp(`^MovieMind cannot start: ${FOREIGN.source}$`));
    }
    expect(await redis.get(key)).toBe(await own());
    await start({ QUEUE_PREFIX: `${server.config.queuePrefix}-2` }).ready();
    await start({ QUEUE_CONNECTION: 'database' }).ready();
  }, 60_000);

  it('are parted when another takes its place in the way that is documented; the one that runs says so, and goes on', async () => {
    const id = await own();
    await carries(id);
    // At once with the start: the one that runs would put it back within a second.
    await redis.set(key, (await idOf(other.url))!);
    await start().ready();
    await eventually(async () => (await warnings()).some((line) => FOREIGN.test(line)), SEEN_WITHIN_MS);
    expect((await warnings()).find((line) => FOREIGN.test(line))).toMatch(
      /^Standing still for \d+ s .*: queue-watch \(/,
    );
    expect((await server.get('/health/ready')).body.status).toBe('degraded');
    expect((await server.post('/movies/generate', { title: 'Still Accepted' })).status).toBe(202);
    await redis.set(key, id);
    await eventually(async () => (await server.get('/health/ready')).body.status === 'ok', SEEN_WITHIN_MS);
  }, 120_000);

  it('that was away at the start and is another’s is told of, and ends nobody', async () => {
    const [folder, port] = [mkdtempSync(join(tmpdir(), 'moviemind-redis-')), await quietPort()];
    let away = await startRedis(port, folder);
    const client = new Redis(away.url);
    await client.set(key, await own());
    client.disconnect();
    await away.stop();
    const program = start({ REDIS_URL: away.url });
    const url = await program.ready();
    away = await startRedis(port, folder);
    try {
      const lines = async () =>
        ((await (await fetch(`${url}/health/detail`, { headers: KEY })).json()) as DetailDto).warnings;
      await eventually(async () => (await lines()).some((line) => FOREIGN.test(line)), SEEN_WITHIN_MS);
      expect(program.child.exitCode).toBeNull();
    } finally {
      await program.end('SIGTERM');
      await away.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 90_000);
});

async function idOf(url: string): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ id: string }>('SELECT id FROM deployment');
  await client.end();
  return rows[0]?.id;
}
