import type pg from 'pg';
import { findPooling, rememberPooling } from './pooling.js';
import { SessionClient } from './session-client.js';
import { StartError } from './start-error.js';

/** What must be the same on both ways; the system is `null` where the role may not ask for it. */
export interface Place {
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
      compare(await placeBy(client), await placeOf(url));
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

/** Where a URL leads to. */
export async function placeOf(url: string): Promise<Place> {
  const client = await opened(url);
  try {
    return await placeBy(client);
  } finally {
    await client.end();
  }
}

async function placeBy(client: pg.Client): Promise<Place> {
  return (await client.query<Place>(PLACE)).rows[0]!;
}

type Identity = Pick<Place, 'system' | 'database'>;

/** Whether both are one database, or copies of one. */
export const isSame = (one: Identity, other: Identity): boolean =>
  one.database === other.database && (one.system ?? other.system) === (other.system ?? one.system);

/** Why one database cannot be a replica of the other; `null`: it can. */
export const whyForeign = (primary: Identity, replica: Identity): string | null =>
  isSame(primary, replica) ? null : 'it is no replica of the database of DATABASE_URL';

function compare(direct: Place, pooled: Place): void {
  const differs = (name: 'role' | 'schema') => direct[name] !== pooled[name];
  // After a failover this may pass.
  if (direct.is_standby && !pooled.is_standby) throw Object.assign(new Error('it is a standby'), { code: READ_ONLY });
  if (!isSame(direct, pooled))
    throw new StartError('DATABASE_DIRECT_URL leads to another database than DATABASE_URL: both must be the same one');
  if (differs('role') || differs('schema'))
    throw new StartError(
      `DATABASE_DIRECT_URL works as ${direct.role} in the schema ${direct.schema}, DATABASE_URL as ${pooled.role} ` +
        `in ${pooled.schema}: both must be the same`,
    );
}
