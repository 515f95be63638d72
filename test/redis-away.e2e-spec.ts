import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { QueueListDto } from '../src/admin/queues.dto.js';
import type { DetailDto } from '../src/health/detail.dto.js';
import type { JobDto } from '../src/jobs/jobs.dto.js';
import { ago, insertJob } from './support/ledger/insert-job.js';
import { onRedis } from './support/run/on-driver.js';
import { eventually, TestServer } from './support/server/server.js';
import { freePort, redisAt, type RedisServer, startRedis } from './support/machines/services.js';

const TOKEN = 'a-long-enough-admin-token';
const KEY = { authorization: `Bearer ${TOKEN}` };

describe('without Redis', () => {
  let server: TestServer;
  let redis: RedisServer | undefined;
  const folder = mkdtempSync(join(tmpdir(), 'moviemind-redis-'));
  let port: number;

  beforeAll(async () => {
    port = await freePort();
    server = await TestServer.start({ REDIS_URL: redisAt(port), ADMIN_TOKEN: TOKEN });
  });

  afterAll(async () => {
    await server.stop();
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  onRedis('tells operators how long the oldest job has waited for it', async () => {
    await insertJob(server.db, { created_at: ago(120), run_at: ago(90) });
    const { jobs } = (await server.get<DetailDto>('/health/detail', KEY)).body;
    const { queues } = (await server.get<QueueListDto>('/admin/queues', KEY)).body;
    const sample = /^moviemind_dispatch_lag_seconds\{queue="movies"\} (\S+)$/m;
    const [, exposed] = sample.exec((await server.get<string>('/metrics', KEY)).body) ?? [];
    const movies = queues.find(({ name }) => name === 'movies')!.jobs;
    for (const lag of [jobs!.dispatch_lag_seconds, movies.dispatch_lag_seconds, Number(exposed)]) {
      expect(lag).toBeGreaterThanOrEqual(90);
      expect(lag).toBeLessThan(150);
    }
  });

  it('starts, accepts, answers polls, says degraded; and runs what it accepted once Redis comes', async () => {
    const accepted = await server.post('/movies/generate', { title: 'Before Redis', release_year: 2000 });
    expect(accepted.status).toBe(202);
    expect((await server.get<JobDto>(`/jobs/${accepted.body.job_id}`)).status).toBe(200);
    const ready = await server.get('/health/ready');
    expect(ready.status).toBe(200);
    expect(ready.body).toEqual({ status: 'degraded', postgres: 'up', redis: 'down' });
    redis = await startRedis(port, folder);
    expect((await server.finished(accepted.body.job_id, 25_000)).status).toBe('DONE');
    const healthy = await eventually(async () => {
      const { body } = await server.get('/health/ready');
      return body.status === 'ok' && body;
    });
    expect(healthy).toEqual({ status: 'ok', postgres: 'up', redis: 'up' });
  });

  it('goes on accepting while Redis is killed and comes back', async () => {
    await redis!.stop();
    const accepted = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        server.post('/movies/generate', { title: `Meanwhile ${n}`, release_year: 2000 }),
      ),
    );
    expect(accepted.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 202));
    redis = await startRedis(port, folder);
    const jobs = await Promise.all(accepted.map(({ body }) => server.finished(body.job_id, 25_000)));
    expect(jobs.filter(({ status }) => status !== 'DONE')).toEqual([]);
  });
});
