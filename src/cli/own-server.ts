import { randomBytes } from 'node:crypto';
import { Config } from '../config/config.js';
import { EmbeddedPostgres } from '../database/embedded-postgres.js';
import { residentOf } from '../database/residence.js';
import { startServer } from '../server.js';
import { Client } from './client.js';
import { isMovieMind } from './connect.js';
import { CliError } from './errors.js';
import { Line } from './line.js';
import { pause } from './interruption.js';

/** How long a server that is just starting, or another command, is waited for, milliseconds. */
const PATIENCE_MS = 30_000;
const LOOK_MS = 300;

interface Own {
  dataDir: string;
  token: string | undefined;
  signal: AbortSignal;
}

/** Starts a server on the embedded database for one command, unless one has come up there meanwhile. */
export async function withOwnServer(own: Own, run: (client: Client) => Promise<number>): Promise<number> {
  const { dataDir, signal } = own;
  const resident = await occupant(dataDir, signal);
  if (resident) return run(new Client(new Line({ url: resident.url, token: own.token ?? resident.token, signal })));
  process.stderr.write('No server is running on this machine; starting one for this command …\n');
  const token = randomBytes(32).toString('hex');
  const settings = { ROLE: 'all', PORT: '0', HOST: '127.0.0.1', ADMIN_TOKEN: token };
  const LOG_LEVEL = process.env.LOG_LEVEL || 'error';
  const server = await startServer(new Config({ ...process.env, ...settings, LOG_LEVEL }), { banner: false });
  try {
    return await run(new Client(new Line({ url: server.url, token, signal, temporary: true })));
  } finally {
    await server.stop();
  }
}

/** The server of the folder, waited for while something else holds the folder; `null`: it is free. */
async function occupant(dataDir: string, signal: AbortSignal): Promise<ReturnType<typeof residentOf>> {
  const deadline = Date.now() + PATIENCE_MS;
  for (let told = false; ;) {
    const resident = residentOf(dataDir);
    if (resident && (await isMovieMind(resident.url))) return resident;
    if (!(await new EmbeddedPostgres(dataDir).runningUrl())) return null;
    if (Date.now() > deadline) {
      throw new CliError(`${dataDir} is in use by another command or a server that does not answer: try again later`);
    }
    if (!told) process.stderr.write(`${dataDir} is in use by another command or a server that starts; waiting …\n`);
    told = true;
    await pause(LOOK_MS, signal);
  }
}
