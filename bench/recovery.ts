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
import { Config } from '../dist/src/config/config.js';
import { migrate } from '../dist/src/database/data-source.js';
import { EmbeddedPostgres } from '../dist/src/database/embedded-postgres.js';
import { freePort, startRedis } from '../test/support/services.ts';

const JOBS = Number(process.argv[2] ?? 100_000);
const LIMIT_MS = 600_000;
const folder = mkdtempSync(join(tmpdir(), 'moviemind-bench-'));

const INSERT = `INSERT INTO generation_jobs (id, entity, requested_slug, locale, context_tag, request, max_attempts, request_id)
  SELECT gen_random_uuid(), 'MOVIE', 'bench-' || n || '-2000', 'en-US', 'DEFAULT', jsonb_build_object('subject', 'Bench ' || n, 'year', 2000), 3, 'bench'
  FROM generate_series(1, $1) AS n`;

/** The questions that are asked again and again while all is well. */
const PLANS: Record<string, string> = {
  'due rows (dispatcher)': `SELECT id FROM generation_jobs WHERE status = 'PENDING' AND dispatched_at IS NULL AND run_at <= now() ORDER BY run_at LIMIT 500 FOR NO KEY UPDATE SKIP LOCKED`,
  'silent workers (sweeper)': `SELECT id FROM generation_jobs WHERE status = 'IN_PROGRESS' AND lease_expires_at < now() ORDER BY lease_expires_at LIMIT 500 FOR UPDATE SKIP LOCKED`,
  'overdue rows (sweeper)': `SELECT id FROM generation_jobs WHERE status = 'PENDING' AND deadline_at < now() ORDER BY deadline_at LIMIT 500 FOR UPDATE SKIP LOCKED`,
  'longest waiting (sweeper)': `SELECT id FROM generation_jobs WHERE status = 'PENDING' AND dispatched_at < now() ORDER BY dispatched_at LIMIT 20`,
  'past retention (sweeper)': `SELECT id FROM generation_jobs WHERE status IN ('DONE', 'CANCELLED', 'EXPIRED') AND finished_at < now() - interval '30 days' ORDER BY finished_at LIMIT 500 FOR UPDATE SKIP LOCKED`,
};

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
const redis = new Redis(port);
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
  for (const [name, statement] of Object.entries(PLANS)) {
    const { rows } = await db.query(`EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) ${statement}`);
    const lines = rows.map((row: Record<string, string>) => row['QUERY PLAN'] ?? '');
    const index = lines.find((line) => /Scan/.test(line))?.trim() ?? '';
    console.log(`${name}: ${lines.at(-1)}; ${index}`);
  }
} finally {
  api?.kill('SIGTERM');
  redis.disconnect();
  await db.end();
  await server.stop();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
  rmSync(redisFolder, { recursive: true, force: true });
}
