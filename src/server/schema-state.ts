import type { Config } from '../config/config.js';
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
    const queue = config.queueConnection === 'database' && !(await isQueueMigrated(client)) ? [OF_THE_QUEUE] : [];
    return {
      pending: [...MIGRATION_NAMES.filter((name) => !done.includes(name)), ...queue],
      newer: done.filter((name) => !MIGRATION_NAMES.includes(name)),
    };
  } catch (error) {
    throw unusable(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

export const isCurrent = ({ pending, newer }: SchemaState) => pending.length + newer.length === 0;

/** What is to be done, a line; empty: nothing. */
export function schemaLines({ pending, newer }: SchemaState): string[] {
  const last = newer.at(-1);
  return [
    ...(last
      ? [`the database is newer than this program (it has the migration ${last}): start the newer program`]
      : []),
    ...(pending.length > 0
      ? [`the database lacks ${pending.length} of this program's migrations: npx moviemind migrate`]
      : []),
  ];
}

/** @throws StartError unless the tables are those of this program */
export async function requireCurrent(config: Config): Promise<void> {
  const [line] = schemaLines(await schemaState(config));
  if (line) throw new StartError(line);
}
