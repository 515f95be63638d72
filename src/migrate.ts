import 'moviemind-command/check.js';
import 'reflect-metadata';
import { Config, ConfigError } from './config/config.js';
import { migrate } from './database/data-source.js';
import { StartError } from './database/start-error.js';

/** Brings the database of DATABASE_URL up to this program and ends: for deployments that do it once, before anything starts. */
try {
  const config = new Config(process.env);
  if (config.embedded)
    throw new ConfigError('DATABASE_URL is not set (the embedded PostgreSQL is migrated at each start)');
  await migrate(config);
  console.log('The database is up to date.');
} catch (error) {
  const known = error instanceof ConfigError || error instanceof StartError;
  console.error(known ? `MovieMind cannot migrate: ${error.message}` : error);
  process.exitCode = 1;
}
