import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { RELEASED } from '../../migrations/released.js';
import { livingPrograms, namesOf } from '../database/living-programs.js';
import { withMigrationLock } from '../database/migration-lock.js';
import { compared } from '../database/program-age.js';
import { sql, sqlRow } from '../database/sql.js';
import { StartError } from '../database/start-error.js';
import { givingWay } from './bring-up.js';

/** What goes with a migration that is taken back. */
export interface Loss {
  /** `table movies`, `column movies.edited`, `rows of job_webhooks`. */
  what: string;
  /** Rows that have something there; `null`: some, it is not known how many. */
  rows: number | null;
}

/** A migration that a release does not have. */
export interface Extra {
  name: string;
  loses: Loss[];
}

/** Releases whose migrations are known, oldest first. */
export const RELEASES: readonly string[] = Object.keys(RELEASED).sort(compared);

/** Migrations of a release and of those before it. */
export const migrationsOf = (release: string): string[] =>
  RELEASES.filter((one) => compared(one, release) <= 0).flatMap((one) => Object.keys(RELEASED[one]!));

/**
 * What the database has beyond some migrations, the newest first. Changes nothing.
 * @param kept names of those that stay
 * @throws StartError for one that this program does not know
 */
export async function extrasOf(db: DataSource, kept: readonly string[]): Promise<Extra[]> {
  const done = await sql<{ name: string }>(db, 'SELECT name FROM migrations ORDER BY id DESC');
  const names = done.map(({ name }) => name).filter((name) => !kept.includes(name));
  const extras: Extra[] = [];
  for (const name of names) extras.push({ name, loses: await lossesOf(db, await downOf(migrationOf(db, name))) });
  return extras;
}

/**
 * Takes the newest migrations back until only `kept` are left. @returns the names of those that went
 * @throws StartError while programs run that are newer than `release`
 */
export async function takeBack(db: DataSource, kept: readonly string[], release: string): Promise<string[]> {
  return withMigrationLock(db, async () => {
    await refuseBesideNewer(db, release);
    const names = (await extrasOf(db, kept)).map(({ name }) => name);
    for (const name of names) await givingWay(() => revert(db, migrationOf(db, name)));
    return names;
  });
}

/** @throws StartError while programs run that use what would go */
export async function refuseBesideNewer(db: DataSource, release: string): Promise<void> {
  const newer = (await livingPrograms(db)).filter(({ version }) => version && compared(version, release) > 0);
  if (newer.length > 0)
    throw new StartError(`programs newer than ${release} still run: end them first (${namesOf(newer)})`);
}

function migrationOf(db: DataSource, name: string): MigrationInterface {
  const found = db.migrations.find((one) => (one.name ?? one.constructor.name) === name);
  if (!found) throw new StartError(`the migration ${name} is of a newer program: only that one can take it back`);
  return found;
}

async function revert(db: DataSource, migration: MigrationInterface): Promise<void> {
  const runner = db.createQueryRunner();
  try {
    if (migration.transaction !== false) await runner.startTransaction();
    await migration.down(runner);
    await runner.query('DELETE FROM migrations WHERE name = $1', [migration.name]);
    if (runner.isTransactionActive) await runner.commitTransaction();
  } finally {
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    await runner.release();
  }
}

/** The statements that take it back. They are only listened to. */
async function downOf(migration: MigrationInterface): Promise<string> {
  const statements: string[] = [];
  const query = (text: string) => Promise.resolve(void statements.push(text));
  await migration.down({ query } as unknown as QueryRunner);
  return statements.join(';\n').replaceAll(/--.*$/gm, '');
}

async function lossesOf(db: DataSource, down: string): Promise<Loss[]> {
  const losses: Loss[] = [];
  for (const statement of down.split(';').map((text) => text.trim())) {
    const [, dropped] = /^DROP TABLE (?:IF EXISTS )?([\w\s,]+)$/i.exec(statement) ?? [];
    for (const table of dropped?.split(/\s*,\s*/) ?? []) losses.push(await counted(db, table));
    const [, altered] = /^ALTER TABLE (\w+)/i.exec(statement) ?? [];
    if (altered)
      for (const [, column] of statement.matchAll(/DROP COLUMN (?:IF EXISTS )?(\w+)/gi))
        losses.push(await counted(db, altered, column));
    const [, thinned] = /^DELETE FROM (\w+)/i.exec(statement) ?? [];
    if (thinned) losses.push({ what: `rows of ${thinned}`, rows: null });
    const [, changed, value, where] = /^UPDATE (\w+) SET (\w+) = [^,]+ WHERE (.+)$/is.exec(statement) ?? [];
    if (changed)
      losses.push({ ...(await counted(db, `${changed} WHERE ${where}`)), what: `values of ${changed}.${value}` });
  }
  return losses;
}

/** @param from a table, with a WHERE or without */
async function counted(db: DataSource, from: string, column?: string): Promise<Loss> {
  const { rows } = await sqlRow<{ rows: number }>(db, `SELECT count(${column ?? '*'})::int AS rows FROM ${from}`);
  return { what: column ? `column ${from}.${column}` : `table ${from}`, rows };
}
