import { version } from 'moviemind-command/node.js';
import { type Session, sql } from './sql.js';
import { StartError } from './start-error.js';

/** Numbers of a version. What stands behind a hyphen does not count: `0.2.0-dev` will become 0.2.0. */
const numbersOf = (text: string) => text.split('-')[0]!.split('.').map(Number);

/** Below 0: `one` is older than `other`; 0: they are of one release. */
export function compared(one: string, other: string): number {
  const [left, right] = [numbersOf(one), numbersOf(other)];
  return left.map((number, n) => number - (right[n] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

/** @param least oldest release that the tables serve; `null`: every one */
export const isServed = (least: string | null, program: string = version): boolean =>
  least === null || compared(program, least) >= 0;

/** The oldest release that the tables serve, for a statement that asks more than this. */
export const LEAST_PROGRAM = '(SELECT least_program FROM deployment)';

const OF_OTHERS = `SELECT name, (SELECT count(*)::int FROM migrations WHERE name = ANY($1)) AS known
  FROM migrations WHERE name <> ALL($1) ORDER BY id DESC LIMIT 1`;

/**
 * Whether a newer program has migrated the database. It is used then if it serves this program, and never migrated.
 * @param known names of this program's migrations
 * @returns the newest migration that this program does not know; `null`: it knows all
 * @throws StartError with one line where the tables do not serve this program
 */
export async function newerMigration(db: Session, known: readonly string[]): Promise<string | null> {
  const [other] = await sql<{ name: string; known: number }>(db, OF_OTHERS, [known]);
  if (!other) return null;
  const newer = `the database is newer than this program (it has the migration ${other.name})`;
  const missing = known.length - other.known;
  if (missing > 0)
    throw new StartError(
      `${newer}, and lacks ${missing} of this program's migrations: migrate by the newer one, or start that`,
    );
  const least = await leastProgram(db);
  if (!isServed(least))
    throw new StartError(`${newer} and serves ${least} or newer, this is ${version}: start the newer program`);
  return other.name;
}

export async function leastProgram(db: Session): Promise<string | null> {
  const [row] = await sql<{ least: string | null }>(db, `SELECT ${LEAST_PROGRAM} AS least`);
  return row!.least;
}

/** For people, where a program goes on beside newer ones. */
export const servedLine = (migration: string): string =>
  `The database is newer than this program, ${version}, and serves it: nothing is migrated (it has ${migration}).`;
