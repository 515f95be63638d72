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
 * The folder of the embedded PostgreSQL. Two locks say who lives there, wherever the two processes run:
 *
 * - `owner.lock` is held by the MovieMind that uses it;
 * - `postgres.lock` is held by that and by every process of its PostgreSQL, which may outlive it.
 *
 * A process id says little: in another container it belongs to another program, or to none.
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

  /** What PostgreSQL is given to hold. */
  get lockedFile(): number {
    return this.postgres!.fd;
  }

  /**
   * Makes the folder and becomes its owner.
   * @returns whether it did: another process may be that
   * @throws StartError when it cannot be written to
   */
  take(): boolean {
    return this.writing(() => {
      mkdirSync(this.path, { recursive: true });
      // Also tells a folder that became read-only, or a disk that is full, before PostgreSQL does in many words.
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
   * Makes sure that no PostgreSQL runs here, and clears away what a dead one left. For the owner.
   * @throws StartError when there is one that cannot be seen from here
   */
  async takeServer(): Promise<void> {
    const path = join(this.path, 'postgres.lock');
    for (let waited = 0; ; waited += 100) {
      this.postgres = this.writing(() => FileLock.take(path));
      if (this.postgres) break;
      if (waited >= RELEASE_WITHIN_MS) throw this.occupied('A PostgreSQL of an earlier start still runs');
      await sleep(100);
    }
    // Ours is the lock: whoever wrote this is gone, whatever its number belongs to now, or did not get to write it.
    rmSync(this.pidFile, { force: true });
    if (!this.hasCluster) this.makePassword();
  }

  /** For a start that must not go on. */
  occupied(who: string): StartError {
    return new StartError(
      `${who} in ${this.path}, and cannot be seen from here; it may be in another container: stop it, or set DATA_DIR (and PORT) for a second one`,
    );
  }

  release(): void {
    this.postgres?.release();
    this.owner?.release();
    this.postgres = this.owner = null;
  }

  /** The server of this folder, if it lives and can be seen from here. */
  running(): { pid: number; port: number } | null {
    if (!existsSync(this.pidFile)) return null;
    const [pid, , , port = 0] = readFileSync(this.pidFile, 'utf8').split('\n').map(Number);
    return pid && isAlive(pid) && this.isServedBy(pid) ? { pid, port } : null;
  }

  /** PostgreSQL works in its folder, whatever that was called at the start; so may a shell. */
  private isServedBy(pid: number): boolean {
    try {
      const [there, here] = [statSync(`/proc/${pid}/cwd`), statSync(this.cluster)];
      return there.ino === here.ino && there.dev === here.dev && commandLine(pid).includes('postgres');
    } catch {
      return commandLine(pid).includes(this.cluster);
    }
  }

  /** An empty file is what a full disk left of the first start. */
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
