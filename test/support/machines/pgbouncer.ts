import type { ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { changeOwner, spawnAs } from '../../../src/embedded/processes.js';
import { eventually } from '../run/eventually.js';
import { foundOrInstalled } from './packages.js';
import { freePort } from './services.js';

/** PgBouncer before a PostgreSQL, with its own defaults: 20 connections a pool, no parameter ignored. */
export class PgBouncer {
  readonly url: string;
  private readonly folder = mkdtempSync(join(tmpdir(), 'moviemind-pgbouncer-'));
  private server: ChildProcess;
  private readonly start: () => ChildProcess;

  /** @param target the URL of a database, with its password */
  static async before(target: string, mode: 'session' | 'transaction'): Promise<PgBouncer> {
    const own = new PgBouncer(await freePort(), target, mode);
    await eventually(() => own.answers(), 15_000).catch(() => {
      throw new Error(`pgbouncer does not answer: ${readFileSync(own.log, 'utf8')}`);
    });
    return own;
  }

  private constructor(port: number, target: string, mode: string) {
    const program = pgBouncer();
    const { hostname, port: behind, username, password } = new URL(target);
    const url = new URL(target);
    url.host = `127.0.0.1:${port}`;
    this.url = url.href;
    const users = join(this.folder, 'userlist.txt');
    writeFileSync(users, `"${username}" "${password}"\n`);
    const settings = join(this.folder, 'pgbouncer.ini');
    writeFileSync(
      settings,
      `[databases]\n* = host=${hostname} port=${behind}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${port}\n` +
        `unix_socket_dir =\nauth_type = scram-sha-256\nauth_file = ${users}\npool_mode = ${mode}\n`,
    );
    const owner = changeOwner(this.folder);
    if (owner) for (const path of [users, settings]) chownSync(path, owner.uid, owner.gid);
    this.start = () => spawnAs(owner, program, [settings], { log: this.log, reaches: settings });
    this.server = this.start();
  }

  /** Ends at once, with all connections, and begins anew after so many milliseconds. */
  async restart(awayMs: number): Promise<void> {
    await this.end('SIGKILL');
    await sleep(awayMs);
    this.server = this.start();
    await eventually(() => this.answers(), 15_000);
  }

  async stop(): Promise<void> {
    await this.end('SIGINT');
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(this.log, { force: true });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { server } = this;
    const ended = new Promise((done) => server.once('exit', done));
    if (server.exitCode === null && server.signalCode === null && server.kill(signal)) await ended;
  }

  private get log(): string {
    return `${this.folder}.log`;
  }

  private async answers(): Promise<boolean> {
    const client = new pg.Client({ connectionString: this.url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

/** `pgbouncer` where packages put it; else from Debian's, when this user may install; else one line that says how. */
function pgBouncer(): string {
  const places = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/local/sbin'];
  const found = () => places.map((folder) => join(folder, 'pgbouncer')).find((path) => existsSync(path));
  const program = foundOrInstalled(found, 'pgbouncer');
  if (!program)
    throw new Error('The tests need pgbouncer. Install it: apt-get install pgbouncer, or brew install pgbouncer');
  return program;
}
