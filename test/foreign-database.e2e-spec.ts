import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { Program } from './support/server/process.js';
import { SELF_SIGNED } from './support/machines/self-signed.js';
import { SessionClient } from '../src/database/session-client.js';
import { cloneDatabase, eventually, TestServer } from './support/server/server.js';
import { SystemPostgres } from './support/machines/system-postgres.js';
import { tlsDoor } from './support/machines/tls-door.js';

const MIGRATE = join(process.cwd(), 'dist/src/migrate.js');

describe('a database that others have set up', () => {
  const roles: string[] = [];
  const databases: string[] = [];

  const at = (url: string, statement: string) => asked(url, statement);
  const administer = (statement: string) => asked(other('postgres'), statement);
  const nameOf = (url: string) => new URL(url).pathname.slice(1);

  afterAll(async () => {
    for (const name of databases) await administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    for (const role of roles) await administer(`DROP ROLE ${role}`);
  });

  /** A database of its own: as the template is, or empty. */
  const create = async (how = 'TEMPLATE moviemind') => {
    if (how === 'TEMPLATE moviemind') {
      const { url } = await cloneDatabase();
      databases.push(nameOf(url));
      return url;
    }
    const name = `foreign_${randomBytes(6).toString('hex')}`;
    databases.push(name);
    await administer(`CREATE DATABASE ${name} ${how}`);
    return other(name);
  };
  /** The same database for somebody who owns nothing. */
  const asGuest = async (url: string) => {
    const role = `guest_${randomBytes(6).toString('hex')}`;
    roles.push(role);
    await administer(`CREATE ROLE ${role} LOGIN PASSWORD 'guest'`);
    const guest = new URL(url);
    [guest.username, guest.password] = [role, 'guest'];
    return { role, url: guest.href };
  };
  const refusal = async (url: string) => {
    const program = new Program({ DATABASE_URL: url, QUEUE_CONNECTION: 'database' }, MIGRATE);
    expect(await program.exited).toBe(1);
    expect(program.output.trim().split('\n')).toHaveLength(1);
    return program.output.trim();
  };
  const migrates = async (url: string, more = {}) => {
    const program = new Program({ DATABASE_URL: url, QUEUE_CONNECTION: 'database', ...more }, MIGRATE);
    expect([await program.exited, program.output]).toEqual([0, 'The database is up to date.\n']);
  };

  it('whatever its sessions begin with, jobs run and times are what they are everywhere', async () => {
    const url = await create();
    const settings = {
      DateStyle: 'SQL, DMY',
      TimeZone: 'Asia/Kathmandu',
      IntervalStyle: 'iso_8601',
      standard_conforming_strings: 'off',
      bytea_output: 'escape',
      extra_float_digits: '-15',
      client_encoding: 'LATIN1',
      row_security: 'off',
      default_transaction_isolation: 'serializable',
      statement_timeout: '500ms',
      lock_timeout: '1ms',
      idle_in_transaction_session_timeout: '1ms',
      idle_session_timeout: '1s',
      jit: 'on',
    };
    for (const [name, value] of Object.entries(settings))
      await administer(`ALTER DATABASE ${nameOf(url)} SET ${name} = '${value}'`);
    const server = await TestServer.start({}, url);
    try {
      const headers = { 'idempotency-key': 'set-up-by-others' };
      const body = { title: 'Réglé “ailleurs” 千', release_year: 2000 };
      const { status, body: job } = await server.post('/movies/generate', body, headers);
      expect(status).toBe(202);
      expect(Math.abs(Date.parse(job.created_at) - Date.now())).toBeLessThan(60_000);
      expect((await server.post('/movies/generate', body, headers)).headers.get('idempotent-replayed')).toBe('true');
      expect((await server.finished(job.job_id)).status).toBe('DONE');
      expect((await server.get('/movies?q=ailleurs')).body.total_results).toBe(1);
      const own = new SessionClient({ connectionString: url });
      await own.connect();
      expect((await own.query('SHOW jit')).rows).toEqual([{ jit: 'off' }]);
      await own.end();
      const other = 'SHOW default_transaction_isolation';
      expect(await at(url, other)).toEqual([{ default_transaction_isolation: 'serializable' }]);
    } finally {
      await server.stop();
    }
  }, 60_000);

  it('of docker/postgres-init.sh has an owner that is no superuser, also where a first run was cut short', async () => {
    const postgres = await SystemPostgres.start();
    try {
      await postgres.asked('DROP DATABASE moviemind');
      await postgres.asked(`ALTER ROLE moviemind PASSWORD 'of the first run'`);
      await postgres.prepare();
      await migrates(postgres.url);
      expect(
        await at(
          postgres.url,
          'SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user',
        ),
      ).toEqual([{ rolsuper: false, rolcreaterole: false, rolcreatedb: false }]);
    } finally {
      await postgres.remove();
    }
  });

  it('is reached by TLS where its certificate is trusted; else one line says how to trust it', async () => {
    const url = await create();
    const door = await tlsDoor(url);
    const folder = mkdtempSync(join(tmpdir(), 'moviemind-ca-'));
    const authority = join(folder, 'ca.pem');
    writeFileSync(authority, SELF_SIGNED.cert);
    try {
      expect(await refusal(`${door.url}?sslmode=require`)).toMatch(
        /its certificate is not trusted \(self-signed certificate\): .* NODE_EXTRA_CA_CERTS=ca\.pem or sslrootcert in the URL/,
      );
      expect(await refusal(`${url}?sslmode=require`)).toMatch(/it speaks no TLS: leave sslmode out of the URL$/);
      await migrates(`${door.url}?sslmode=require`, { NODE_EXTRA_CA_CERTS: authority });
      await migrates(`${door.url}?sslmode=verify-full&sslrootcert=${authority}`);
      await migrates(`${door.url}?sslmode=no-verify`);
    } finally {
      door.close();
      rmSync(folder, { recursive: true });
    }
  }, 60_000);

  it('is waited for while it is read-only, which is told once', async () => {
    const url = await create('');
    await administer(`ALTER DATABASE ${nameOf(url)} SET default_transaction_read_only = on`);
    const looks = async () => {
      const [row] = await administer(`SELECT sessions::int FROM pg_stat_database WHERE datname = '${nameOf(url)}'`);
      return (row as { sessions: number }).sessions;
    };
    const before = await looks();
    const program = new Program({ DATABASE_URL: url, QUEUE_CONNECTION: 'database' }, MIGRATE);
    try {
      await eventually(async () => (await looks()) > before + 8, 30_000);
      expect(program.output.match(/is read-only: nothing is accepted/g)).toHaveLength(1);
    } finally {
      await program.end('SIGKILL');
    }
  }, 60_000);

  it('is refused in one line when its encoding cannot hold every film', async () => {
    const url = await create(`TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'`);
    expect(await refusal(url)).toMatch(/^MovieMind cannot migrate: the database \S+ has the encoding LATIN1: .*UTF8/);
  }, 60_000);

  it('is refused in one line when no schema, or not that of pg_trgm, is in the search path', async () => {
    const url = await create();
    await administer(`ALTER DATABASE ${nameOf(url)} SET search_path = nowhere`);
    expect(await refusal(url)).toMatch(/no schema of the search_path \(nowhere\) exists in the database/);
    await administer(`ALTER DATABASE ${nameOf(url)} RESET search_path`);
    await at(url, 'CREATE SCHEMA extensions');
    await at(url, 'ALTER EXTENSION pg_trgm SET SCHEMA extensions');
    expect(await refusal(url)).toMatch(
      /pg_trgm is in the schema extensions, which is not in the search_path: ALTER ROLE/,
    );
  }, 60_000);

  it('is refused in one line when a newer program has migrated it and shuts this one out', async () => {
    const url = await create();
    await at(url, `INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'Future9999999999999')`);
    await at(
      url,
      `INSERT INTO deployment (least_program) VALUES ('999.1.0')
      ON CONFLICT (one_row) DO UPDATE SET least_program = EXCLUDED.least_program`,
    );
    expect(await refusal(url)).toMatch(
      /is newer than this program \(it has the migration Future9999999999999\) and serves 999\.1\.0 or newer, this is/,
    );
    await at(url, 'UPDATE deployment SET least_program = NULL');
    const [lacking] = (await at(
      url,
      'DELETE FROM migrations WHERE id = (SELECT min(id) FROM migrations) RETURNING timestamp, name',
    )) as [{ timestamp: string; name: string }];
    expect(await refusal(url)).toMatch(/Future9999999999999\), and lacks 1 of this program's migrations: migrate by/);
    await at(url, `INSERT INTO migrations (timestamp, name) VALUES (${lacking.timestamp}, '${lacking.name}')`);
    await at(url, 'ALTER SCHEMA bullmq RENAME TO elsewhere');
    expect(await refusal(url)).toMatch(/the queue's tables are missing, and a newer program made the others/);
    await at(url, 'ALTER SCHEMA elsewhere RENAME TO bullmq');
    await at(url, `UPDATE bullmq.migration SET min_client_version = 99`);
    expect(await refusal(url)).toMatch(/the queue in the schema bullmq is newer than this program/);
  }, 60_000);

  it('serves a role that may change no table, once it is migrated; a right that lacks is named', async () => {
    const url = await create();
    const guest = await asGuest(url);
    expect(await refusal(guest.url)).toMatch(/permission denied for table migrations: .* GRANT SELECT, INSERT/);
    const everything = 'SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA';
    await at(url, `GRANT ${everything} public TO ${guest.role}`);
    await at(url, `REVOKE INSERT ON people FROM ${guest.role}`);
    await at(url, `GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${guest.role}`);
    const [, remedy] = /the role guest_\S+ lacks rights in the queue's schema: have its owner run (.*)$/.exec(
      await refusal(guest.url),
    )!;
    await at(url, remedy!);
    expect(await refusal(guest.url)).toMatch(/the role \S+ may not write the table people: have its owner run GRANT/);
    await at(url, `GRANT INSERT ON people TO ${guest.role}`);
    await migrates(guest.url);
    const server = await TestServer.start({}, guest.url);
    try {
      const job = await server.generate('movies', { title: 'Guest', release_year: 2000 });
      expect(job.status).toBe('DONE');
    } finally {
      await server.stop();
    }
  }, 60_000);

  it('tells what its administrator has to run, one right after the other, and is content when that is done', async () => {
    const url = await create('TEMPLATE template0');
    const guest = await asGuest(url);
    expect(await refusal(guest.url)).toMatch(
      /denied for schema public: .* GRANT USAGE, CREATE ON SCHEMA public TO guest_/,
    );
    await at(url, `GRANT USAGE, CREATE ON SCHEMA public TO ${guest.role}`);
    expect(await refusal(guest.url)).toMatch(
      /create extension "pg_trgm": .* run CREATE EXTENSION pg_trgm in the database/,
    );
    await at(url, 'CREATE EXTENSION pg_trgm');
    expect(await refusal(guest.url)).toMatch(/denied for database .* run CREATE SCHEMA bullmq AUTHORIZATION guest_/);
    await at(url, `CREATE SCHEMA bullmq AUTHORIZATION ${guest.role}`);
    await migrates(guest.url);
  }, 60_000);
});

function other(database: string): string {
  const url = new URL(process.env.TEST_DATABASE_URL!);
  url.pathname = `/${database}`;
  return url.href;
}

async function asked(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url, options: '-c search_path=public -c statement_timeout=0' });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}
