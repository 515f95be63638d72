import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { HealthReads } from '../src/database/pools.js';
import type { DetailDto } from '../src/health/detail.dto.js';
import type { FindingCode } from '../src/health/finding.js';
import { notSeenOf, postgresFindings } from '../src/health/postgres-findings.js';
import { PostgresReader } from '../src/health/postgres-report.js';
import { ago, alike, insertJob, insertJobs } from './support/ledger/insert-job.js';
import { OwnPostgres } from './support/machines/own-postgres.js';
import { OwnRedis } from './support/machines/own-redis.js';
import { startRedis } from './support/machines/services.js';
import { preloaded } from './support/server/process.js';
import { eventually, TestServer } from './support/server/server.js';
import { startWorker } from './support/server/worker.js';

const TOKEN = 'a-long-enough-admin-token';
const KEY = { authorization: `Bearer ${TOKEN}` };
/** Connections that are left of the 200 that PostgreSQL allows. */
const ALLOWED = 50;

/** Each is made so on a PostgreSQL and a Redis of this file's own, is found through the door, and is undone. */
describe('what is unsafe', () => {
  let postgres: OwnPostgres;
  let redis: OwnRedis;
  let server: TestServer;
  let admin: pg.Client;

  const connect = async (options: pg.ClientConfig = {}) => {
    const client = new pg.Client({ connectionString: postgres.url, ...options });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  const detail = async () => (await server.get<DetailDto>('/health/detail', KEY)).body;
  const codes = async () => (await detail()).findings.map(({ code }) => code);
  const found = (code: FindingCode) =>
    eventually(async () => (await detail()).findings.find((one) => one.code === code));
  const gone = (code: FindingCode) => eventually(async () => !(await codes()).includes(code));
  /** Makes it so, finds it, and undoes it. */
  const proven = async (code: FindingCode, make: () => Promise<unknown>, undo: () => Promise<unknown>) => {
    expect(await codes()).not.toContain(code);
    try {
      await make();
      return await found(code);
    } finally {
      await undo();
      await gone(code);
    }
  };

  beforeAll(async () => {
    [postgres, redis] = await Promise.all([OwnPostgres.start(), OwnRedis.reserve()]);
    const first = await connect();
    await first.query(`ALTER SYSTEM SET superuser_reserved_connections = ${200 - ALLOWED}`);
    await first.query('ALTER SYSTEM SET max_prepared_transactions = 2');
    await first.end();
    await Promise.all([postgres.stopImmediately().then(() => postgres.startAgain()), redis.start()]);
    admin = await connect();
    server = await TestServer.start({ ADMIN_TOKEN: TOKEN, ROLE: 'api', REDIS_URL: redis.url }, postgres.url);
  }, 60_000);

  afterAll(async () => {
    await server?.stop();
    await admin?.end();
    await redis?.remove();
    await postgres?.remove();
  }, 60_000);

  it('is told with its code, severity and action, as warnings too, and is only that no worker runs at first', async () => {
    const { findings, warnings, not_seen } = await eventually(async () => {
      const one = await detail();
      return one.redis!.state === 'up' && one;
    });
    const action = 'start one (ROLE=worker)';
    const message = 'No worker is alive, jobs that wait: 0';
    expect(findings).toEqual([{ code: 'no_worker', severity: 'critical', message, action }]);
    expect(warnings).toEqual([`${message}; ${action}`]);
    expect(not_seen).toEqual([expect.stringMatching(/^the disk of PostgreSQL’s server: .* takes \d+ MiB of it$/)]);
  });

  it('are connections: too few for what runs, and nearly all of them used', async () => {
    const add = `INSERT INTO processes (id, host, pid, role, connections, expires_at)
      VALUES (gen_random_uuid(), 'other', 1, 'api', ${ALLOWED}, now() + interval '1 hour')`;
    const few = await proven(
      'postgres_connections_few',
      () => admin.query(add),
      () => admin.query(`DELETE FROM processes WHERE host = 'other'`),
    );
    expect(few.message).toMatch(
      new RegExp(`lets ${ALLOWED} connections in, and what runs may open 67 \\(processes: 2\\)`),
    );
    const sessions: pg.Client[] = [];
    const open = async () => {
      for (let n = 0; n < ALLOWED; n++) sessions.push(await connect());
    };
    await proven('postgres_connections_used', open, () => Promise.all(sessions.map((session) => session.end())));
  });

  it('is what vacuum has left lying, and an index that no query uses', async () => {
    const autovacuum = (value: string) =>
      admin.query(`ALTER SYSTEM SET autovacuum = ${value}`).then(() => admin.query('SELECT pg_reload_conf()'));
    const lying = async () => {
      await autovacuum('off');
      await found('postgres_autovacuum_off');
      await admin.query('CREATE TABLE lying AS SELECT n FROM generate_series(1, 60000) AS n');
      await admin.query('DELETE FROM lying');
      await admin.query('SELECT pg_stat_force_next_flush()');
    };
    const table = await proven('postgres_dead_tuples', lying, async () => {
      await admin.query('DROP TABLE lying');
      await autovacuum('on');
    });
    expect(table.message).toMatch(/100 % of the rows of lying are dead \(60000\)/);
    await gone('postgres_autovacuum_off');
    const index = await proven(
      'postgres_index_invalid',
      async () => {
        await admin.query('CREATE TABLE twice AS SELECT 1 AS n FROM generate_series(1, 2)');
        await admin.query('CREATE UNIQUE INDEX CONCURRENTLY only_once ON twice (n)').catch(() => undefined);
      },
      () => admin.query('DROP TABLE twice'),
    );
    expect(index.action).toBe('REINDEX INDEX CONCURRENTLY only_once');
  });

  it('are a slot that nobody uses, and a standby that does not keep up', async () => {
    const standby = (await connect({
      application_name: 'slow',
      replication: 'true',
    } as pg.ClientConfig)) as pg.Client & {
      connection: { stream: { pause: () => void; destroy: () => void } };
    };
    const make = async () => {
      const { rows } = await admin.query<{ here: string }>(
        `SELECT pg_current_wal_lsn()::text AS here, pg_create_physical_replication_slot('left', true)`,
      );
      standby.query(`START_REPLICATION PHYSICAL ${rows[0]!.here}`).catch(() => undefined);
      standby.connection.stream.pause();
      await admin.query(`SELECT pg_logical_emit_message(false, 'x', repeat('x', 8388608)) FROM generate_series(1, 34)`);
    };
    const slot = await proven('postgres_slot_unused', make, async () => {
      expect((await found('postgres_standby_behind')).message).toMatch(/the standby slow is behind \(\d+ MiB/);
      standby.connection.stream.destroy();
      await admin.query(`SELECT pg_drop_replication_slot('left')`);
    });
    expect(slot.message).toMatch(/slot left, for which 2\d\d MiB of log are kept/);
    await gone('postgres_standby_behind');
  });

  /** What a session reads: these last for an hour before they are found, so the hour is added here. */
  const readBy = async (client: pg.Client) => {
    const ask = { query: async (text: string) => (await client.query(text)).rows as unknown };
    const reads = { read: (question: (db: typeof ask) => Promise<unknown>) => question(ask) } as unknown as HealthReads;
    return (await new PostgresReader(reads).report(5000))!;
  };
  const older = <T extends { seconds: number } | null>(one: T) => one && { ...one, seconds: one.seconds + 3600 };

  it('is a transaction that nobody ends, also a prepared one', async () => {
    const holder = await connect({ application_name: 'forgetful' });
    try {
      await holder.query('BEGIN; CREATE TABLE held (n int)');
      const { pid } = (await holder.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]!;
      const report = await readBy(admin);
      expect(report.transaction).toMatchObject({ pid, name: 'forgetful', state: 'idle in transaction' });
      expect(postgresFindings(report)).toEqual([]);
      expect(postgresFindings({ ...report, transaction: older(report.transaction) })).toMatchObject([
        { code: 'postgres_transaction_old', action: expect.stringContaining(`pg_terminate_backend(${pid})`) },
      ]);
      await holder.query(`PREPARE TRANSACTION 'two'`);
      const { prepared, ...rest } = await readBy(admin);
      expect(postgresFindings({ ...rest, prepared: older(prepared) })).toMatchObject([
        { code: 'postgres_prepared_old', action: `COMMIT or ROLLBACK PREPARED 'two'` },
      ]);
      await holder.query(`ROLLBACK PREPARED 'two'`);
    } finally {
      await holder.end();
    }
  });

  it('is told by a role without rights as far as it sees, and it says what it does not', async () => {
    await admin.query(`CREATE ROLE plain LOGIN PASSWORD 'plain'`);
    const plain = await connect({ connectionString: postgres.url.replace(/\/\/[^@]+@/, '//plain:plain@') });
    try {
      const report = await readBy(plain);
      expect(report).toMatchObject({ sees_all: false, connections: { allowed: ALLOWED }, invalid_indexes: [] });
      expect(notSeenOf(report, true)).toEqual([expect.stringMatching(/grant pg_monitor/)]);
      await admin.query('GRANT pg_monitor TO plain');
      expect(notSeenOf(await readBy(plain), true)).toEqual([]);
    } finally {
      await plain.end();
      await admin.query('DROP ROLE plain');
    }
  });

  it('is a machine whose clock is wrong', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'moviemind-clock-'));
    const CLOCK_FILE = join(folder, 'clock');
    writeFileSync(CLOCK_FILE, '3600000');
    const worker = await startWorker(server, { ...preloaded('shifted-clock'), CLOCK_FILE, AI_SERVICE: 'mock' });
    try {
      const { message } = await found('clock_skew');
      expect(message).toMatch(/^Clocks are apart, by that of PostgreSQL: \S+ 3(600|599)\.\d s ahead$/);
    } finally {
      await worker.end('SIGTERM');
      rmSync(folder, { recursive: true });
    }
    await gone('clock_skew');
  });

  it('is a worker that beats and takes nothing, and a budget that is nearly spent', async () => {
    const job = () => insertJob(server.db, { run_at: ago(120), created_at: ago(120) });
    await admin.query(`INSERT INTO workers (id, name, host, pid, queues, concurrency, started_at, expires_at, daily_tokens)
      VALUES (gen_random_uuid(), 'hung:1', 'hung', 1, '{movies,people,webhooks}', 10, now() - interval '1 hour',
        now() + interval '1 hour', 1000)`);
    const uses = (tokens: number) =>
      admin.query(
        `INSERT INTO model_uses (model, entity, calls, input_tokens, output_tokens, duration_ms)
         VALUES ('m', 'MOVIE', 1, $1, 0, 1)`,
        [tokens],
      );
    try {
      const quiet = await proven('worker_idle', job, () => admin.query('DELETE FROM generation_jobs'));
      expect(quiet.message).toMatch(
        /^Queue movies: hung:1 beats but takes nothing, jobs that wait: 1, one of them for 1\d\d s/,
      );
      expect((await uses(900)).rowCount).toBe(1);
      expect((await found('budget_nearly_spent')).message).toMatch(/^90 % of DAILY_TOKEN_BUDGET/);
      await uses(100);
      await found('budget_spent');
      expect(await codes()).not.toContain('budget_nearly_spent');
    } finally {
      await admin.query('DELETE FROM workers; DELETE FROM model_uses');
    }
  });

  it('are failures that pile up, of jobs and of messages', async () => {
    await insertJobs(server.db, alike(1000, { status: 'FAILED' }));
    const { message } = await found('jobs_failing');
    expect(message).toBe('1000 jobs failed over the last hour, 100 % of those that ended');
    await found('failed_jobs_piled_up');
    await admin.query(`WITH hook AS (INSERT INTO job_webhooks (id, job_id, url, events)
        SELECT gen_random_uuid(), id, 'http://127.0.0.1:9/', '{job.failed}' FROM generation_jobs LIMIT 5 RETURNING id)
      INSERT INTO webhook_deliveries (id, webhook_id, run, event, job_status, status, attempts, attempted_at, finished_at)
        SELECT gen_random_uuid(), id, 1, 'job.failed', 'FAILED', 'FAILED', 9, now(), now() FROM hook`);
    await admin.query(
      `INSERT INTO webhook_disabled_endpoints (id, url) VALUES (gen_random_uuid(), 'http://127.0.0.1:9/')`,
    );
    await found('webhooks_failing');
    await found('webhook_endpoints_disabled');
    await admin.query('DELETE FROM generation_jobs; DELETE FROM webhook_disabled_endpoints');
    for (const code of ['jobs_failing', 'failed_jobs_piled_up', 'webhooks_failing'] as const) await gone(code);
  });

  it('are rows that nobody forgets: here, since somebody holds them', async () => {
    const [id, telling] = [
      await insertJob(server.db, { status: 'DONE' }),
      await insertJob(server.db, { status: 'DONE' }),
    ];
    // A job whose message is still to be delivered is kept on purpose: the finding counts one job alone.
    await admin.query(`WITH hook AS (INSERT INTO job_webhooks (id, job_id, url, events)
        VALUES (gen_random_uuid(), '${telling}', 'http://127.0.0.1:9/', '{job.completed}') RETURNING id)
      INSERT INTO webhook_deliveries (id, webhook_id, run, event, job_status, run_at)
        SELECT gen_random_uuid(), id, 1, 'job.completed', 'DONE', now() + interval '1 day' FROM hook`);
    await admin.query(`INSERT INTO idempotency_keys (id, fingerprint) VALUES (sha256('a'), sha256('b'))`);
    await admin.query(`INSERT INTO batches (id, total, completed_at) VALUES ('${id}', 1, now())`);
    const holder = await connect();
    const tables = ['generation_jobs', 'idempotency_keys', 'batches'];
    // A row may be changed meanwhile, and not be deleted.
    await holder.query(`BEGIN; ${tables.map((table) => `SELECT 1 FROM ${table} FOR KEY SHARE;`).join(' ')}`);
    const make = async () => {
      const old = `now() - interval '32 days'`;
      await admin.query(`UPDATE generation_jobs SET created_at = ${old}, finished_at = ${old};
        UPDATE idempotency_keys SET created_at = ${old}; UPDATE batches SET created_at = ${old}`);
    };
    const { message } = await proven('retention_behind', make, () => holder.end());
    expect(message).toMatch(/\(jobs: 1, batches: 1, idempotency keys: 1\)/);
    expect(await server.rows('DELETE FROM generation_jobs RETURNING id')).toEqual([{ id: telling }]);
  });

  it('is a Redis that runs into its limits, or whose files cannot be written', async () => {
    const set = (name: string, value: string | number) => redis.ask((client) => client.config('SET', name, value));
    const info = (name: string) =>
      redis.ask(async (client) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(await client.info())![1]));
    const client = new Redis(redis.url);
    const connected = async () => Number(/^connected_clients:(\d+)/m.exec(await client.info())![1]);
    await proven(
      'redis_clients',
      async () => client.config('SET', 'maxclients', await connected()),
      () => client.config('SET', 'maxclients', 1000),
    );
    client.disconnect();
    await proven(
      'redis_memory',
      async () => set('maxmemory', Math.round((await info('used_memory')) * 1.15)),
      () => set('maxmemory', 0),
    );
    const [, dir] = (await redis.ask((client) => client.config('GET', 'dir'))) as [string, string];

    // A folder stands where the snapshot goes.
    const snapshot = join(dir, 'dump.rdb');
    const save = () => redis.ask((client) => client.bgsave());
    await proven(
      'redis_snapshot_failing',
      async () => {
        rmSync(snapshot, { force: true });
        mkdirSync(snapshot);
        await save();
      },
      async () => {
        rmSync(snapshot, { recursive: true });
        await save();
      },
    );

    // A file stands where its folder was.
    const [folder, aside] = [join(dir, 'appendonlydir'), join(dir, 'aside')];
    const rewrite = () => redis.ask((client) => client.bgrewriteaof());
    await proven(
      'redis_aof_rewrite_failing',
      async () => {
        renameSync(folder, aside);
        writeFileSync(folder, '');
        await rewrite().catch(() => undefined);
      },
      async () => {
        rmSync(folder);
        renameSync(aside, folder);
        await rewrite();
      },
    );

    const pid = await info('process_id');
    const limit = (bytes: string) => execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}`]);
    const write = () => redis.ask((client) => client.set('large', 'x'.repeat(100_000))).catch(() => undefined);
    await proven(
      'redis_aof_write_failing',
      async () => {
        limit('1000:unlimited');
        await write();
      },
      async () => limit('unlimited:unlimited'),
    );
  });

  it('is a Redis whose replica lags behind, or that is one itself', async () => {
    const { port } = new URL(redis.url);
    const atOnce = ['repl-diskless-sync-delay', '0'] as const;
    await redis.ask((client) => client.config('SET', ...atOnce));
    const options = ['--replicaof', '127.0.0.1', port, `--${atOnce[0]}`, atOnce[1]];
    const replica = await startRedis(undefined, undefined, options);
    try {
      await eventually(async () => (await detail()).redis!.replicas[0]?.state === 'online');
      const lag = async () => {
        replica.process.kill('SIGSTOP');
        await redis.ask((client) => client.set('large', 'x'.repeat(20 * 1024 * 1024)));
      };
      const behind = await proven('redis_replica_behind', lag, async () => replica.process.kill('SIGCONT'));
      expect(behind.message).toMatch(/it lacks \d+ MiB/);
      const other = new URL(replica.url).port;
      await redis.ask((client) => client.del('large'));
      const follow = (host: string, at: string) => redis.ask((client) => client.replicaof(host, at));
      await proven(
        'redis_is_replica',
        () => follow('127.0.0.1', other),
        () => follow('NO', 'ONE'),
      );
    } finally {
      await replica.stop();
    }
  });
});
