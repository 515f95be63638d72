import type pg from 'pg';
import type { DataSource } from 'typeorm';
import { missingRight, type Who } from './missing-right.js';
import { findPooling, rememberPooling } from './pooling.js';
import { newerMigration } from './program-age.js';
import { SESSION, SessionClient } from './session-client.js';
import { type Session, sql } from './sql.js';
import { StartError } from './start-error.js';

interface DatabaseFacts {
  encoding: string;
  database: string;
  role: string;
  schema: string | null;
  search_path: string;
  read_only: boolean;
  /** Schema of the extension pg_trgm; `null`: it is not installed. */
  trigrams: string | null;
  /** Whether its functions are found without naming that schema. */
  trigrams_in_path: boolean;
  migrations_table: boolean;
}

const FACTS = `SELECT current_setting('server_encoding') AS encoding, current_database() AS database,
  current_user AS role, current_schema() AS schema, current_setting('search_path') AS search_path,
  current_setting('transaction_read_only') = 'on' AS read_only,
  (SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'pg_trgm') AS trigrams,
  to_regprocedure('word_similarity(text,text)') IS NOT NULL AS trigrams_in_path,
  to_regclass(quote_ident(current_schema()) || '.migrations') IS NOT NULL AS migrations_table`;

/**
 * Checks the database of DATABASE_URL before anything is changed there. It also remembers whether sessions are kept on
 * the way there.
 * @param known names of the program's migrations
 * @returns the newest migration of a newer program, which serves this one; `null`: there is none
 * @throws StartError with one line for what the program cannot work with and what to do
 */
export async function examine(url: string, known: readonly string[]): Promise<string | null> {
  const open = async () => {
    const client = new SessionClient({ connectionString: url, connectionTimeoutMillis: 5000, silenceMs: 5000 });
    await client.connect();
    return client;
  };
  const client = await open().catch((error: unknown) => {
    throw refusedByPooler(error) ?? error;
  });
  try {
    const pooling = await findPooling(client, open);
    rememberPooling(url, pooling);
    if (pooling === 'transaction') await checkDefaults(client);
    return await checkDatabase(client, known);
  } catch (error) {
    throw (await missingRight(async (text) => (await client.query<Who>(text)).rows[0]!, error)) ?? error;
  } finally {
    await client.end();
  }
}

/** A pooler refuses start parameters that it does not know. PgBouncer knows all that this program adds. */
function refusedByPooler(error: unknown): StartError | null {
  const [, parameter] = /unsupported startup parameter(?: in options)?: (\S+)/.exec((error as Error).message) ?? [];
  if (!parameter) return null;
  return new StartError(
    `PgBouncer refuses the parameter ${parameter} of DATABASE_URL: ` +
      'take it out of the URL (ALTER ROLE … SET does the same ' +
      `for a setting), or name it in ignore_startup_parameters of pgbouncer.ini`,
  );
}

const rowsOf = (client: pg.Client): Session => ({
  query: async (text, values) => (await client.query(text, values)).rows,
});

async function checkDatabase(client: pg.Client, known: readonly string[]): Promise<string | null> {
  const [found] = (await client.query<DatabaseFacts>(FACTS)).rows as [DatabaseFacts];
  const { database, encoding, role, schema, search_path, trigrams } = found;
  const refuse = (line: string) => {
    throw new StartError(line);
  };
  if (encoding !== 'UTF8')
    refuse(
      `the database ${database} has the encoding ${encoding}: films need one that was made with ` +
        `CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8'`,
    );
  if (schema === null)
    refuse(
      `no schema of the search_path (${search_path}) exists in the database ${database}, ` +
        `or the role ${role} may not use it: ` +
        `CREATE SCHEMA it, or ALTER ROLE ${role} SET search_path`,
    );
  if (trigrams !== null && !found.trigrams_in_path)
    refuse(
      `the extension pg_trgm is in the schema ${trigrams}, which is not in the search_path: ` +
        `ALTER ROLE ${role} SET search_path TO ${schema}, ${trigrams}`,
    );
  const newer = found.migrations_table ? await newerMigration(rowsOf(client), known) : null;
  if (found.read_only && !reportedReadOnly)
    console.error(`The database ${database} is read-only: nothing is accepted until it takes writes again.`);
  reportedReadOnly = found.read_only;
  return newer;
}

/** A start checks twice a second, but reports once. */
let reportedReadOnly = false;

/** Checks the rights on these tables. A role that created them has these rights; another may lack them. */
export async function checkRights(dataSource: DataSource, tables: string[]): Promise<void> {
  const [missing] = await sql<{ table: string; schema: string; role: string }>(
    dataSource,
    `SELECT relname AS table, current_schema() AS schema, current_user AS role FROM pg_class
     WHERE relnamespace = current_schema()::regnamespace AND relname = ANY($1) AND NOT CASE
         WHEN relkind IN ('r', 'p') THEN has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')
           AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE')
         WHEN relkind = 'v' THEN has_table_privilege(oid, 'SELECT') ELSE true END ORDER BY relname LIMIT 1`,
    [tables],
  );
  if (missing)
    throw new StartError(
      `the role ${missing.role} may not write the table ${missing.table}: have its owner run ` +
        `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${missing.schema} TO ${missing.role}`,
    );
}

/** Behind a pooler that keeps no session nothing can be set. So the defaults of the role have to be right. */
async function checkDefaults(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string; setting: string; wanted: string; role: string }>(
    `SELECT name, current_setting(name) AS setting, wanted, current_user AS role
     FROM unnest($1::text[], $2::text[]) AS settings (name, wanted) WHERE current_setting(name, true) IS NOT NULL`,
    [Object.keys(SESSION), Object.values(SESSION)],
  );
  const wrong = rows.find(({ name, setting, wanted }) => !isSufficient(name, setting, wanted));
  if (wrong)
    throw new StartError(
      `DATABASE_URL leads to a pooler in transaction mode, where ${wrong.name} is ${wrong.setting}: ` +
        `ALTER ROLE ${wrong.role} SET ${wrong.name} TO '${wrong.wanted}'`,
    );
}

/** Time limits may be missing or differ from ours, as long as they let ordinary statements finish. */
function isSufficient(name: string, setting: string, wanted: string): boolean {
  if (!name.endsWith('_timeout')) return setting === wanted;
  return setting === '0' || milliseconds(setting) >= PATIENT_MS;
}

const PATIENT_MS = 5000;
const UNITS: Record<string, number> = { us: 0.001, ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads a time as PostgreSQL writes it: 250ms, 10s, 1min. */
function milliseconds(setting: string): number {
  const [, number = '0', unit = 'ms'] = /^(\d+)(\D*)$/.exec(setting) ?? [];
  return Number(number) * (UNITS[unit] ?? 1);
}
