import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FileLock } from './file-lock.js';
import { commandLine, isAlive } from './processes.js';
import { StartError } from '../database/start-error.js';

/** How long a PostgreSQL that has just ended may keep its lock, milliseconds: its children end a moment later. */
const RELEASE_WITHIN_MS = 3000;

/**
 * The folder of the embedded PostgreSQL. Two locks say who uses it, wherever the two processes run:
 * - `owner.lock` is held by the MovieMind that uses it;
 * - `postgres.lock` is held by that MovieMind and by every process of its PostgreSQL, which may outlive it.
 *
 * A process id is no proof: in another container it belongs to another program, or to none.
 */
export class DataFolder {
  readonly path: string;
  readonly cluster: string;
  readonly logFile: string;
  private readonly passwordFile: string;
  private readonly pidFile: string;
  private owner: FileLock | null = null;
  private postgres: FileLock | null = null;

  constructor(path: string) {
    this.path = existsSync(path) ? realpathSync(path) : resolve(path);
    this.cluster = join(this.path, 'postgres');
    this.logFile = join(this.path, 'postgres.log');
    this.passwordFile = join(this.path, 'postgres.password');
    this.pidFile = join(this.cluster, 'postmaster.pid');
  }

  get hasCluster(): boolean {
    return existsSync(join(this.cluster, 'PG_VERSION'));
  }

  get password(): string {
    return readFileSync(this.passwordFile, 'utf8').trim();
  }

  /** The file that PostgreSQL is given to hold the lock. */
  get lockedFile(): number {
    return this.postgres!.fd;
  }

  /**
   * Makes the folder and becomes its owner.
   * @returns `false`: another process is the owner
   * @throws StartError when the folder cannot be written to
   */
  take(): boolean {
    return this.writing(() => {
      mkdirSync(this.path, { recursive: true });
      // Detects a read-only folder or a full disk, before PostgreSQL reports it in many words.
      const probe = join(this.path, `.probe-${randomBytes(4).toString('hex')}`);
      try {
        writeFileSync(probe, randomBytes(8192));
      } finally {
        rmSync(probe, { force: true });
      }
      this.owner = FileLock.take(join(this.path, 'owner.lock'));
      return this.owner !== null;
    });
  }

  /**
   * Makes sure that no PostgreSQL runs here, and deletes what a dead one left. Only the owner calls it.
   * @throws StartError when one runs that this process cannot see
   */
  async takeServer(): Promise<void> {
    const path = join(this.path, 'postgres.lock');
    for (let waited = 0; ; waited += 100) {
      this.postgres = this.writing(() => FileLock.take(path));
      if (this.postgres) break;
      if (waited >= RELEASE_WITHIN_MS) throw this.occupiedError('A PostgreSQL of an earlier start still runs');
      await sleep(100);
    }
    // We hold the lock, so the server that wrote this file is dead, even if its process id is in use again.
    rmSync(this.pidFile, { force: true });
    if (!this.hasCluster) this.makePassword();
  }

  /** The error of a start that must not go on. */
  occupiedError(who: string): StartError {
    return new StartError(
      `${who} in ${this.path}, and cannot be seen from here; it may be in another container: ` +
        'stop it, or set DATA_DIR (and PORT) for a second one',
    );
  }

  release(): void {
    this.postgres?.release();
    this.owner?.release();
    this.postgres = this.owner = null;
  }

  /** The server of this folder, if it runs and this process can see it. */
  running(): { pid: number; port: number } | null {
    if (!existsSync(this.pidFile)) return null;
    const [pid, , , port = 0] = readFileSync(this.pidFile, 'utf8').split('\n').map(Number);
    return pid && isAlive(pid) && this.isServedBy(pid) ? { pid, port } : null;
  }

  /** PostgreSQL has the folder as its working directory, whatever path it was started with. A shell may have it too. */
  private isServedBy(pid: number): boolean {
    try {
      const [there, here] = [statSync(`/proc/${pid}/cwd`), statSync(this.cluster)];
      return there.ino === here.ino && there.dev === here.dev && commandLine(pid).includes('postgres');
    } catch {
      return commandLine(pid).includes(this.cluster);
    }
  }

  /** A full disk may have left an empty file at the first start. */
  private makePassword(): void {
    if (existsSync(this.passwordFile) && this.password !== '') return;
    this.writing(() => writeFileSync(this.passwordFile, randomBytes(24).toString('hex'), { mode: 0o600 }));
  }

  private writing<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      throw new StartError(`cannot write to the data folder ${this.path} (${reason(error)}): free it or set DATA_DIR`);
    }
  }
}

function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC') return 'no space left';
  return code === 'EACCES' || code === 'EPERM' ? 'permission denied' : code === 'EROFS' ? 'read-only' : String(code);
}
