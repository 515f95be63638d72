import { type Session, sql, sqlRow } from '../database/sql.js';
import { SessionClient, UNHURRIED } from '../database/session-client.js';
import { TABLES } from '../server/data-source.js';

/** The database as it is at one moment. */
export interface Snapshot {
  /** By this name pg_dump sees the same moment. */
  name: string;
  server_version: string;
  major: number;
  database: string;
  deployment: string | null;
  schema_version: string;
  session: Session;
}

const FACTS = `SELECT pg_export_snapshot() AS name, current_setting('server_version') AS server_version,
  current_setting('server_version_num')::int / 10000 AS major, current_database() AS database,
  (SELECT id FROM deployment) AS deployment, (SELECT name FROM migrations ORDER BY id DESC LIMIT 1) AS schema_version`;

/** A session for what may take hours: nothing of it is given up. */
export async function withSession<T>(url: string, work: (session: Session) => Promise<T>): Promise<T> {
  const client = new SessionClient({
    connectionString: url,
    connectionTimeoutMillis: 5000,
    application_name: 'moviemind-backup',
    session: UNHURRIED,
  });
  // A server that dies ends the statement that runs: that is where it is told.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work({ query: async (text, values) => (await client.query(text, values)).rows as unknown[] });
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Holds one moment of the database for as long as `work` takes. */
export const atOneMoment = <T>(url: string, work: (snapshot: Snapshot) => Promise<T>): Promise<T> =>
  withSession(url, async (session) => {
    await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    // Behind a pooler in transaction mode the settings of the session may not hold.
    for (const limit of Object.keys(UNHURRIED)) await session.query(`SET LOCAL ${limit} = 0`);
    const facts = await sqlRow<Omit<Snapshot, 'session'>>(session, FACTS);
    return work({ ...facts, session });
  });

/** Counts the rows of each of our tables that is there, and the migrations. */
export async function rowsOf(session: Session): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of await ownTables(session)) {
    const { count } = await sqlRow<{ count: number }>(session, `SELECT count(*)::float8 AS count FROM "${table}"`);
    counts[table] = count;
  }
  return counts;
}

/** Names of our tables that are there. Views have no rows of their own. */
export async function ownTables(session: Session): Promise<string[]> {
  const tables = await sql<{ name: string }>(
    session,
    `SELECT relname AS name FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
     AND relname = ANY($1) ORDER BY relname`,
    [[...TABLES, 'migrations']],
  );
  return tables.map(({ name }) => name);
}
