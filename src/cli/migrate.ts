import { Config } from '../config/config.js';
import { migrate } from '../server/data-source.js';
import { isUsable, schemaLines, schemaState } from '../server/schema-state.js';
import { CliError, EXIT } from './errors.js';
import type { OutputOptions } from './options.js';
import { printJson } from './output.js';

export interface MigrateOptions extends OutputOptions {
  check?: boolean;
}

export async function migrateDatabase({ check = false, json = false }: MigrateOptions): Promise<number> {
  const config = new Config({ ...process.env, ROLE: 'all' });
  if (config.embedded)
    throw new CliError('DATABASE_URL is not set: the embedded PostgreSQL of DATA_DIR is migrated at each start');
  const before = await schemaState(config);
  if (check) {
    if (json) printJson(before);
    else console.log([...schemaLines(before), ...before.pending].join('\n') || 'The database is up to date.');
    return isUsable(before) ? EXIT.done : EXIT.unwritten;
  }
  await migrate(config);
  if (json) printJson({ migrated: before.pending });
  else console.log([...before.pending, 'The database is up to date.'].join('\n'));
  return EXIT.done;
}
