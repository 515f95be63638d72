import { Config } from '../config/config.js';
import { sql, sqlRow } from '../database/sql.js';
import { migrate, TABLES } from '../server/data-source.js';
import { backupAt, checkDump, type Kept } from './backup-manifest.js';
import { rowsOf, withSession } from './backup-snapshot.js';
import { differences, restoreDump, whyTooNew } from './backup-verify.js';
import { isConfirmed } from './confirm.js';
import { onUrl } from './database.js';
import { CliError, EXIT } from './errors.js';
import { printJson } from './output.js';

export interface RestoreOptions {
  yes?: boolean;
  json?: boolean;
}

/**
 * Brings a backup into an empty database, all of it or nothing, and then up to this program. The next start notices
 * that it is another ledger, and fills the queue from it. @returns the exit code
 */
export async function restore(
  path: string,
  { yes = false, json }: RestoreOptions,
  signal: AbortSignal,
): Promise<number> {
  const kept = backupAt(path);
  await checkDump(kept);
  const tooNew = whyTooNew(kept.manifest);
  if (tooNew) throw new CliError(tooNew);
  const lines = await onUrl(async (url) => {
    const target = await emptyDatabase(url);
    if (!(await isConfirmed(`restore ${kept.path} into ${target}`, yes, signal)))
      throw new CliError('nothing was changed');
    return restored(kept, url, signal);
  }, false);
  if (json) printJson({ path: kept.path, breaches: lines });
  else console.log(lines.join('\n') || `restored: all of ${kept.manifest.finished_at} is back. Start as usual.`);
  return lines.length > 0 ? EXIT.unwritten : EXIT.done;
}

async function restored(kept: Kept, url: string, signal: AbortSignal): Promise<string[]> {
  process.stderr.write(`restoring ${kept.path}\n`);
  await restoreDump(kept, url, signal);
  const lines = differences(kept.manifest, await withSession(url, rowsOf));
  const config = new Config(process.env);
  [config.databaseUrl, config.directUrl] = [url, null];
  await migrate(config);
  return lines;
}

/** @returns its name. @throws CliError where anything of this program is there */
const emptyDatabase = (url: string): Promise<string> =>
  withSession(url, async (session) => {
    const found = await sql<{ name: string }>(
      session,
      `SELECT oid::regclass::text AS name FROM pg_class WHERE relkind IN ('r', 'p') AND relname = ANY($1)
         AND relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema')
       UNION ALL SELECT 'the schema ' || nspname FROM pg_namespace WHERE nspname = 'bullmq' ORDER BY 1`,
      [[...TABLES, 'migrations']],
    );
    const { name } = await sqlRow<{ name: string }>(session, 'SELECT current_database() AS name');
    if (found[0])
      throw new CliError(
        `the database ${name} is not empty: it has ${found[0].name}. A backup is restored into an empty one: ` +
          'name another in DATABASE_URL, or DROP DATABASE and CREATE DATABASE it yourself',
      );
    return name;
  });
