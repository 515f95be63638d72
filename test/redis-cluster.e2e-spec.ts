import { Redis } from 'ioredis';
import type { QueueListDto } from '../src/admin/queues.dto.js';
import type { DetailDto } from '../src/health/detail.dto.js';
import type { Program } from './support/server/process.js';
import { eventually, TestServer } from './support/server/server.js';
import { quietPort, type RedisServer, startRedis } from './support/machines/services.js';
import { startWorker } from './support/server/worker.js';
import { StubModel } from './support/model/stub-model.js';

const TOKEN = 'a-long-enough-admin-token';
const KEY = { authorization: `Bearer ${TOKEN}` };

interface Node {
  redis: RedisServer;
  client: Redis;
  /** Where the nodes talk to each other. */
  bus: number;
}

describe('on a Redis Cluster', () => {
  const nodes: Node[] = [];
  let api: TestServer;
  let model: StubModel;
  let worker: Program | undefined;

  const addNode = async (...slots: [from: number, to: number]) => {
    const bus = await quietPort();
    const options = ['--cluster-enabled', 'yes', '--cluster-port', String(bus)];
    const redis = await startRedis(await quietPort(), undefined, options);
    const client = new Redis(redis.url);
    nodes.push({ redis, client, bus });
    await client.call('CLUSTER', 'ADDSLOTSRANGE', ...slots);
  };

  beforeAll(async () => {
    await addNode(0, 8191);
    await addNode(8192, 16_383);
    const [first, second] = nodes;
    await first!.client.call('CLUSTER', 'MEET', '127.0.0.1', new URL(second!.redis.url).port, second!.bus);
    for (const { client } of nodes)
      await eventually(async () => /cluster_state:ok/.test((await client.call('CLUSTER', 'INFO')) as string));
    // One node is named; the other is found by asking it.
    const { host, password } = new URL(first!.redis.url);
    const settings = { REDIS_URL: '', REDIS_CLUSTER_NODES: host, REDIS_PASSWORD: password };
    api = await TestServer.start({ ...settings, ROLE: 'api', ADMIN_TOKEN: TOKEN, RATE_LIMIT_POLL: '100000' });
    model = await StubModel.start();
    worker = await startWorker(api, { ...settings, ...model.settings });
  }, 90_000);

  afterAll(async () => {
    worker?.child.kill('SIGKILL');
    await api?.stop();
    await model?.stop();
    for (const { redis, client } of nodes) {
      client.disconnect();
      await redis.stop();
    }
  });

  const keyLike = async (pattern: string) => {
    const found = await Promise.all(
      nodes.map(async ({ client }) =>
        (await client.keys(api.config.queuePrefix + pattern)).map((key) => ({ key, client })),
      ),
    );
    return found.flat()[0];
  };

  it('jobs are run, their status is kept, and requests are counted', async () => {
    const job = await api.generate('movies', { title: 'Clustered', release_year: 2000 });
    expect(job).toMatchObject({ status: 'DONE', attempts: 1 });
    expect((await api.generate('people', { name: 'Clustered Too' })).status).toBe('DONE');
    const kept = await eventually(() => keyLike(`:job:${job.job_id}`));
    expect(await kept.client.ttl(kept.key)).toBeGreaterThan(800);
    const counted = await eventually(async () => {
      expect((await api.get(`/jobs/${job.job_id}`)).headers.get('ratelimit')).toMatch(/^"poll";r=\d+;t=\d+$/);
      return keyLike(':limit:poll:*');
    });
    expect(await counted.client.ttl(counted.key)).toBeLessThanOrEqual(60);
  });

  it('carries the id of its database in the slot of the queue', async () => {
    const [row] = await api.rows<{ id: string }>('SELECT id FROM deployment');
    const ids = nodes.map(({ client }) => client.get(`{${api.config.queuePrefix}}:database`).catch(() => 'MOVED'));
    expect((await Promise.all(ids)).sort()).toEqual([row!.id, 'MOVED'].sort());
  });

  it('health tells of it', async () => {
    expect((await api.get('/health/ready')).body).toEqual({ status: 'ok', postgres: 'up', redis: 'up' });
    const { redis, warnings } = (await api.get<DetailDto>('/health/detail', KEY)).body;
    expect(redis).toMatchObject({ state: 'up', aof_enabled: 'yes', maxmemory_policy: 'noeviction' });
    expect(warnings).toEqual([]);
  });

  it('what waits is handed over again when it is emptied', async () => {
    const movies = async () =>
      (await api.get<QueueListDto>('/admin/queues', KEY)).body.queues.find(({ name }) => name === 'movies')!;
    await api.send('POST', '/admin/queues/movies/pause', KEY);
    const accepted = await Promise.all(
      Array.from({ length: 25 }, (_, n) => api.post('/movies/generate', { title: `Emptied ${n}`, release_year: 2000 })),
    );
    // The worker holds ten.
    await eventually(async () => (await movies()).queue?.waiting === 15);
    for (const { client } of nodes) await client.flushall();
    await api.send('POST', '/admin/queues/movies/resume', KEY);
    const jobs = await Promise.all(accepted.map(({ body }) => api.finished(body.job_id, 25_000)));
    expect(jobs.map(({ status, attempts }) => [status, attempts])).toEqual(jobs.map(() => ['DONE', 1]));
  }, 60_000);

  it('a worker that is told to stop ends', async () => {
    expect(await worker!.end('SIGTERM')).toBe(0);
  });
});
