import { compared } from '../database/program-age.js';
import { onMigrating } from '../server/data-source.js';
import { type Extra, extrasOf, migrationsOf, refuseBesideNewer, RELEASES, takeBack } from '../server/take-back.js';
import { isConfirmed } from './confirm.js';
import { onUrl } from './database.js';
import { CliError, EXIT } from './errors.js';
import { printJson } from './output.js';

export interface BackOptions {
  check?: boolean;
  json?: boolean;
  yes?: boolean;
}

/**
 * Takes the tables back to a release, for a rollback that needs it. Most need none: the release before runs on the
 * tables as they are. @returns the exit code
 */
export function migrateBack(release: string, options: BackOptions, signal: AbortSignal): Promise<number> {
  const known = RELEASES.find((one) => compared(one, release) === 0);
  if (!known) throw new CliError(`there is no release ${release} to go back to; there are: ${RELEASES.join(', ')}`);
  // What the embedded database lacks is none of this command's business.
  return onUrl((url) => backTo(known, url, options, signal), false);
}

async function backTo(
  release: string,
  url: string,
  { check = false, json = false, yes = false }: BackOptions,
  signal: AbortSignal,
): Promise<number> {
  const kept = migrationsOf(release);
  return onMigrating(url, async (db) => {
    const extras = await extrasOf(db, kept);
    const tell = json && !check ? console.error : console.log;
    if (json && check) printJson({ release, extras });
    else tell(linesOf(release, extras).join('\n'));
    if (check || extras.length === 0) {
      if (json && !check) printJson({ release, taken_back: [] });
      return extras.length > 0 ? EXIT.unwritten : EXIT.done;
    }
    await refuseBesideNewer(db, release);
    const what = `take ${extras.length} migrations back, and lose for ever what stands above`;
    if (!(await isConfirmed(what, yes, signal))) throw new CliError('nothing was changed');
    const taken_back = await takeBack(db, kept, release);
    if (json) printJson({ release, taken_back });
    else console.log(`The tables are those of ${release}. Start its programs.`);
    return EXIT.done;
  });
}

function linesOf(release: string, extras: Extra[]): string[] {
  if (extras.length === 0) return [`The tables have nothing that ${release} does not have.`];
  return extras.flatMap(({ name, loses }) => [
    `${name}${loses.length === 0 ? ' (nothing is lost by it)' : ''}`,
    ...loses.map(({ what, rows }) => `  loses ${what}: ${rows === null ? 'some' : rows.toLocaleString('en')} rows`),
  ]);
}
