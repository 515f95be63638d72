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
  const withDatabase = (name: string) => Object.assign(new URL(database.url), { pathname: `/${name}` }).href;
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

  /** What one of us left behind in a session would be everybody's. Each look takes a session of its own for a moment. */
  const leavesNothing = async (pooler: PgBouncer) => {
    const look = `SELECT current_setting('statement_timeout') AS limit, current_setting('search_path') AS path,
      (SELECT count(*)::int FROM pg_listening_channels()) AS heard,
      (SELECT count(*)::int FROM pg_prepared_statements) AS prepared, pg_sleep(0.3)::text AS slept`;
    const seen = (await Promise.all(Array.from({ length: 8 }, () => asked(look, pooler.url)))).flat();
    const clean = { limit: '0', path: '"$user", public', heard: 0, prepared: 0, slept: '' };
    expect(seen).toEqual(seen.map(() => clean));
  };
  /** Each job was run by one claim, and nothing of the queue is left. */
  const ranOnce = async (jobs: number, driver = DRIVER) => {
    expect(
      await asked(`SELECT count(*)::int AS jobs, max(attempts) AS most, sum(crashes)::int AS crashes,
      (SELECT count(*)::int FROM movie_descriptions) AS texts FROM generation_jobs WHERE status = 'DONE'`),
    ).toEqual([{ jobs, most: 1, crashes: 0, texts: jobs }]);
    if (driver === 'database') await eventually(async () => (await asked('SELECT 1 FROM bullmq.job')).length === 0);
  };
  const BY_POLLS = 'a pooler in transaction mode: waiting clients are served by polls, once a second';

  it.each(['database', 'redis'] as const)(
    'a PgBouncer in transaction mode serves the queue on %s; nothing stays in its sessions',
    async (driver) => {
      bouncer = await PgBouncer.before(database.url, 'transaction');
      const program = start(bouncer.url, {}, driver);
      await generates(program);
      expect(program.output).toContain(BY_POLLS);
      await ranOnce(12, driver);
      await leavesNothing(bouncer);
      expect(await program.end('SIGTERM')).toBe(0);
    },
    90_000,
  );

  it('past it, by DATABASE_DIRECT_URL, workers and clients are woken at once; one connection listens for each', async () => {
    bouncer = await PgBouncer.before(database.url, 'transaction');
    const settings = { DATABASE_DIRECT_URL: database.url };
    const api = start(bouncer.url, { ...settings, ROLE: 'api' });
    const url = await api.ready();
    const worker = start(bouncer.url, { ...settings, ROLE: 'worker' });
    await worker.ready();
    // Those of the pooler have other names, or none.
    const listeners = `SELECT 1 FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'moviemind-listen'`;
    await eventually(async () => (await asked(listeners)).length === 2);
    const [accepting, took]: [number[], number[]] = [[], []];
    for (let n = 0; n < 5; n++) {
      const sent = performance.now();
      const { job } = await post(url, `Direct ${n}`);
      const asked = performance.now();
      accepting.push(asked - sent);
      const done = await fetch(`${url}/jobs/${job.job_id as string}`, { headers: { prefer: 'wait=20' } });
      expect(await done.json()).toMatchObject({ status: 'DONE' });
      took.push(performance.now() - asked);
    }
    // Two polls, for the worker and for the client, would take 750 ms on average, and the work of the job besides: on a
    // machine that is slow to accept that takes its time, too.
    expect(Math.min(...took)).toBeLessThan(400 + 5 * Math.min(...accepting));
    await ranOnce(5);
    await leavesNothing(bouncer);
    expect(await api.end('SIGTERM')).toBe(0);
    expect(await worker.end('SIGTERM')).toBe(0);
  }, 120_000);

  it('a PgBouncer that dies in the middle of the work loses nothing and has nothing done twice', async () => {
    bouncer = await PgBouncer.before(database.url, 'transaction');
    const program = start(bouncer.url, { MOCK_LATENCY_MS: '300', GENERATION_BACKOFF_MS: '100', JOB_LEASE_MS: '3000' });
    const url = await program.ready();
    const accepted = new Set<string>();
    const keepAsking = async (part: number) => {
      for (let n = 0; n < 12; n++) {
        const { status, job } = await post(url, `Restart ${part} ${n}`).catch(() => ({ status: 0, job: {} as Json }));
        if (status === 202) accepted.add(job.job_id as string);
      }
    };
    const load = Promise.all([1, 2, 3, 4].map(keepAsking));
    await eventually(async () => accepted.size >= 8);
    await bouncer.restart(500);
    await load;
    await eventually(async () => {
      const left = await asked(`SELECT 1 FROM generation_jobs WHERE finished_at IS NULL`);
      return left.length === 0;
    }, 90_000);
    const rows = await asked('SELECT id, status FROM generation_jobs');
    expect(rows.map(({ status }) => status)).toEqual(rows.map(() => 'DONE'));
    expect(rows.map(({ id }) => id as string)).toEqual(expect.arrayContaining([...accepted]));
    // Each has one text: what was run again after the loss of an answer has stored nothing twice.
    expect(await asked('SELECT count(*)::int AS texts FROM movie_descriptions')).toEqual([{ texts: rows.length }]);
    await leavesNothing(bouncer);
  }, 180_000);

  it.each([
    ['the pooler itself', () => bouncer!.url, /^MovieMind cannot start: DATABASE_DIRECT_URL leads to a pooler in tran/],
    [
      'another database',
      () => withDatabase('postgres'),
      /^MovieMind cannot start: DATABASE_DIRECT_URL leads to another database than DATABASE_URL: /,
    ],
    [
      'a database that does not exist',
      () => withDatabase('nowhere'),
      /^MovieMind cannot start: cannot use the database of DATABASE_DIRECT_URL: database "nowhere" does not exist$/,
    ],
  ])(
    'a DATABASE_DIRECT_URL of %s is refused in one line',
    async (_, direct, line) => {
      bouncer = await PgBouncer.before(database.url, 'transaction');
      const program = start(bouncer.url, { DATABASE_DIRECT_URL: direct() });
      expect(await program.exited).toBe(1);
      expect(program.output.trim()).toMatch(line);
      expect(program.output).not.toContain(new URL(database.url).password);
    },
    60_000,
  );

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
