import { CliError } from './errors.js';
import type { Database } from '../database/sql.js';
import { tlsFault } from '../database/tls-fault.js';

/**
 * Runs a command on the database of DATABASE_URL, else on the embedded one of DATA_DIR. The embedded one is reached
 * through the server that runs there. Where none runs, PostgreSQL is started for this command. Access to the database
 * allows making keys, so the first key needs no key.
 * @returns what the command returns
 */
export async function onDatabase<T>(run: (db: Database) => Promise<T>): Promise<T> {
  // Imported only here: --help needs none of it.
  const [{ Config }, { dataSourceOptions, migrate }, { EmbeddedPostgres }, { DataSource }] = await Promise.all([
    import('../config/config.js'),
    import('../server/data-source.js'),
    import('../embedded/embedded-postgres.js'),
    import('typeorm'),
  ]);
  const config = new Config(process.env);
  const embedded = config.embedded ? new EmbeddedPostgres(config.dataDir) : null;
  try {
    config.databaseUrl ??= await embedded!.runningUrl();
    if (config.databaseUrl === null) {
      config.databaseUrl = await embedded!.start();
      await migrate(config);
    }
    const db = new DataSource({ ...dataSourceOptions(config.databaseUrl), poolSize: 1 });
    return await connected(db, () => run(db));
  } finally {
    await embedded?.stop();
  }
}

async function connected<T>(db: import('typeorm').DataSource, run: () => Promise<T>): Promise<T> {
  try {
    await db.initialize();
    return await run();
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (error instanceof CliError) throw error;
    if (code === '42P01' || code === '42703') {
      throw new CliError('the database is not migrated: start the server, or run npx moviemind migrate');
    }
    throw new CliError(`cannot use the database: ${tlsFault(error) ?? (message || code)}`);
  } finally {
    if (db.isInitialized) await db.destroy();
  }
}
