import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import type { EmbeddedPostgres } from '../../../src/embedded/embedded-postgres.js';
import { eventually } from '../run/eventually.ts';

/** The class restarts its server at once; a test that wants it down for a while has to hold it. */
interface Held {
  stopping: boolean;
  launch: () => Promise<void>;
}

/** A data folder with a migrated database, under jest; elsewhere a cluster is made anew, which takes seconds. */
const TEMPLATE = process.env.TEST_DATA_FOLDER;

/** A PostgreSQL to be ill-treated, from the program's own binaries. */
export class OwnPostgres {
  url = '';
  private readonly folder = mkdtempSync(join(TEMPLATE ? dirname(TEMPLATE) : tmpdir(), 'moviemind-postgres-'));
  private server: EmbeddedPostgres;

  static async start(): Promise<OwnPostgres> {
    const own = new OwnPostgres();
    if (TEMPLATE) execFileSync('cp', ['-a', `${TEMPLATE}/.`, own.folder]);
    // From what was built: its decorators and parameter properties are no TypeScript that node alone can run.
    const module = (await import(join(process.cwd(), 'dist/modules/src/embedded/embedded-postgres.js'))) as {
      EmbeddedPostgres: typeof EmbeddedPostgres;
    };
    own.server = new module.EmbeddedPostgres(own.folder);
    own.url = await own.server.start();
    return own;
  }

  async asked(statement: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.url });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  }

  /** `pg_ctl stop -m immediate`: no checkpoint, sessions cut, recovery from the write-ahead log at the next start. */
  async stopImmediately(): Promise<void> {
    const pid = Number(readFileSync(join(this.folder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);
    this.held.stopping = true;
    process.kill(pid, 'SIGQUIT');
    await eventually(async () => !isAlive(pid), 20_000);
  }

  /** On the same port. */
  async startAgain(): Promise<void> {
    this.held.stopping = false;
    await this.held.launch();
  }

  async remove(): Promise<void> {
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get held(): Held {
    return this.server as unknown as Held;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
