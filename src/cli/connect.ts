import { randomBytes } from 'node:crypto';
import { given } from '../config/environment.js';
import { Client } from './client.js';

interface ConnectOptions {
  url?: string;
  token?: string;
}

/**
 * Runs a command against a server: the one it is told, else the one on this machine, else one that is started with the
 * settings of the environment and lives as long as the command (`ownServer`, so that nothing is left behind unfinished).
 * @returns the command's exit code
 */
export async function connect(
  options: ConnectOptions,
  run: (client: Client, ownServer: boolean) => Promise<number>,
): Promise<number> {
  const { MOVIEMIND_URL, MOVIEMIND_TOKEN, ADMIN_TOKEN, PORT } = given(process.env);
  const token = options.token ?? MOVIEMIND_TOKEN ?? ADMIN_TOKEN;
  const told = options.url ?? MOVIEMIND_URL;
  if (told) return run(new Client(told.replace(/\/$/, ''), token), false);
  const local = `http://127.0.0.1:${PORT ?? 3000}`;
  if (await isMovieMind(local)) return run(new Client(local, token), false);
  return withOwnServer(token ?? randomBytes(16).toString('hex'), run);
}

async function isMovieMind(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(2000) });
    return response.ok && response.headers.has('x-request-id');
  } catch {
    return false;
  }
}

async function withOwnServer(
  token: string,
  run: (client: Client, ownServer: boolean) => Promise<number>,
): Promise<number> {
  process.stderr.write('No server is running on this machine; starting one for this command …\n');
  const settings = {
    ...process.env,
    ROLE: 'all',
    PORT: '0',
    HOST: '127.0.0.1',
    ADMIN_TOKEN: token,
    LOG_LEVEL: given(process.env).LOG_LEVEL ?? 'error',
  };
  // Loaded only here: the commands themselves start in a fraction of the time that the application takes.
  const [{ Config }, { startServer }] = await Promise.all([import('../config/config.js'), import('../server.js')]);
  const server = await startServer(new Config(settings), { banner: false });
  const interrupt = () => void server.stop().then(() => process.exit(130));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    return await run(new Client(server.url, token), true);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await server.stop();
  }
}
