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

interface Own {
  dataDir: string;
  token: string | undefined;
  signal: AbortSignal;
}

/** Starts a server on the embedded database for one command, unless another has started there meanwhile. */
export async function withOwnServer(own: Own, run: (client: Client) => Promise<number>): Promise<number> {
  const { dataDir, signal } = own;
  process.stderr.write('No server is running on this machine; starting one for this command …\n');
  const token = randomBytes(32).toString('hex');
  const server = await startedOrFound(dataDir, token, signal);
  if (!('app' in server)) {
    return run(new Client(new Line({ url: server.url, token: own.token ?? server.token, signal })));
  }
  try {
    return await run(new Client(new Line({ url: server.url, token, signal, temporary: true })));
  } finally {
    await server.stop();
  }
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

function settingsFor(ADMIN_TOKEN: string): Config {
  const LOG_LEVEL = given(process.env).LOG_LEVEL ?? 'error';
  return new Config({ ...process.env, ROLE: 'all', PORT: '0', HOST: '127.0.0.1', ADMIN_TOKEN, LOG_LEVEL });
}
