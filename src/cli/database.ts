import type { DataSource } from 'typeorm';
import { CliError } from './errors.js';
import type { Database } from '../database/sql.js';
import { StartError } from '../database/start-error.js';
import { tlsFault } from '../database/tls-fault.js';

/**
 * Runs a command on the database of DATABASE_URL, else on the embedded one of DATA_DIR. The embedded one is reached
 * through the server that runs there. Where none runs, PostgreSQL is started for this command. Access to the database
 * allows making keys, so the first key needs no key.
 * @returns what the command returns
 */
export const onDatabase = <T>(run: (db: Database) => Promise<T>): Promise<T> => onUrl((url) => onDataSource(url, run));

export async function onDataSource<T>(url: string, run: (db: DataSource) => Promise<T>): Promise<T> {
  const { dataSourceOptions } = await import('../server/data-source.js');
  const db = new (await import('typeorm')).DataSource({ ...dataSourceOptions(url), poolSize: 1 });
  try {
    await db.initialize();
    return await run(db);
  } finally {
    if (db.isInitialized) await db.destroy();
  }
}

/**
 * The same with the address of the database.
 * @param migrates whether an embedded one that is started for the command is migrated first
 */
export async function onUrl<T>(run: (url: string, isEmbedded: boolean) => Promise<T>, migrates = true): Promise<T> {
  // Imported only here: --help needs none of it.
  const [{ Config }, { migrate }, { EmbeddedPostgres }] = await Promise.all([
    import('../config/config.js'),
    import('../server/data-source.js'),
    import('../embedded/embedded-postgres.js'),
  ]);
  const config = new Config(process.env);
  const embedded = config.embedded ? new EmbeddedPostgres(config.dataDir) : null;
  try {
    config.databaseUrl ??= await embedded!.runningUrl();
    if (config.databaseUrl === null) {
      config.databaseUrl = await embedded!.start();
      if (migrates) await migrate(config);
    }
    return await explained(() => run(config.listenUrl, embedded !== null));
  } finally {
    await embedded?.stop();
  }
}

async function explained<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (error instanceof CliError || error instanceof StartError) throw error;
    if (code === '42P01' || code === '42703') {
      throw new CliError('the database is not migrated: start the server, or run npx moviemind migrate');
    }
    throw new CliError(`cannot use the database: ${tlsFault(error) ?? (message || code)}`);
  }
}
