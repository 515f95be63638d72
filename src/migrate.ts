import 'moviemind-command/check.js';
import 'reflect-metadata';
import { takeArguments } from './config/arguments.js';
import { Config, ConfigError } from './config/config.js';
import { readEnvFile, withOrigin } from './config/environment.js';
import { StartError } from './database/start-error.js';

/** Migrates the database of DATABASE_URL and ends: for deployments that migrate once, before anything starts. */
const HELP =
  'Brings the database of DATABASE_URL up to this version of MovieMind. The start does so too, and waits for it.';
let fromFile: string[] = [];

try {
  takeArguments(process.argv.slice(2), () => HELP);
  fromFile = readEnvFile();
  const config = new Config(process.env);
  if (config.embedded)
    throw new ConfigError('DATABASE_URL is not set (the embedded PostgreSQL is migrated at each start)');
  const { migrate } = await import('./server/data-source.js');
  await migrate(config);
  console.log('The database is up to date.');
} catch (error) {
  const known = error instanceof ConfigError || error instanceof StartError;
  console.error(known ? `MovieMind cannot migrate: ${withOrigin(error.message, fromFile)}` : error);
  process.exitCode = 1;
}
