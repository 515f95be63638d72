import { randomBytes } from 'node:crypto';
import { ledgerBreaches } from '../health/invariants.js';
import { type Session, sql, sqlRow } from '../database/sql.js';
import { MIGRATION_NAMES } from '../server/data-source.js';
import { backupAt, checkDump, type Kept, type Manifest } from './backup-manifest.js';
import { ownTables, rowsOf, withSession } from './backup-snapshot.js';
import { runTool, toolFor } from './backup-tools.js';
import { onUrl } from './database.js';
import { CliError, EXIT } from './errors.js';
import { printJson } from './output.js';

export interface VerifyOptions {
  scratchUrl?: string;
  json?: boolean;
}

/**
 * Restores a backup into a database that is made for it and dropped afterwards, and asks there whether everything
 * holds. Prints a line for each thing that does not. @returns the exit code
 */
export async function verifyBackup(path: string, options: VerifyOptions, signal: AbortSignal): Promise<number> {
  const kept = backupAt(path);
  await checkDump(kept);
  const check = (url: string) => withScratch(url, (scratch) => breachesOf(kept, scratch, signal));
  const lines = await (options.scratchUrl === undefined ? onUrl(check) : check(options.scratchUrl));
  if (options.json) printJson({ path: kept.path, breaches: lines });
  else console.log(lines.length > 0 ? lines.join('\n') : `fine: ${kept.path}, of ${kept.manifest.finished_at}`);
  return lines.length > 0 ? EXIT.unwritten : EXIT.done;
}

/** Makes a database on that server for as long as `work` takes. */
async function withScratch<T>(url: string, work: (scratch: string) => Promise<T>): Promise<T> {
  const name = `moviemind_verify_${randomBytes(6).toString('hex')}`;
  const asked = (text: string) => withSession(url, (session) => session.query(text));
  await asked(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`).catch((error: Error) => {
    throw new CliError(
      `no database for the trial can be made (${error.message}): have an administrator run ` +
        'ALTER ROLE … CREATEDB, or name a server where it may be made with --scratch-url',
    );
  });
  try {
    return await work(withDatabase(url, name));
  } finally {
    await asked(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }
}

/** A socket's address has no host, which only the driver takes for a URL. */
export function withDatabase(url: string, name: string): string {
  const [address, query] = url.split(/\?(.*)/s) as [string, string?];
  return `${address.replace(/^(\w+:\/\/[^/]*)(\/.*)?$/s, '$1')}/${name}${query === undefined ? '' : `?${query}`}`;
}

async function breachesOf(kept: Kept, url: string, signal: AbortSignal): Promise<string[]> {
  process.stderr.write(`restoring ${kept.path} for a trial\n`);
  const refused = await restoreDump(kept, url, signal, ['--no-privileges']).then(
    () => null,
    (error: unknown) => {
      signal.throwIfAborted();
      if (error instanceof CliError) return `cannot be restored: ${error.message}`;
      throw error;
    },
  );
  if (refused !== null) return [refused];
  return withSession(url, async (session) => [
    ...differences(kept.manifest, await rowsOf(session)),
    ...(await agesOf(session, kept.manifest)),
    ...(await ledgerBreaches(session)).map(({ invariant, of, detail }) => `${invariant}: not ${of}, ${detail}`),
    ...(await damagedIndexes(session)),
  ]);
}

/** Brings a dump into an empty database: all of it or nothing. */
export async function restoreDump(kept: Kept, url: string, signal: AbortSignal, more: string[] = []): Promise<void> {
  const [, made = '0'] = / (\d+)/.exec(kept.manifest.tool) ?? [];
  const tool = await toolFor('pg_restore', Number(made));
  const { database } = await withSession(url, (session) =>
    sqlRow<{ database: string }>(session, 'SELECT current_database() AS database'),
  );
  // A comment on an extension may be made by its owner alone, who is another where it was there before.
  const whole = ['--single-transaction', '--exit-on-error', '--no-owner', '--no-comments'];
  const args = [...whole, ...more, `--dbname=${database}`, kept.path];
  await runTool(tool, { url, args, signal });
}

/** Where the rows are not those of the manifest. */
export function differences(manifest: Manifest, rows: Record<string, number>): string[] {
  const tables = [...new Set([...Object.keys(manifest.rows), ...Object.keys(rows)])].sort();
  return tables
    .filter((table) => manifest.rows[table] !== rows[table])
    .map((table) => `${table}: ${rows[table] ?? 'no table'}, the manifest says ${manifest.rows[table] ?? 'no table'}`);
}

/** A backup of a newer program is for that one. */
export function whyTooNew({ schema_version, made_by }: Manifest): string | null {
  if (MIGRATION_NAMES.includes(schema_version)) return null;
  return `the backup is newer than this program (${made_by}, migration ${schema_version}): use the newer program`;
}

async function agesOf(session: Session, manifest: Manifest): Promise<string[]> {
  const [last] = await sql<{ name: string }>(session, 'SELECT name FROM migrations ORDER BY id DESC LIMIT 1');
  const isOther = last?.name !== manifest.schema_version;
  const other = isOther ? [`its last migration is ${last?.name}, the manifest says ${manifest.schema_version}`] : [];
  return [...other, ...[whyTooNew(manifest)].filter((line) => line !== null)];
}

/** Where the server has amcheck and lets this role have it: one line for the first index that is not in order. */
async function damagedIndexes(session: Session): Promise<string[]> {
  const has = await session.query('CREATE EXTENSION IF NOT EXISTS amcheck').then(
    () => true,
    () => false,
  );
  if (!has) return [];
  const tables = await ownTables(session);
  const check = `SELECT bt_index_check(indexrelid, true) FROM pg_index JOIN pg_class AS i ON i.oid = indexrelid
    JOIN pg_am AS am ON am.oid = i.relam WHERE am.amname = 'btree' AND indrelid::regclass::text = ANY($1)`;
  return sql(session, check, [tables]).then(
    () => [],
    (error: Error) => [`amcheck: ${error.message}`],
  );
}
