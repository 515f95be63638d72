/**
 * What waiting costs: thousands of event streams and long polls on one API process, each for a job of its own, while a
 * worker in another process finishes the jobs. Prints memory per client, the time from a commit to the client, and
 * how many statements the API sent while they waited; asserts nothing. The clients run on the same machine.
 *
 *   npm run bench:waiting -- --streams 2000 --polls 2000 [--json]
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { Config } from '../dist/modules/src/config/config.js';
import { migrate } from '../dist/modules/src/server/data-source.js';
import { EmbeddedPostgres } from '../dist/modules/src/embedded/embedded-postgres.js';
import { eventually } from '../test/support/run/eventually.ts';
import { freePort } from '../test/support/machines/services.ts';

const { values } = parseArgs({
  options: {
    streams: { type: 'string', default: '2000' },
    polls: { type: 'string', default: '2000' },
    json: { type: 'boolean', default: false },
  },
});
const STREAMS = Number(values.streams);
const POLLS = Number(values.polls);
/** How long nothing happens while they wait, to count statements, seconds. */
const QUIET_SECONDS = 10;
/** Longest wait for anything, milliseconds. */
const LIMIT_MS = 180_000;
const folder = mkdtempSync(join(tmpdir(), 'moviemind-bench-'));

const INSERT = `INSERT INTO generation_jobs (id, entity, requested_slug, locale, context_tag, request, max_attempts, request_id, run_at)
  SELECT gen_random_uuid(), 'MOVIE', 'bench-' || n || '-2000', 'en-US', 'DEFAULT', jsonb_build_object('subject', 'Bench ' || n, 'year', 2000), 3, 'bench',
    now() + interval '1 hour' FROM generate_series(1, $1) AS n RETURNING id`;

const agent = new Agent({ keepAlive: false, maxSockets: Infinity });
const call = (path: string, headers: Record<string, string> = {}) =>
  new Promise<IncomingMessage>((done, failed) => {
    request(base + path, { agent, headers }, done)
      .once('error', failed)
      .end();
  });

/** When each client was told of DONE, milliseconds since 1970. */
const told = new Map<string, { at: number; kind: 'stream' | 'poll' }>();
let open = 0;

async function follow(id: string): Promise<void> {
  const response = await call(`/jobs/${id}/events`);
  if (response.statusCode !== 200) throw new Error(`stream: ${response.statusCode}`);
  open++;
  let text = '';
  for await (const chunk of response) {
    text += chunk;
    if (text.includes('"status":"DONE"') && !told.has(id)) told.set(id, { at: Date.now(), kind: 'stream' });
  }
}

/** Held again and again, as a client does it. */
async function poll(id: string): Promise<void> {
  open++;
  for (;;) {
    const response = await call(`/jobs/${id}`, { prefer: 'wait=30' });
    let text = '';
    for await (const chunk of response) text += chunk;
    if (response.statusCode !== 200) throw new Error(`poll: ${response.statusCode} ${text}`);
    if (text.includes('"status":"DONE"')) return void told.set(id, { at: Date.now(), kind: 'poll' });
  }
}

/** Resident memory of a process, KiB, after it had time to tidy up. */
async function memoryOf(pid: number): Promise<number> {
  await sleep(2000);
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);
}

/** Runs them, a hundred at a time, until all wait. */
async function start(ids: string[], wait: (id: string) => Promise<void>): Promise<Promise<void>[]> {
  const running: Promise<void>[] = [];
  for (let n = 0; n < ids.length; n += 100) {
    const target = open + Math.min(100, ids.length - n);
    running.push(...ids.slice(n, n + 100).map(wait));
    await Promise.race([eventually(async () => open >= target, LIMIT_MS), Promise.all(running)]);
  }
  return running;
}

const quantile = (sorted: number[], q: number) =>
  sorted.length ? Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]! * 10) / 10 : null;
const latency = (all: number[]) => {
  const sorted = all.sort((a, b) => a - b);
  return { clients: sorted.length, p50_ms: quantile(sorted, 0.5), p99_ms: quantile(sorted, 0.99) };
};

const first = new EmbeddedPostgres(folder);
const admin = new pg.Client({ connectionString: await first.start() });
await admin.connect();
// When each job was committed (the ledger's own times are those of the beginning of a transaction), and what was asked.
await admin.query('ALTER SYSTEM SET track_commit_timestamp = on');
await admin.query('ALTER SYSTEM SET shared_preload_libraries = pg_stat_statements');
await admin.end();
await first.stop();
const server = new EmbeddedPostgres(folder);
const url = await server.start();
const port = await freePort();
const base = `http://127.0.0.1:${port}`;
const env = {
  ...process.env,
  DATABASE_URL: url,
  QUEUE_CONNECTION: 'database',
  REDIS_URL: '',
  AUTH_REQUIRED: 'false',
  LOG_LEVEL: 'warn',
  HOST: '127.0.0.1',
  PORT: String(port),
  AI_SERVICE: 'mock',
  MOCK_LATENCY_MS: '500',
  WORKER_CONCURRENCY: '20',
};
await migrate(new Config(env));
const db = new pg.Pool({ connectionString: url, max: 2 });
await db.query('CREATE EXTENSION pg_stat_statements');
const run = (ROLE: string, more: Record<string, string> = {}) =>
  spawn(process.execPath, ['dist/src/main.js'], {
    env: { ...env, ROLE, ...more },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
const processes = [run('api'), run('worker', { PORT: '0' })];
try {
  await eventually(async () => (await call('/health/live').catch(() => null))?.resume().statusCode === 200, 60_000);
  const api = processes[0]!.pid!;
  const { rows } = await db.query<{ id: string }>(INSERT, [STREAMS + POLLS]);
  const ids = rows.map(({ id }) => id);
  // Warm: code compiled, connections to PostgreSQL open.
  await Promise.all(ids.slice(0, 200).map(async (id) => (await call(`/jobs/${id}`)).resume()));
  const before = await memoryOf(api);
  const streams = await start(ids.slice(0, STREAMS), follow);
  const withStreams = await memoryOf(api);
  const polls = await start(ids.slice(STREAMS), poll);
  const withBoth = await memoryOf(api);
  const quiet = await statementsWhile(() => sleep(QUIET_SECONDS * 1000));
  const since = Date.now();
  const busy = await statementsWhile(async () => {
    await db.query('UPDATE generation_jobs SET run_at = now() WHERE status = $1', ['PENDING']);
    await eventually(async () => told.size === ids.length, LIMIT_MS).catch(() => undefined);
  });
  const seconds = (Date.now() - since) / 1000;
  const committed = await db.query<{ id: string; at: string }>(
    `SELECT id, extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000 AS at FROM generation_jobs WHERE status = 'DONE'`,
  );
  const late = { stream: [] as number[], poll: [] as number[] };
  for (const { id, at } of committed.rows) {
    const client = told.get(id);
    if (client) late[client.kind].push(client.at - Number(at));
  }
  print({
    streams: { ...latency(late.stream), kib_each: Math.round(((withStreams - before) / STREAMS) * 10) / 10 },
    polls: { ...latency(late.poll), kib_each: Math.round(((withBoth - withStreams) / POLLS) * 10) / 10 },
    rss_mib: { before: Math.round(before / 1024), with_all: Math.round(withBoth / 1024) },
    statements_per_second: { nothing_happens: quiet / QUIET_SECONDS, jobs_finish: busy / seconds },
    jobs_per_second: ids.length / seconds,
    jobs: ids.length,
    told: told.size,
    cores: Number(execFileSync('nproc', { encoding: 'utf8' })),
  });
  await Promise.race([Promise.all([...streams, ...polls]), sleep(5000)]);
} finally {
  for (const child of processes) child.kill('SIGTERM');
  await Promise.race([
    Promise.all(processes.map((child) => new Promise((gone) => child.once('close', gone)))),
    sleep(15_000),
  ]);
  await db.end();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);

/** Statements by which the API looks at the jobs that are waited for, as the database counts them. */
async function statementsWhile(work: () => Promise<unknown>): Promise<number> {
  const calls = async () => {
    const answer = await db.query<{ calls: string }>(
      `SELECT COALESCE(sum(calls), 0) AS calls FROM pg_stat_statements WHERE query LIKE '%watched%'`,
    );
    return Number(answer.rows[0]!.calls);
  };
  const first = await calls();
  await work();
  return (await calls()) - first;
}

function print(figures: Record<string, unknown>): void {
  if (values.json) return console.log(JSON.stringify(figures, null, 2));
  for (const [name, value] of Object.entries(figures)) console.log(name.padEnd(24), JSON.stringify(value));
}
