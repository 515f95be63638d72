/**
 * How long it takes until everything that waits is in the queue again after Redis was emptied, and what the sweeper's
 * statements cost with that many rows waiting. Prints figures and plans; asserts nothing.
 *
 *   npm run bench:recovery -- 100000
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import { Config } from '../dist/modules/src/config/config.js';
import { migrate } from '../dist/modules/src/server/data-source.js';
import { EmbeddedPostgres } from '../dist/modules/src/embedded/embedded-postgres.js';
import { freePort, startRedis } from '../test/support/machines/services.ts';
import { explained, INSERT } from './waiting-rows.ts';

const JOBS = Number(process.argv[2] ?? 100_000);
const LIMIT_MS = 600_000;
const folder = mkdtempSync(join(tmpdir(), 'moviemind-bench-'));

async function until(what: () => Promise<boolean>): Promise<number> {
  const started = Date.now();
  while (!(await what())) {
    if (Date.now() - started > LIMIT_MS) throw new Error(`not within ${LIMIT_MS} ms`);
    await sleep(200);
  }
  return Date.now() - started;
}

const postgres = new EmbeddedPostgres(folder);
const port = await freePort();
const redisFolder = mkdtempSync(join(tmpdir(), 'moviemind-bench-redis-'));
const [url, server] = await Promise.all([postgres.start(), startRedis(port, redisFolder)]);
const env = {
  ...process.env,
  DATABASE_URL: url,
  REDIS_URL: server.url,
  AUTH_REQUIRED: 'false',
  ROLE: 'api',
  PORT: '0',
  LOG_LEVEL: 'warn',
};
await migrate(new Config(env));
const db = new pg.Pool({ connectionString: url });
const redis = new Redis(server.url);
let api: ReturnType<typeof spawn> | undefined;
try {
  await db.query(INSERT, [JOBS]);
  await db.query('ANALYZE generation_jobs');
  api = spawn(process.execPath, ['dist/src/main.js'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const inQueue = async () => (await redis.llen('moviemind:movies:wait')) >= JOBS;
  const first = await until(inQueue);
  console.log(`${JOBS} waiting rows in the queue after ${first} ms (start of the API included)`);
  await until(async () => (await redis.exists('moviemind:whole-since')) === 1);
  await redis.flushall();
  const again = await until(inQueue);
  console.log(`after FLUSHALL all ${JOBS} in the queue again after ${again} ms`);
  await db.query('VACUUM ANALYZE generation_jobs');
  for (const line of await explained(db)) console.log(line);
} finally {
  api?.kill('SIGTERM');
  redis.disconnect();
  await db.end();
  await server.stop();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
  rmSync(redisFolder, { recursive: true, force: true });
}
