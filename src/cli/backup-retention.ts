import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Kept, removeBackup } from './backup-manifest.js';

/** Which backups of a folder stay. Neither said: all of them. */
export interface Keeping {
  /** The newest, so many. */
  keep?: number;
  /** Those that are younger, in days. */
  keepDays?: number;
}

const DAY_MS = 86_400_000;

/**
 * The backups that are to go, of those in the folder of the one that was just made. Only whole backups of the same
 * deployment count, and only they go. What is damaged would otherwise stand in the place of a good one.
 */
export function outdated(kept: Kept[], made: Kept, { keep, keepDays }: Keeping, now = Date.now()): Kept[] {
  const good = kept.filter(
    ({ path, isThere, manifest }) =>
      path !== made.path && isThere && manifest.deployment === made.manifest.deployment && isOlder(manifest, made),
  );
  const age = ({ manifest }: Kept) => now - Date.parse(manifest.finished_at);
  const isTooMany = (place: number) => keep !== undefined && place + 1 >= keep;
  const isTooOld = (one: Kept) => keepDays !== undefined && age(one) > keepDays * DAY_MS;
  return good.filter((one, place) => isTooMany(place) || isTooOld(one));
}

const isOlder = ({ finished_at }: Kept['manifest'], made: Kept) => finished_at <= made.manifest.finished_at;

/** Removes them. @returns those that are gone */
export function cleared(kept: Kept[], made: Kept, keeping: Keeping): Kept[] {
  const old = outdated(kept, made, keeping);
  for (const one of old) removeBackup(one);
  return old;
}

/** As this command names what is not whole yet, where nobody names it. */
const OWN_PART = /^moviemind-\d{8}T\d{6}Z\.dump(\.json)?\.part$/;

/** Removes what backups left that were killed: they have not been written to for a day. */
export function sweepParts(folder: string): void {
  for (const name of readdirSync(folder).filter((one) => OWN_PART.test(one))) {
    const found = statSync(join(folder, name), { throwIfNoEntry: false });
    if (found && Date.now() - found.mtimeMs > DAY_MS) rmSync(join(folder, name), { force: true });
  }
}
