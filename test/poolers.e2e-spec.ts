import pg from 'pg';
import { PgBouncer } from './support/machines/pgbouncer.js';
import { Program } from './support/server/process.js';
import { cloneDatabase, eventually } from './support/server/server.js';

type Json = Record<string, unknown>;

type Driver = typeof DRIVER;

const onDriver = (driver: Driver): Record<string, string> => ({
  QUEUE_CONNECTION: driver,
  AUTH_REQUIRED: 'false',
  RATE_LIMIT_GENERATE: '1000',
  ...(driver === 'redis' && {
    REDIS_URL: process.env.TEST_REDIS_URL!,
    QUEUE_PREFIX: `poolers-${Math.random().toString(36).slice(2)}`,
  }),
});

const LOCKS = `SELECT count(*)::int AS held FROM pg_locks
  WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

describe('between the program and PostgreSQL', () => {
  let database: Awaited<ReturnType<typeof cloneDatabase>>;
  let bouncer: PgBouncer | null;
  let programs: Program[];

  beforeEach(async () => {
    [bouncer, programs] = [null, []];
    database = await cloneDatabase();
  });

  afterEach(async () => {
    await Promise.all(programs.map((program) => program.end('SIGKILL')));
    await bouncer?.stop();
    await database.drop();
  });

  const start = (url: string, settings: Record<string, string> = {}, driver = DRIVER) => {
    const program = new Program({ ...onDriver(driver), DATABASE_URL: url, ...settings });
    programs.push(program);
    return program;
  };
  const asked = async (statement: string, url = database.url) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Json>(statement)).rows;
    } finally {
      await client.end();
    }
  };
  const post = async (url: string, title: string) => {
    const response = await fetch(`${url}/movies/generate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title, release_year: 2000 }),
    });
    return { status: response.status, job: (await response.json()) as Json };
  };
  /** At once and one after the other, so that more than one connection is in use. */
  const generates = async (program: Program) => {
    const url = await program.ready();
    const accepted = await Promise.all(Array.from({ length: 12 }, (_, n) => post(url, `Pooled ${n}`)));
    expect(accepted.map(({ status }) => status)).toEqual(accepted.map(() => 202));
    for (const { job } of accepted) {
      const done = await eventually(async () => {
        const now = (await (await fetch(`${url}/jobs/${job.job_id as string}`)).json()) as Json;
        return now.finished_at ? now : null;
      }, 20_000);
      expect(done.status).toBe('DONE');
    }
    const search = await fetch(`${url}/movies?q=pooled`);
    expect(((await search.json()) as Json).total_results).toBe(12);
    // A lock that is not a transaction's would stay with the session, and behind a pooler with whoever is given it
    // next.
    await eventually(async () => (await asked(`${LOCKS} AND locktype = 'advisory'`))[0]!.held === 0);
  };
  const withOptions = (url: string, options: string) => `${url}?options=${encodeURIComponent(options)}`;

  it('options in DATABASE_URL count on every connection, and the queue finds its own tables all the same', async () => {
    await asked('CREATE SCHEMA films');
    await generates(start(withOptions(database.url, '-c search_path=films,public -c work_mem=7MB')));
    expect(await asked('SELECT count(*)::int AS made FROM films.generation_jobs')).toEqual([{ made: 12 }]);
  }, 90_000);

  it('a migration of a newer version is no trouble: what was prepared before it is prepared anew', async () => {
    const url = await start(database.url).ready();
    const oneAfterTheOther = async (name: string) => {
      for (let n = 0; n < 12; n++) {
        const { status, job } = await post(url, `${name} ${n}`);
        expect(status).toBe(202);
        const done = await eventually(async () => {
          const answer = await fetch(`${url}/jobs/${job.job_id as string}`);
          expect(answer.status).toBe(200);
          const now = (await answer.json()) as Json;
          return now.finished_at ? now : null;
        }, 20_000);
        expect(done).toMatchObject({ status: 'DONE', attempts: 1 });
      }
    };
    await oneAfterTheOther('Before It');
    for (const table of ['generation_jobs', 'movies', 'movie_descriptions', 'bullmq.job'])
      await asked(`ALTER TABLE ${table} ADD COLUMN of_a_newer_version text`);
    await oneAfterTheOther('After It');
    expect(await asked('SELECT DISTINCT attempts, crashes FROM generation_jobs')).toEqual([
      { attempts: 1, crashes: 0 },
    ]);
  }, 90_000);

  it('a PgBouncer as it is shipped, in session mode, is no different from PostgreSQL', async () => {
    bouncer = await PgBouncer.before(database.url, 'session');
    const program = start(bouncer.url);
    await generates(program);
    expect(program.output).not.toMatch(/"level":"(warn|error)".*"(Changes|Dispatcher)"/);
    expect(await program.end('SIGTERM')).toBe(0);
  }, 90_000);

  it('a PgBouncer that has no connection left is not taken for a PostgreSQL that is away', async () => {
    bouncer = await PgBouncer.before(database.url, 'session');
    const token = 'admin-0123456789abcdef';
    const url = await start(bouncer.url, { ADMIN_TOKEN: token }).ready();
    const detail = async () => {
      const answer = await fetch(`${url}/health/detail`, { headers: { authorization: `Bearer ${token}` } });
      return (await answer.json()) as { postgres: Json; warnings: string[] };
    };
    // More than a pool has, before anybody asks for the first time.
    const others = Array.from({ length: 25 }, () => new pg.Client({ connectionString: bouncer!.url }));
    try {
      for (const other of others) {
        other.on('error', () => undefined);
        // It is given a connection with its first statement.
        void other
          .connect()
          .then(() => other.query('SELECT 1'))
          .catch(() => undefined);
      }
      const taken = 'SELECT 1 FROM pg_stat_activity WHERE datname = current_database()';
      await eventually(async () => (await asked(taken)).length > 20);
      const { postgres, warnings } = await detail();
      expect(postgres.state).toBe('up');
      expect(warnings.join()).toMatch(/no connection left for it \(of a pooler: default_pool_size\)/);
      expect(warnings.join()).not.toMatch(/PostgreSQL does not answer/);
    } finally {
      for (const other of others) other.end().catch(() => undefined);
    }
  }, 120_000);

  it('a PgBouncer in transaction mode serves the queue on Redis', async () => {
    bouncer = await PgBouncer.before(database.url, 'transaction');
    const program = start(bouncer.url, {}, 'redis');
    await generates(program);
    expect(program.output).toContain('a pooler in transaction mode: waiting clients are served by polls');
    // What one of us left behind in a session would be everybody's. Each look takes a session of its own for a moment.
    const limit = `SELECT current_setting('statement_timeout') AS limit, pg_sleep(0.3)::text AS slept`;
    const seen = await Promise.all(Array.from({ length: 8 }, () => asked(limit, bouncer!.url)));
    expect(new Set(seen.flat().map((row) => row.limit))).toEqual(new Set(['0']));
    expect(await program.end('SIGTERM')).toBe(0);
  }, 90_000);

  it('a PgBouncer in transaction mode is refused for the queue on PostgreSQL: one line says what to do', async () => {
    bouncer = await PgBouncer.before(database.url, 'transaction');
    const program = start(bouncer.url, {}, 'database');
    expect(await program.exited).toBe(1);
    expect(program.output.trim()).toMatch(
      /^MovieMind cannot start: DATABASE_URL leads to a pooler in transaction mode, and the queue .*REDIS_URL$/,
    );
  }, 90_000);

  it('a parameter that PgBouncer refuses is named at once, in one line', async () => {
    bouncer = await PgBouncer.before(database.url, 'session');
    const asked = Date.now();
    const program = start(withOptions(bouncer.url, '-c work_mem=7MB'));
    expect(await program.exited).toBe(1);
    expect(Date.now() - asked).toBeLessThan(20_000);
    expect(program.output.trim()).toMatch(
      /^MovieMind cannot start: PgBouncer refuses the parameter options of DATABASE_URL: .*ignore_startup_parameters.*$/,
    );
  }, 60_000);

  it('a pooler in transaction mode cannot be given settings: one line says which default is wrong', async () => {
    const name = new URL(database.url).pathname.slice(1);
    await asked(`ALTER DATABASE ${name} SET default_transaction_isolation = 'serializable'`);
    bouncer = await PgBouncer.before(database.url, 'transaction');
    const settings = { QUEUE_CONNECTION: 'redis', REDIS_URL: process.env.TEST_REDIS_URL! };
    const program = start(bouncer.url, settings);
    expect(await program.exited).toBe(1);
    expect(program.output.trim()).toMatch(
      /^MovieMind cannot start: .* transaction mode, where default_transaction_isolation is serializable: ALTER ROLE .*$/,
    );
  }, 60_000);

  it.each([
    ['the lock of the migrations is left behind by somebody', '', 'SELECT pg_advisory_lock(7305422)', 'idle'],
    [
      'a table that a migration changes is in use',
      `DROP TABLE deployment; ALTER TABLE throttles DROP COLUMN reason; DELETE FROM migrations WHERE name LIKE 'Deployment%'`,
      'BEGIN; SELECT * FROM throttles',
      'idle in transaction',
    ],
  ])(
    'while %s, a start says who it is and waits; and goes on',
    async (_, before, hold, state) => {
      if (before) await asked(before);
      const holder = new pg.Client({ connectionString: database.url, application_name: 'somebody' });
      await holder.connect();
      const { rows } = await holder.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const { pid } = rows[0]!;
      try {
        await holder.query(hold);
        const program = start(database.url);
        const line = new RegExp(
          `^Waiting: PostgreSQL process ${pid} \\(somebody, ${state} for \\d+ s\\) holds a lock that the migrations need; ` +
            `if it is left behind, SELECT pg_terminate_backend\\(${pid}\\)$`,
          'm',
        );
        await eventually(async () => line.test(program.output), 45_000);
        expect(program.output).not.toContain('MovieMind is ready');
        await holder.end();
        await program.ready();
        expect(program.output.match(new RegExp(line, 'gm'))).toHaveLength(1);
      } finally {
        await holder.end().catch(() => undefined);
      }
    },
    90_000,
  );
});
