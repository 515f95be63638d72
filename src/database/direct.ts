import type pg from 'pg';
import { findPooling, rememberPooling } from './pooling.js';
import { SessionClient } from './session-client.js';
import { StartError } from './start-error.js';

/** What must be the same on both ways; the system is `null` where the role may not ask for it. */
interface Place {
  system: string | null;
  database: string;
  role: string;
  schema: string | null;
  is_standby: boolean;
}

export const SYSTEM = `CASE WHEN has_function_privilege('pg_control_system()', 'EXECUTE')
  THEN (SELECT system_identifier::text FROM pg_control_system()) END`;
const PLACE = `SELECT ${SYSTEM} AS system, current_database() AS database, current_user AS role,
  current_schema() AS schema, pg_is_in_recovery() AS is_standby`;

/**
 * Checks that DATABASE_DIRECT_URL leads to the database of DATABASE_URL, as the same role, and keeps sessions.
 * @throws StartError with one line that says what is wrong with it
 */
export async function examineDirect(direct: string, url: string): Promise<void> {
  await ofDirect(async () => {
    const client = await opened(direct);
    try {
      const pooling = await findPooling(client, () => opened(direct));
      rememberPooling(direct, pooling);
      if (pooling === 'transaction') throw new StartError(IS_POOLER);
      compare(await placeOf(client), await throughPooler(url));
    } finally {
      await client.end();
    }
  });
}

/** SQLSTATE read_only_sql_transaction: a start waits for a while. */
const READ_ONLY = '25006';

const IS_POOLER =
  'DATABASE_DIRECT_URL leads to a pooler in transaction mode, too: ' +
  'give the address of PostgreSQL itself or of a pool in session mode, or leave it out';

/** Marks an error with the setting that it is about. */
async function ofDirect(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw Object.assign(error as Error, { setting: 'DATABASE_DIRECT_URL' });
  }
}

async function opened(url: string): Promise<SessionClient> {
  const client = new SessionClient({ connectionString: url, connectionTimeoutMillis: 5000, silenceMs: 5000 });
  await client.connect();
  return client;
}

async function throughPooler(url: string): Promise<Place> {
  const client = await opened(url);
  try {
    return await placeOf(client);
  } finally {
    await client.end();
  }
}

async function placeOf(client: pg.Client): Promise<Place> {
  return (await client.query<Place>(PLACE)).rows[0]!;
}

function compare(direct: Place, pooled: Place): void {
  const differs = (name: 'database' | 'role' | 'schema') => direct[name] !== pooled[name];
  // After a failover this may pass.
  if (direct.is_standby && !pooled.is_standby) throw Object.assign(new Error('it is a standby'), { code: READ_ONLY });
  const isElsewhere = direct.system !== null && pooled.system !== null && direct.system !== pooled.system;
  if (isElsewhere || differs('database'))
    throw new StartError('DATABASE_DIRECT_URL leads to another database than DATABASE_URL: both must be the same one');
  if (differs('role') || differs('schema'))
    throw new StartError(
      `DATABASE_DIRECT_URL works as ${direct.role} in the schema ${direct.schema}, DATABASE_URL as ${pooled.role} ` +
        `in ${pooled.schema}: both must be the same`,
    );
}
