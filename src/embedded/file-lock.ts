import { closeSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';

interface Locks {
  tryLock: (fd: number) => boolean;
}

/**
 * A lock on a file. It is held as long as a process has the file open: this one, or a child that got {@link
 * FileLock.fd}. The kernel keeps it with the file, so it holds across containers, whatever the path is there. A process
 * that is killed leaves no lock behind. (Linux: an open file description lock; macOS: flock; Windows: LockFileEx.)
 */
export class FileLock {
  private constructor(readonly fd: number) {}

  /** @param path made when it is missing, and never removed: a new file of that name would have a lock of its own */
  static take(path: string): FileLock | null {
    // Loaded here, because users with their own database need no lock. The library may lack a binary for their machine.
    const { tryLock } = createRequire(import.meta.url)('fs-native-extensions') as Locks;
    const fd = openSync(path, 'a+', 0o600);
    if (tryLock(fd)) return new FileLock(fd);
    closeSync(fd);
    return null;
  }

  release(): void {
    closeSync(this.fd);
  }
}
