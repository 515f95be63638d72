import { assertSchemaCompatibility, LATEST_SCHEMA_VERSION, runMigrations, SchemaVersionMismatchError } from 'bullmq';
import { MIGRATES_AS } from './migration-lock.js';
import { SessionClient, UNHURRIED } from './session-client.js';
import { StartError } from './start-error.js';

/** The schema of BullMQ's tables on the database driver. They are its own; it migrates them. */
export const QUEUE_SCHEMA = 'bullmq';

/**
 * Runs BullMQ's migrations. BullMQ would create its schema and its version table "if not exists" at each start. That
 * needs rights even where both exist, so here it is done only where they are missing.
 * @throws StartError when a newer BullMQ has been here, or when rights are missing
 */
export async function migrateQueue(url: string): Promise<void> {
  const options = { session: UNHURRIED, connectionTimeoutMillis: 5000, application_name: MIGRATES_AS };
  const client = new SessionClient({ connectionString: url, ...options });
  await client.connect();
  try {
    const exists = await checkRights(client);
    if ((await versionOf(client)) >= LATEST_SCHEMA_VERSION) return;
    const query = (text: string, values?: unknown[]) =>
      exists && text.startsWith('CREATE SCHEMA') ? client.query('SELECT 1') : client.query(text, values);
    await runMigrations({ query }, QUEUE_SCHEMA);
  } finally {
    await client.end();
  }
}

/** Whether BullMQ's tables are there, as this BullMQ wants them. @throws StartError when a newer one has been here */
export async function isQueueMigrated(client: SessionClient): Promise<boolean> {
  return (await versionOf(client)) >= LATEST_SCHEMA_VERSION;
}

/** For a program that leaves the tables as they are. @throws StartError unless they are there, and not too new */
export async function requireQueue(url: string): Promise<void> {
  const client = new SessionClient({ connectionString: url, connectionTimeoutMillis: 5000, silenceMs: 5000 });
  await client.connect();
  try {
    if (await isQueueMigrated(client)) return;
    throw new StartError(`the queue's tables are missing, and a newer program made the others: migrate by that one`);
  } finally {
    await client.end();
  }
}

/**
 * Checks the right to create: BullMQ makes a sequence for each queue on its first use. @returns whether the schema
 * exists
 */
async function checkRights(client: SessionClient): Promise<boolean> {
  const { rows } = await client.query<{ role: string; enough: boolean }>(
    `SELECT current_user AS role, has_schema_privilege(n.oid, 'USAGE') AND has_schema_privilege(n.oid, 'CREATE')
       AND (SELECT coalesce(bool_and(CASE relkind WHEN 'S' THEN has_sequence_privilege(c.oid, 'USAGE')
         ELSE has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
           AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE') END), true)
         FROM pg_class c WHERE relnamespace = n.oid AND relkind IN ('r', 'p', 'S')) AS enough
     FROM pg_namespace n WHERE nspname = $1`,
    [QUEUE_SCHEMA],
  );
  const [found] = rows;
  if (!found || found.enough) return found !== undefined;
  const grants = [`USAGE, CREATE ON SCHEMA`, 'ALL ON ALL TABLES IN SCHEMA', 'ALL ON ALL SEQUENCES IN SCHEMA'];
  const remedy = grants.map((grant) => `GRANT ${grant} ${QUEUE_SCHEMA} TO ${found.role}`).join('; ');
  throw new StartError(`the role ${found.role} lacks rights in the queue's schema: have its owner run ${remedy}`);
}

/** 0: there are no tables yet. */
async function versionOf(client: SessionClient): Promise<number> {
  try {
    return await assertSchemaCompatibility(client, QUEUE_SCHEMA);
  } catch (error) {
    if ((error as Error).name === 'SchemaMigrationRequiredError') return 0;
    if (error instanceof SchemaVersionMismatchError)
      throw new StartError(
        `the queue in the schema ${QUEUE_SCHEMA} is newer than this program: start the newer program`,
      );
    throw error;
  }
}
