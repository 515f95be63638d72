import { Config } from '../config/config.js';
import { given } from '../config/environment.js';
import { residentOf } from '../embedded/residence.js';
import { bearerKey, isMovieMind, isSameLocal, serverUrl } from './address.js';
import { Client } from './client.js';
import { CliError } from './errors.js';
import { Line } from './line.js';

export interface ConnectOptions {
  url?: string;
  token?: string;
  /** To work on the database itself. */
  direct?: boolean;
}

type Command = (client: Client) => Promise<number>;

/**
 * Runs a command against the first of these:
 * 0. with --direct: the API in this process, on the database itself, whatever else runs there;
 * 1. the server that the command names;
 * 2. the server that uses DATA_DIR, which accepts commands of the same folder without a key;
 * 3. the server on HOST and PORT;
 * 4. a server of its own on the embedded database, which ends with the command. None is started on another database: it
 *    would migrate that database and run its jobs, unasked.
 *
 * @returns the command's exit code
 */
export async function connect(options: ConnectOptions, signal: AbortSignal, run: Command): Promise<number> {
  const { MOVIEMIND_URL, HOST, PORT } = given(process.env);
  if (options.direct) return directly(options, signal, run);
  const token = tokenOf(options);
  if (options.url !== undefined || MOVIEMIND_URL) {
    const [text, from] = options.url === undefined ? [MOVIEMIND_URL!, 'MOVIEMIND_URL'] : [options.url, '--url'];
    const url = serverUrl(text, from);
    return run(new Client(new Line({ url, token: token ?? residentAt(url), signal })));
  }
  // One process does all the work of a command, whatever ROLE the environment gives to servers.
  const config = new Config({ ...process.env, ROLE: 'all' });
  const resident = config.embedded ? residentOf(config.dataDir) : null;
  if (resident && (await isMovieMind(resident.url))) {
    return run(new Client(new Line({ url: resident.url, token: token ?? resident.token, signal })));
  }
  const local = localUrl(HOST, PORT);
  if (await isMovieMind(local)) return run(new Client(new Line({ url: local, token, signal })));
  if (!config.embedded) {
    throw new CliError(
      `no server answers at ${local}, and none is started on the database of DATABASE_URL: ` +
        'start one (npm start), name it by --url or MOVIEMIND_URL, or work on the database itself with --direct',
    );
  }
  const { withOwnServer } = await import('./own-server.js');
  return withOwnServer({ dataDir: config.dataDir, token, signal }, run);
}

async function directly({ url, token }: ConnectOptions, signal: AbortSignal, run: Command): Promise<number> {
  if (url ?? token) throw new CliError('--direct works on the database itself: leave out --url and --token');
  const config = new Config({ ...process.env, ROLE: 'all' });
  const { databaseInUse, onDatabaseOf, withOwnServer } = await import('./own-server.js');
  const database = await databaseInUse(config);
  if (database !== null) return onDatabaseOf(database, signal, run);
  return withOwnServer({ dataDir: config.dataDir, token, signal }, run);
}

function tokenOf({ token }: ConnectOptions): string | undefined {
  const { MOVIEMIND_TOKEN, ADMIN_TOKEN } = given(process.env);
  if (token !== undefined) return bearerKey(token, '--token');
  if (MOVIEMIND_TOKEN) return bearerKey(MOVIEMIND_TOKEN, 'MOVIEMIND_TOKEN');
  return ADMIN_TOKEN ? bearerKey(ADMIN_TOKEN, 'ADMIN_TOKEN') : undefined;
}

/** The token of the server of DATA_DIR, if the URL names that server. */
function residentAt(url: string): string | undefined {
  const { DATABASE_URL, DATA_DIR } = given(process.env);
  const resident = DATABASE_URL ? null : residentOf(DATA_DIR || '.data');
  return resident && isSameLocal(resident.url, url) ? resident.token : undefined;
}

function localUrl(host = '', port = ''): string {
  const everywhere = ['', '0.0.0.0', '::', 'localhost'].includes(host);
  return `http://${everywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port || 3000}`;
}
