import { randomBytes } from 'node:crypto';
import { Config } from '../config/config.js';
import { given } from '../config/environment.js';
import { type Resident, residentOf } from '../embedded/residence.js';
import { FolderTakenError } from '../database/start-error.js';
import { type RunningServer, startServer } from '../server/server.js';
import { Client } from './client.js';
import { isMovieMind } from './address.js';
import { pause } from './interruption.js';
import { Line } from './line.js';

/** How long the command waits for a server that is starting, or for another command, milliseconds. */
const PATIENCE_MS = 30_000;
const LOOK_MS = 300;

type Command = (client: Client) => Promise<number>;

interface Own {
  dataDir: string;
  token: string | undefined;
  signal: AbortSignal;
}

/** Starts a server on the embedded database for one command, unless another has started there meanwhile. */
export async function withOwnServer(own: Own, run: Command): Promise<number> {
  const { dataDir, signal } = own;
  process.stderr.write('No server is running on this machine; starting one for this command …\n');
  const token = randomBytes(32).toString('hex');
  const server = await startedOrFound(dataDir, token, signal);
  if (!('app' in server)) {
    return run(new Client(new Line({ url: server.url, token: own.token ?? server.token, signal })));
  }
  try {
    return await run(new Client(new Line({ url: server.url, token, signal, temporary: true, alone: true })));
  } finally {
    await server.stop();
  }
}

/**
 * Runs one command on a database, beside whatever else runs there: the API in this process, for this process. It
 * listens on this machine, on a free port, for a key that is known here alone. It runs no jobs and migrates nothing.
 */
export async function onDatabaseOf(url: string, signal: AbortSignal, run: Command): Promise<number> {
  const token = randomBytes(32).toString('hex');
  const closed = { AUTH_REQUIRED: 'true', PUBLIC_READS: 'false', BASE_PATH: '', CORS_ORIGINS: '' };
  const config = settingsFor(token, { ...closed, DATABASE_URL: url, ROLE: 'api' });
  config.passive = true;
  const server = await startServer(config, { banner: false });
  try {
    return await run(new Client(new Line({ url: server.url, token, signal, temporary: true })));
  } finally {
    await server.stop();
  }
}

/** The database of DATABASE_URL, else the embedded one of DATA_DIR while it runs. `null`: it does not run. */
export async function databaseInUse({ databaseUrl, dataDir }: Config): Promise<string | null> {
  if (databaseUrl !== null) return databaseUrl;
  const { EmbeddedPostgres } = await import('../embedded/embedded-postgres.js');
  return new EmbeddedPostgres(dataDir).runningUrl();
}

/** Waits while another process has the folder: it may be a server that is starting. */
async function startedOrFound(dataDir: string, token: string, signal: AbortSignal): Promise<RunningServer | Resident> {
  const deadline = Date.now() + PATIENCE_MS;
  for (let reported = false; ; reported = true) {
    const resident = residentOf(dataDir);
    if (resident && (await isMovieMind(resident.url))) return resident;
    try {
      return await startServer(settingsFor(token), { banner: false });
    } catch (error) {
      if (!(error instanceof FolderTakenError) || Date.now() > deadline) throw error;
      if (!reported)
        process.stderr.write(`${dataDir} is in use by another command or a server that starts; waiting …\n`);
      await pause(LOOK_MS, signal);
    }
  }
}

function settingsFor(ADMIN_TOKEN: string, more: Record<string, string> = {}): Config {
  // With the secrets that stand in files: one of them is replaced here.
  const settings = given(process.env);
  const own = { ROLE: 'all', PORT: '0', HOST: '127.0.0.1', ADMIN_TOKEN, LOG_LEVEL: settings.LOG_LEVEL ?? 'error' };
  return new Config({ ...settings, ...own, ...more });
}
