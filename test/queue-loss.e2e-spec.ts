import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QueueConnections } from '../src/queue/queue-connections.js';
import { Loops } from '../src/timing/loops.js';
import { onRedis } from './support/run/on-driver.js';
import { cloneDatabase, eventually, TestServer } from './support/server/server.js';
import { freePort, redisAt, startRedis } from './support/machines/services.js';

const JOBS = 60;

/** What waits in the queue is lost by every means there is; an API alone, so that nothing runs before the loss. */
describe('when the queue loses what it held', () => {
  let api: TestServer;
  let database: Awaited<ReturnType<typeof cloneDatabase>>;
  const folder = mkdtempSync(join(tmpdir(), 'moviemind-redis-'));
  let port: number;
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let settings: Record<string, string>;

  beforeAll(async () => {
    port = await freePort();
    redis = await startRedis(port, folder);
    database = await cloneDatabase();
    settings = { QUEUE_PREFIX: 'loss', ...(DRIVER === 'redis' && { REDIS_URL: redisAt(port) }) };
    api = await TestServer.start({ ...settings, ROLE: 'api' }, database.url);
  });

  afterAll(async () => {
    await api.stop();
    await redis.stop();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const submitAll = async (name: string, of: 'movies' | 'people' = 'movies') => {
    const accepted = await Promise.all(
      Array.from({ length: JOBS }, (_, n) =>
        api.post(
          `/${of}/generate`,
          of === 'movies' ? { title: `${name} ${n}`, release_year: 2000 } : { name: `${name} ${n}` },
        ),
      ),
    );
    await eventually(async () => (await undispatched()) === 0);
    return accepted.map(({ body }) => body.job_id);
  };
  const undispatched = async () =>
    (await api.rows(`SELECT 1 FROM generation_jobs WHERE status = 'PENDING' AND dispatched_at IS NULL`)).length;
  /** What is in the queue is looked for there after 15 s; the test below waits for them. */
  const waitedLong = () =>
    api.rows(
      `UPDATE generation_jobs SET dispatched_at = dispatched_at - interval '15 seconds' WHERE status = 'PENDING'`,
    );
  const runAll = async (ids: string[]) => {
    const worker = await TestServer.start({ ...settings, ROLE: 'worker' }, database.url);
    try {
      const jobs = await Promise.all(ids.map((id) => api.finished(id, 100_000)));
      expect(jobs.filter(({ status, attempts }) => status !== 'DONE' || attempts !== 1)).toEqual([]);
    } finally {
      await worker.stop();
    }
  };
  const inRedis = async (act: (client: Redis) => Promise<unknown>) => {
    const client = new Redis(redisAt(port));
    await act(client).finally(() => client.disconnect());
  };

  it('runs everything after every waiting job was deleted from the queue', async () => {
    const ids = await submitAll('Deleted');
    if (DRIVER === 'database') await api.rows('DELETE FROM bullmq.job');
    else await inRedis((client) => client.flushall());
    await waitedLong();
    await runAll(ids);
  }, 150_000);

  it('runs what a worker took that died, though the queue goes on believing it: a clock was set back meanwhile', async () => {
    const ids = await submitAll('Taken');
    const connections = new QueueConnections(api.config, null, new Loops());
    const options = {
      connection: connections.worker as never,
      prefix: api.config.queuePrefix,
      lockDuration: 3_600_000,
    };
    const dead = new Worker('movies', null, { ...options, autorun: false, skipStalledCheck: true });
    try {
      await dead.waitUntilReady();
      for (let n = 0; n < 3; n++) expect(ids).toContain((await dead.getNextJob('token', { block: false })).data.job_id);
      await runAll(ids);
    } finally {
      await dead.close();
      await connections.close();
    }
  }, 120_000);

  it('runs everything after a part of the queue was lost and nothing else tells of it, whatever waits in others', async () => {
    const people = await submitAll('Before', 'people');
    const ids = await submitAll('Partly');
    if (DRIVER === 'database') {
      await api.rows(`DELETE FROM bullmq.job WHERE id IN (SELECT id || '.1' FROM generation_jobs
        WHERE requested_slug LIKE 'partly-%' AND requested_slug < 'partly-3')`);
    } else {
      await inRedis((client) => client.ltrim('loss:movies:wait', 0, 20));
    }
    await waitedLong();
    // Found while the others still wait.
    const again = `SELECT 1 FROM generation_jobs WHERE requested_slug LIKE 'partly-%' AND dispatch = 2`;
    await eventually(async () => (await api.rows(again)).length > 0);
    await runAll([...people, ...ids]);
  }, 150_000);

  onRedis(
    'hands everything over again at once when Redis restarts without its data',
    async () => {
      const ids = await submitAll('Restarted');
      await redis.stop();
      rmSync(join(folder, 'appendonlydir'), { recursive: true, force: true });
      rmSync(join(folder, 'dump.rdb'), { force: true });
      redis = await startRedis(port, folder);
      await eventually(async () => {
        const client = new Redis(redisAt(port));
        const waiting = await client.llen('loss:movies:wait').finally(() => client.disconnect());
        return waiting === JOBS;
      }, 10_000);
      await runAll(ids);
    },
    150_000,
  );
});
