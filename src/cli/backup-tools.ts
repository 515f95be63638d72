import { execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { CliError } from './errors.js';

const run = promisify(execFile);

/** PostgreSQL's own programs. */
export type ToolName = 'pg_dump' | 'pg_restore';
export interface Tool {
  path: string;
  /** As it says it: `18.1`. */
  version: string;
  major: number;
}

/** Where Debian's packages keep the programs of each version. */
const DEBIAN = '/usr/lib/postgresql';
/** How long a program may take to say its version, milliseconds. */
const VERSION_WITHIN_MS = 10_000;
/** What of a program's complaints is shown, characters. */
const SHOWN = 2000;
/** Where Debian and others keep the authorities that the system trusts. */
const AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt';

/**
 * @param instead what may be done without one
 * @throws CliError when there is none that is new enough, with what to install
 */
export async function toolFor(name: ToolName, least: number, instead = ''): Promise<Tool> {
  const found = (await Promise.all(candidates(name).map(versioned))).filter((tool) => tool !== null);
  return chosenTool(name, least, found, instead);
}

/** The oldest that is new enough: a dump of a newer one may set what an older server does not know. */
export function chosenTool(name: ToolName, least: number, found: Tool[], instead = ''): Tool {
  const [best] = found.filter(({ major }) => major >= least).sort((one, other) => one.major - other.major);
  if (best) return best;
  const [newest] = found.sort((one, other) => other.major - one.major);
  const state = newest ? `${name} here is of version ${newest.version}` : `there is no ${name} on PATH`;
  throw new CliError(
    `${state}, and PostgreSQL ${least} needs one of its own version or newer: install its client ` +
      `(Debian: apt-get install postgresql-client-${least}, from https://apt.postgresql.org where Debian has none)` +
      instead,
  );
}

function candidates(name: string): string[] {
  const debian = existsSync(DEBIAN) ? readdirSync(DEBIAN).map((version) => join(DEBIAN, version, 'bin')) : [];
  const folders = [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), ...debian];
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  return [...new Set(folders.map((folder) => join(folder, file)))].filter(existsSync);
}

async function versioned(path: string): Promise<Tool | null> {
  const { stdout } = await run(path, ['--version'], { timeout: VERSION_WITHIN_MS }).catch(() => ({ stdout: '' }));
  const [, version, major] = /\(PostgreSQL\) ((\d+)\S*)/.exec(stdout) ?? [];
  return version && major ? { path, version, major: Number(major) } : null;
}

/**
 * The database of a URL, for PostgreSQL's programs. It goes into their environment: what stands in a command line is
 * read by every user of the machine.
 */
export function environmentOf(url: string): Record<string, string> {
  const { host, port, user, password, database } = new pg.Client({ connectionString: url });
  const { searchParams } = new URL(url.replace('@/', '@localhost/'));
  return {
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user ?? '',
    PGDATABASE: database ?? '',
    ...(password && { PGPASSWORD: password }),
    ...(searchParams.has('options') && { PGOPTIONS: searchParams.get('options')! }),
    ...encryptionOf(searchParams),
    PGCONNECT_TIMEOUT: '10',
    PGAPPNAME: 'moviemind-backup',
    LC_MESSAGES: 'C',
  };
}

/** As the program itself understands the URL: a certificate is checked, unless `no-verify` says otherwise. */
function encryptionOf(parameters: URLSearchParams): Record<string, string> {
  const mode = parameters.get('sslmode') ?? (/^(1|true)$/.test(parameters.get('ssl') ?? '') ? 'verify-full' : null);
  if (mode === null) return {};
  const files = ['sslcert', 'sslkey', 'sslrootcert'].flatMap((name) => {
    const file = parameters.get(name);
    return file === null ? [] : [[`PG${name.toUpperCase()}`, file]];
  });
  if (mode === 'no-verify') return { PGSSLMODE: 'require', ...Object.fromEntries(files) };
  const trusted = process.env.NODE_EXTRA_CA_CERTS ?? (existsSync(AUTHORITIES) ? AUTHORITIES : 'system');
  return { PGSSLMODE: mode, PGSSLROOTCERT: trusted, ...Object.fromEntries(files) };
}

export interface Run {
  url: string;
  args: string[];
  /** Aborted: the program is ended. */
  signal: AbortSignal;
}

/** Runs one of them to its end. @throws CliError with what it complained of */
export async function runTool({ path }: Tool, { url, args, signal }: Run): Promise<void> {
  const env = { ...process.env, ...environmentOf(url) };
  const child = spawn(path, [...args, '--no-password'], { env, stdio: ['ignore', 'ignore', 'pipe'], signal });
  let complaint = '';
  child.stderr.on('data', (text: Buffer) => (complaint = (complaint + text.toString()).slice(-SHOWN)));
  const end = await new Promise<string | null>((done) => {
    // One that was begun is waited for: it may still write.
    child.once('error', (error) => child.pid === undefined && done(error.message));
    child.once('close', (code, by) => done(code === 0 ? null : `ended with ${by ?? code}`));
  });
  signal.throwIfAborted();
  if (end === null) return;
  const [first = ''] = complaint.trim().split('\n');
  throw new CliError(`${first || path}${first ? '' : `: ${end}`}`);
}
