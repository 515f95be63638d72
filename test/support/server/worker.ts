import { Program } from './process.js';
import type { Settings, TestServer } from './server.js';

/** A worker as a process of its own, on the same database and queue as a server under test. */
export async function startWorker(server: TestServer, settings: Settings = {}): Promise<Program> {
  const { databaseUrl, queueConnection, queuePrefix, redis, leaseMs } = server.config;
  const program = new Program({
    ROLE: 'worker',
    DATABASE_URL: databaseUrl!,
    QUEUE_CONNECTION: queueConnection,
    QUEUE_PREFIX: queuePrefix,
    ...(redis?.kind === 'url' && { REDIS_URL: redis.url }),
    JOB_LEASE_MS: String(leaseMs),
    GENERATION_BACKOFF_MS: '50',
    ...settings,
  });
  await program.ready();
  return program;
}
