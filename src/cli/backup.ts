import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { version } from 'moviemind-command/node.js';
import { Backups } from '../health/backups.js';
import { backupsIn, type Kept, type Manifest, manifestOf, PART, sha256Of, writeManifest } from './backup-manifest.js';
import { cleared, type Keeping, sweepParts } from './backup-retention.js';
import { atOneMoment, rowsOf, type Snapshot } from './backup-snapshot.js';
import { runTool, type Tool, toolFor } from './backup-tools.js';
import { onDataSource, onUrl } from './database.js';
import { CliError, EXIT } from './errors.js';
import { printJson } from './output.js';
import { whoRuns } from './who-runs.js';

export interface BackupOptions extends Keeping {
  out?: string;
  json?: boolean;
}

/** What else may be done with the embedded PostgreSQL, which brings no pg_dump. */
const COPY_INSTEAD = '; or stop the program, and copy its folder (DATA_DIR)';
/** Where backups go that nobody named a place for. */
export const FOLDER = 'backups';
const ENDING = '.dump';
/** Time between two lines about the progress, milliseconds. */
const TELL_MS = 5000;
/** A dump that does not grow for so long will not go on, milliseconds. */
const STALLED_MS = 600_000;
/** How long the dump waits for a table that is being changed, as by a migration. */
const LOCK_WAIT = '10min';

/**
 * Makes a backup: a dump of PostgreSQL's own tool, and a manifest beside it that has been counted in the same snapshot.
 * Until they are whole their names end in `.part`. One that could not be noted is done all the same: who runs it again
 * would have the history pushed out by `--keep`. The alert on old backups tells of it. @returns the exit code
 */
export async function backup(options: BackupOptions, signal: AbortSignal): Promise<number> {
  const path = placeOf(options.out);
  return onUrl(async (url, isEmbedded) => {
    const kept = await made({ url, path, signal, isEmbedded });
    const isNoted = await noted(url, kept.manifest);
    const folder = dirname(path);
    sweepParts(folder);
    tell({ ...kept, isNoted }, cleared(backupsIn(folder), kept, options), options.json);
    return EXIT.done;
  });
}

/** Leaves nothing behind where it fails. */
async function made(dump: Dump): Promise<Kept> {
  const { url, path } = dump;
  try {
    const manifest = await atOneMoment(url, (snapshot) => dumped(snapshot, dump));
    writeManifest(path, manifest);
    return { manifest, path, isThere: true };
  } catch (error) {
    for (const left of [path, manifestOf(path)]) rmSync(left + PART, { force: true });
    throw fileTrouble(error) ?? error;
  }
}

/** @throws CliError where something is in the way */
function placeOf(out = FOLDER): string {
  const isFolder = extname(out) === '' || /[\\/]$/.test(out) || statSync(out, { throwIfNoEntry: false })?.isDirectory();
  const name = `moviemind-${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z${ENDING}`;
  const path = resolve(isFolder ? join(out, name) : out);
  const taken = [path, manifestOf(path), path + PART].find(existsSync);
  if (taken) throw new CliError(`${taken} is there already: name another file, or a folder`);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw fileTrouble(error) ?? error;
  }
  return path;
}

interface Dump {
  url: string;
  path: string;
  signal: AbortSignal;
  isEmbedded: boolean;
}

/** Has the dump written beside its name, while the rows are counted. */
async function dumped(snapshot: Snapshot, dump: Dump): Promise<Manifest> {
  const { server_version, database, deployment, schema_version, session, major } = snapshot;
  const tool = await toolFor('pg_dump', major, dump.isEmbedded ? COPY_INSTEAD : '');
  const started = new Date();
  process.stderr.write(`${database} on PostgreSQL ${server_version}, by pg_dump ${tool.version}\n`);
  const part = dump.path + PART;
  // What it holds is for its owner alone: keys, secrets of webhooks, texts.
  writeFileSync(part, '', { mode: 0o600, flag: 'wx' });
  const counting = new AbortController();
  const signal = AbortSignal.any([dump.signal, counting.signal]);
  const writing = write(tool, snapshot, { ...dump, path: part, signal });
  const counted = rowsOf(session).catch(async (error: unknown) => {
    counting.abort(error);
    await writing.catch(() => undefined);
    throw error;
  });
  const [rows] = await Promise.all([counted, writing]);
  return {
    format: 1,
    made_by: `moviemind ${version}`,
    file: basename(dump.path),
    deployment,
    database,
    server_version,
    tool: `pg_dump ${tool.version}`,
    schema_version,
    started_at: started.toISOString(),
    finished_at: new Date().toISOString(),
    bytes: statSync(part).size,
    sha256: await sha256Of(part),
    rows,
  };
}

async function write(tool: Tool, { name }: Snapshot, { url, path, signal }: Omit<Dump, 'isEmbedded'>): Promise<void> {
  const args = ['--format=custom', `--file=${path}`, `--snapshot=${name}`, `--lock-wait-timeout=${LOCK_WAIT}`];
  const stalled = new AbortController();
  const timer = watched(path, () =>
    stalled.abort(new CliError(`the dump stands still for ${STALLED_MS / 60_000} minutes; it is given up`)),
  );
  try {
    await runTool(tool, { url, args, signal: AbortSignal.any([signal, stalled.signal]) });
  } finally {
    clearInterval(timer);
  }
}

/** Tells how far the dump is, and when it does not grow any more. */
function watched(path: string, onStill: () => void): NodeJS.Timeout {
  let last = { size: 0, at: performance.now() };
  return setInterval(() => {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    const now = performance.now();
    if (size > last.size) last = { size, at: now };
    else if (now - last.at > STALLED_MS) onStill();
    process.stderr.write(`${megabytes(size)} written\n`);
  }, TELL_MS);
}

/** The backup is whole, whether it can be noted or not. */
async function noted(url: string, { finished_at, bytes, sha256, tool, file }: Manifest): Promise<boolean> {
  const backup = { finished_at: new Date(finished_at), bytes, sha256, tool, comment: file.slice(-500) };
  try {
    await onDataSource(url, (db) => new Backups(db).note(backup, whoRuns()));
    return true;
  } catch (error) {
    const why = (error as Error).message;
    process.stderr.write(`moviemind: warning: the backup is whole, but could not be noted in the database: ${why}\n`);
    return false;
  }
}

function tell({ manifest, path, isNoted }: Kept & { isNoted: boolean }, removed: Kept[], json = false): void {
  for (const { path: gone } of removed) process.stderr.write(`removed ${gone}\n`);
  if (json) return printJson({ ...manifest, path, noted: isNoted, removed: removed.map((one) => one.path) });
  const rows = Object.values(manifest.rows).reduce((sum, count) => sum + count, 0);
  process.stderr.write(`${rows.toLocaleString('en-US')} rows, ${megabytes(manifest.bytes)}\n`);
  console.log(path);
}

export const megabytes = (bytes: number) => `${(bytes / 1e6).toLocaleString('en-US', { maximumFractionDigits: 1 })} MB`;

function fileTrouble(error: unknown): CliError | null {
  const { code, message } = error as NodeJS.ErrnoException;
  return typeof code === 'string' && /^E[A-Z]+$/.test(code) && !('severity' in (error as object))
    ? new CliError(`cannot write the backup: ${message}`)
    : null;
}
