import type { Config } from '../config/config.js';
import { isServed, leastProgram } from '../database/program-age.js';
import { isQueueMigrated } from '../database/queue-schema.js';
import { SessionClient } from '../database/session-client.js';
import { StartError } from '../database/start-error.js';
import { MIGRATION_NAMES, unusable } from './data-source.js';

/** How the tables of a database stand to this program. */
export interface SchemaState {
  /** Migrations of this program that the database lacks, oldest first; the last may be that of the queue's tables. */
  pending: string[];
  /** Migrations of the database that this program does not know: those of a newer one. */
  newer: string[];
  /** Whether a database that is newer serves this program; one that is not does so. */
  serves: boolean;
}

/** BullMQ numbers its migrations, and does not name them. */
const OF_THE_QUEUE = 'the tables of the queue';

const DONE = `SELECT COALESCE((SELECT array_agg(name ORDER BY id) FROM migrations), '{}') AS names`;
const HAS_RECORD = `SELECT to_regclass(quote_ident(current_schema()) || '.migrations') IS NOT NULL AS is_there`;

/** Looks, and changes nothing. @throws StartError when the database cannot be used */
export async function schemaState(config: Config): Promise<SchemaState> {
  const options = { connectionTimeoutMillis: 5000, silenceMs: 5000 };
  const client = new SessionClient({ connectionString: config.databaseUrl!, ...options });
  try {
    await client.connect();
    const [record] = (await client.query<{ is_there: boolean }>(HAS_RECORD)).rows;
    const done = record!.is_there ? (await client.query<{ names: string[] }>(DONE)).rows[0]!.names : [];
    const newer = done.filter((name) => !MIGRATION_NAMES.includes(name));
    const pending = MIGRATION_NAMES.filter((name) => !done.includes(name));
    const serves = newer.length === 0 || (pending.length === 0 && isServed(await leastProgram(rowsOf(client))));
    const queue = config.queueConnection === 'database' && !(await isQueueMigrated(client)) ? [OF_THE_QUEUE] : [];
    return { pending: [...pending, ...queue], newer, serves };
  } catch (error) {
    throw unusable(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

const rowsOf = (client: SessionClient) => ({
  query: async (text: string, values?: unknown[]) => (await client.query(text, values)).rows,
});

/** Whether this program can work with the tables as they are. */
export const isUsable = ({ pending, serves }: SchemaState) => pending.length === 0 && serves;

/** What is to be known or done, a line each; empty: nothing. */
export function schemaLines({ pending, newer, serves }: SchemaState): string[] {
  const last = newer.at(-1);
  const what = serves ? 'and serves it' : 'and does not serve it: start the newer program';
  return [
    ...(last ? [`the database is newer than this program (it has the migration ${last}), ${what}`] : []),
    ...(pending.length > 0
      ? [`the database lacks ${pending.length} of this program's migrations: npx moviemind migrate`]
      : []),
  ];
}

/** @throws StartError unless this program can work with the tables */
export async function requireUsable(config: Config): Promise<void> {
  const state = await schemaState(config);
  if (!isUsable(state)) throw new StartError(schemaLines(state)[0]);
}
