import { createHash } from 'node:crypto';
import { closeSync, createReadStream, fsyncSync, openSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CliError, EXIT } from './errors.js';

/** What is known of a backup. It stands beside the dump, and is written when that is whole. */
export interface Manifest {
  /** Of this form. */
  format: 1;
  /** The program and its version. */
  made_by: string;
  /** Name of the dump, in the same folder. */
  file: string;
  /** Id of the deployment; `null`: it had none yet. */
  deployment: string | null;
  database: string;
  server_version: string;
  /** What made the dump. */
  tool: string;
  /** The last migration. */
  schema_version: string;
  started_at: string;
  finished_at: string;
  bytes: number;
  sha256: string;
  /** Rows of each table in the very snapshot that was dumped. */
  rows: Record<string, number>;
}

/** A backup in a folder. */
export interface Kept {
  manifest: Manifest;
  /** Of the dump. */
  path: string;
  /** The dump is there, as long as it was: its content is for `backup verify`. */
  isThere: boolean;
}

const ENDING = '.json';
/** How a file is called until it is whole. */
export const PART = '.part';

export const manifestOf = (dump: string) => `${dump}${ENDING}`;

/** Writes the manifest: from then on there is a backup. */
export function writeManifest(dump: string, manifest: Manifest): void {
  const path = manifestOf(dump);
  writeFileSync(path + PART, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  store(path + PART);
  store(dump + PART);
  renameSync(dump + PART, dump);
  renameSync(path + PART, path);
  store(dirname(path));
}

/** Has a file or a folder written to the disk. Windows cannot do it for a folder. */
function store(path: string): void {
  const isFolder = statSync(path).isDirectory();
  if (isFolder && process.platform === 'win32') return;
  const file = openSync(path, isFolder ? 'r' : 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** `null`: it is no manifest of ours. */
function readManifest(path: string): Manifest | null {
  try {
    const read = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
    const isOurs =
      read.format === 1 && read.made_by.startsWith('moviemind ') && `${read.file}${ENDING}` === basename(path);
    return isOurs ? read : null;
  } catch {
    return null;
  }
}

/** The backups of a folder, the newest first. Whatever else lies there is passed over. */
export function backupsIn(folder: string): Kept[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(ENDING));
  const kept = files.flatMap((name) => keptAt(join(folder, name)) ?? []);
  return kept.sort((one, other) => other.manifest.finished_at.localeCompare(one.manifest.finished_at));
}

function keptAt(path: string): Kept | null {
  const manifest = readManifest(path);
  if (!manifest) return null;
  const dump = join(dirname(path), manifest.file);
  const size = statSync(dump, { throwIfNoEntry: false })?.size;
  return { manifest, path: dump, isThere: size === manifest.bytes };
}

/** The backup that is meant: by its dump, by its manifest, or the newest of a folder. @throws CliError */
export function backupAt(path: string): Kept {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new CliError(`there is no ${path}`);
  if (found.isDirectory()) {
    const [newest] = backupsIn(path);
    if (!newest) throw new CliError(`there is no backup in ${path}`);
    return newest;
  }
  const kept = keptAt(path.endsWith(ENDING) ? path : manifestOf(path));
  if (kept) return kept;
  throw new CliError(
    `${manifestOf(path)} is no manifest of a backup: what pg_dump alone has made, pg_restore --no-owner brings back`,
  );
}

/** @throws CliError when the dump is not as it was made */
export async function checkDump({ path, manifest, isThere }: Kept): Promise<void> {
  const whole = isThere && (await sha256Of(path)) === manifest.sha256;
  if (whole) return;
  throw new CliError(`${path} is damaged: it is not what its manifest says; take another backup`, EXIT.unwritten);
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** The manifest goes first: without it there is no backup, so none is left that lacks its dump. */
export function removeBackup({ path }: Kept): void {
  rmSync(manifestOf(path));
  rmSync(path, { force: true });
}
