import { type ChildProcess, execFile, execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { changeOwner, spawnAs } from '../../../src/embedded/processes.js';
import { eventually } from '../run/eventually.js';
import { foundOrInstalled } from './packages.js';
import { quietPort } from './services.js';

const run = promisify(execFile);

/** A PostgreSQL as an operator has it: of the system's packages, with the tools of its own version. */
export class SystemPostgres {
  readonly url: string;
  /** Of the superuser. */
  readonly adminUrl: string;
  /** The folder of its programs. */
  readonly bin = programs();
  private readonly folder = mkdtempSync(join(tmpdir(), 'moviemind-system-postgres-'));
  private server: ChildProcess | null = null;

  private constructor(private readonly port: number) {
    this.url = `postgres://moviemind:secret@127.0.0.1:${port}/moviemind`;
    this.adminUrl = `postgres://postgres:secret@127.0.0.1:${port}/postgres`;
  }

  /** An empty server, with an empty database. */
  static async start(): Promise<SystemPostgres> {
    const own = new SystemPostgres(await quietPort());
    await own.create();
    return own;
  }

  /** A standby that streams from it. */
  async standby(): Promise<SystemPostgres> {
    const from = `host=127.0.0.1 port=${this.port} user=postgres password=secret`;
    const copy = (data: string) =>
      run(join(this.bin, 'pg_basebackup'), ['-d', from, '-D', data, '--checkpoint=fast', '-X', 'stream'], {
        timeout: 60_000,
      });
    return SystemPostgres.startOn(copy, () => `primary_conninfo = '${from}'\n`, 'standby.signal');
  }

  /** A server on a copy of another's folder, which `make` makes. */
  static async startOn(
    make: (data: string) => Promise<unknown>,
    settings: () => string,
    signal: 'recovery.signal' | 'standby.signal' = 'recovery.signal',
  ): Promise<SystemPostgres> {
    const own = new SystemPostgres(await quietPort());
    const data = join(own.folder, 'data');
    await make(data);
    writeFileSync(join(data, 'postgresql.auto.conf'), settings());
    writeFileSync(join(data, signal), '');
    const owner = changeOwner(data);
    if (owner) for (const path of [own.folder, ...filesIn(data)]) chownSync(path, owner.uid, owner.gid);
    await own.startAgain();
    return own;
  }

  /** `pg_ctl stop -m immediate`. */
  async stopImmediately(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (!server || server.exitCode !== null) return;
    const ended = new Promise((done) => server.once('exit', done));
    server.kill('SIGQUIT');
    await ended;
  }

  async startAgain(): Promise<void> {
    const data = join(this.folder, 'data');
    const settings = [
      `port=${this.port}`,
      'listen_addresses=127.0.0.1',
      'unix_socket_directories=',
      'max_connections=200',
    ];
    this.server = this.spawn('postgres', ['-D', data, ...settings.flatMap((setting) => ['-c', setting])]);
    await eventually(() => this.asked('SELECT 1').catch(() => false), 30_000);
  }

  /** The disk is gone: another one, with an empty database. */
  async lose(): Promise<void> {
    await this.stopImmediately();
    for (const entry of readdirSync(this.folder)) rmSync(join(this.folder, entry), { recursive: true });
    await this.create();
  }

  async remove(): Promise<void> {
    await this.stopImmediately();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async create(): Promise<void> {
    const data = join(this.folder, 'data');
    mkdirSync(data, { mode: 0o700 });
    const password = join(this.folder, 'password');
    writeFileSync(password, 'secret');
    const owner = changeOwner(data);
    if (owner) for (const path of [this.folder, password]) chownSync(path, owner.uid, owner.gid);
    const initdb = this.spawn('initdb', [
      `--pgdata=${data}`,
      `--pwfile=${password}`,
      '--username=postgres',
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
    ]);
    await new Promise((ended) => initdb.once('exit', ended));
    await this.startAgain();
    await this.prepare();
  }

  /** Role and database as docker-compose.yml has them made: the program is no superuser. */
  async prepare(): Promise<void> {
    const PATH = `${this.bin}:${process.env.PATH}`;
    const server = { PGHOST: '127.0.0.1', PGPORT: String(this.port), PGPASSWORD: 'secret' };
    await run('sh', ['docker/postgres-init.sh'], {
      env: { PATH, ...server, DATABASE_PASSWORD: 'secret' },
      timeout: 60_000,
    });
  }

  private spawn(program: string, args: string[]): ChildProcess {
    const data = join(this.folder, 'data');
    return spawnAs(changeOwner(data), join(this.bin, program), args, { log: `${this.folder}.log`, reaches: data });
  }

  /** As the superuser. */
  async asked(statement: string): Promise<boolean> {
    const client = new pg.Client({ connectionString: this.adminUrl });
    client.on('error', () => undefined);
    await client.connect();
    try {
      await client.query(statement);
      return true;
    } finally {
      await client.end();
    }
  }
}

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));

/** The folder of PostgreSQL's programs: Debian's newest, else that of `pg_config`, else one that is installed now. */
function programs(): string {
  const found = () =>
    [...debian(), ...configured()].find((bin) =>
      ['initdb', 'postgres', 'pg_dump'].every((name) => existsSync(join(bin, name))),
    );
  const bin = foundOrInstalled(found, 'postgresql', 'PostgreSQL with pg_dump');
  if (!bin)
    throw new Error(
      'The tests need PostgreSQL with pg_dump. Install it: apt-get install postgresql, or brew install postgresql',
    );
  return bin;
}

function debian(): string[] {
  const folder = '/usr/lib/postgresql';
  const versions = existsSync(folder) ? readdirSync(folder) : [];
  return versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(folder, version, 'bin'));
}

function configured(): string[] {
  try {
    return [execFileSync('pg_config', ['--bindir'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()];
  } catch {
    return [];
  }
}
