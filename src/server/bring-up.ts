import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, MigrationInterface } from 'typeorm';
import { livingPrograms, namesOf } from '../database/living-programs.js';
import { withMigrationLock } from '../database/migration-lock.js';
import { compared, isServed, newerMigration, servedLine } from '../database/program-age.js';
import { migrateQueue, requireQueue } from '../database/queue-schema.js';
import { sql } from '../database/sql.js';
import { StartError } from '../database/start-error.js';

/**
 * A migration that takes away what releases before `contracts` use. It needs every program to be of that release or a
 * newer one.
 */
export interface Contracting {
  contracts?: string;
}

/**
 * Longest wait for a table, milliseconds. All who ask for a table queue up behind a migration that waits for it: so it
 * gives way, and tries again.
 */
export const TABLE_WAIT_MS = 3000;
const PAUSE_MS = 1000;
/** How long it tries, milliseconds. */
const TRIES_FOR_MS = 900_000;
/** Lock not available, and deadlock: who uses the tables goes on in both, and this begins again. */
const GIVES_WAY = ['55P03', '40P01'];

interface Tables {
  url: string;
  /** Whether the queue's tables are in this database, too. */
  queue: boolean;
  /** Names of this program's migrations. */
  known: readonly string[];
}

/** Runs what is pending, under the lock of the migrations. */
export async function bringUp(dataSource: DataSource, { url, queue, known }: Tables): Promise<void> {
  const newer = await withMigrationLock(dataSource, async () => {
    const isPending = await dataSource.showMigrations();
    // A newer program may have been there while this one waited for the lock.
    const other = isPending ? null : await newerMigration(dataSource, known);
    if (isPending) await runPending(dataSource);
    if (queue && other === null) await migrateQueue(url);
    return other;
  });
  if (newer !== null) await useAsItIs(newer, queue ? url : null);
}

/** A start may look several times, but tells once. */
let isTold = false;

/**
 * For a program that is older than the tables.
 * @param queueUrl where the queue's tables are; `null`: the queue is on Redis
 * @throws StartError when those do not serve it
 */
export async function useAsItIs(newer: string, queueUrl: string | null): Promise<void> {
  if (queueUrl !== null) await requireQueue(queueUrl);
  if (!isTold) console.error(servedLine(newer));
  isTold = true;
}

async function runPending(dataSource: DataSource): Promise<void> {
  await refuseBesideOlder(dataSource);
  await givingWay(() => dataSource.runMigrations({ transaction: 'each' }));
}

/** Runs `work`, which changes tables, again and again where others use them. */
export async function givingWay(work: () => Promise<unknown>): Promise<void> {
  for (const until = performance.now() + TRIES_FOR_MS; ; await sleep(PAUSE_MS)) {
    try {
      return void (await work());
    } catch (error) {
      const isTaken = GIVES_WAY.includes((error as { code?: string }).code ?? '');
      if (!isTaken || performance.now() > until) throw error;
    }
  }
}

/** @throws StartError while programs run that could not work with the tables any more */
async function refuseBesideOlder(dataSource: DataSource): Promise<void> {
  const done = await sql<{ name: string }>(dataSource, 'SELECT name FROM migrations');
  const pending = dataSource.migrations.filter((one) => !done.some(({ name }) => name === nameOf(one)));
  const contracted = pending.flatMap((one) => (one as Contracting).contracts ?? []);
  const least = contracted.toSorted(compared).at(-1);
  if (least === undefined) return;
  const older = (await livingPrograms(dataSource)).filter(({ version }) => !version || !isServed(least, version));
  if (older.length > 0)
    throw new StartError(
      `the tables would serve ${least} or newer, and older programs still run: end them first (${namesOf(older)})`,
    );
}

const nameOf = ({ name, constructor }: MigrationInterface) => name ?? constructor.name;
