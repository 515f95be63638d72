import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobDto } from '../src/jobs/jobs.dto.js';
import { eventually, TestServer } from './support/server.js';
import { freePort, type RedisServer, startRedis } from './support/services.js';

describe('without Redis', () => {
  let server: TestServer;
  let redis: RedisServer | undefined;
  const folder = mkdtempSync(join(tmpdir(), 'moviemind-redis-'));
  let port: number;

  beforeAll(async () => {
    port = await freePort();
    server = await TestServer.start({ REDIS_URL: `redis://127.0.0.1:${port}` });
  });

  afterAll(async () => {
    await server.stop();
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
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
