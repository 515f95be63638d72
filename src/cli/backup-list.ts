import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { backupsIn, type Kept } from './backup-manifest.js';
import { FOLDER, megabytes } from './backup.js';
import { CliError, EXIT } from './errors.js';
import { printJson, table } from './output.js';

/** Lists the backups of a folder, the newest first. Their content is for `backup verify`. */
export function listBackups(folder: string = FOLDER, { json = false }: { json?: boolean }): number {
  if (!existsSync(folder)) throw new CliError(`there is no folder ${folder}`);
  const kept = backupsIn(resolve(folder));
  if (json) printJson(kept.map(({ manifest, path, isThere }) => ({ ...manifest, path, damaged: !isThere })));
  else if (kept.length === 0) console.log(`There is no backup in ${folder}.`);
  else console.log(table(['backup', 'of', 'size'], kept.map(cellsOf)));
  return EXIT.done;
}

function cellsOf({ manifest, path, isThere }: Kept): string[] {
  const { finished_at, database, server_version, made_by, bytes } = manifest;
  const size = isThere ? megabytes(bytes) : 'damaged';
  return [
    `${path}\nby ${made_by}`,
    `${finished_at.slice(0, 16).replace('T', ' ')}\n${database}, ${server_version.split(' ')[0]}`,
    size,
  ];
}
