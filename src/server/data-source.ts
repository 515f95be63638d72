import { setTimeout as sleep } from 'node:timers/promises';
import { AbstractLogger, DataSource } from 'typeorm';
import { Foundation1763856000000 } from '../../migrations/1763856000000-foundation.js';
import { Throttles1763942400000 } from '../../migrations/1763942400000-throttles.js';
import { ApiKeys1764028800000 } from '../../migrations/1764028800000-api-keys.js';
import { Search1764046800000 } from '../../migrations/1764046800000-search.js';
import { Callers1764032400000 } from '../../migrations/1764032400000-callers.js';
import { Operate1764050400000 } from '../../migrations/1764050400000-operate.js';
import { WebhookCounts1764050460000 } from '../../migrations/1764050460000-webhook-counts.js';
import { IdempotencyKeys1764036000000 } from '../../migrations/1764036000000-idempotency-keys.js';
import { Batches1764036600000 } from '../../migrations/1764036600000-batches.js';
import { HasText1765300000000 } from '../../migrations/1765300000000-has-text.js';
import { UsageAndHolds1765300060000 } from '../../migrations/1765300060000-usage-and-holds.js';
import { Webhooks1764043200000 } from '../../migrations/1764043200000-webhooks.js';
import { Reads1765700000000 } from '../../migrations/1765700000000-reads.js';
import { Sweeps1764054000000 } from '../../migrations/1764054000000-sweeps.js';
import { WorkerLoops1765600000000 } from '../../migrations/1765600000000-worker-loops.js';
import { WorkerModels1765900120000 } from '../../migrations/1765900120000-worker-models.js';
import { Deployment1765900060000 } from '../../migrations/1765900060000-deployment.js';
import { LongerHashes1765800120000 } from '../../migrations/1765800120000-longer-hashes.js';
import { Turns1765800060000 } from '../../migrations/1765800060000-turns.js';
import { Waits1765900000000 } from '../../migrations/1765900000000-waits.js';
import { Wishes1765800000000 } from '../../migrations/1765800000000-wishes.js';
import { ModelBreakers1795400000000 } from '../../migrations/1795400000000-model-breakers.js';
import { Spending1795500000000 } from '../../migrations/1795500000000-spending.js';
import { Facts1795600000000 } from '../../migrations/1795600000000-facts.js';
import { Metadata1795710000000 } from '../../migrations/1795710000000-metadata.js';
import { WholeBatches1795710060000 } from '../../migrations/1795710060000-whole-batches.js';
import { SortedLists1795700000000 } from '../../migrations/1795700000000-sorted-lists.js';
import { ServerSecrets1795730000000 } from '../../migrations/1795730000000-server-secrets.js';
import { Projects1795730120000 } from '../../migrations/1795730120000-projects.js';
import { OwnTones1795750000000 } from '../../migrations/1795750000000-own-tones.js';
import { Activity1795760000000 } from '../../migrations/1795760000000-activity.js';
import { AllDeliveries1795770000000 } from '../../migrations/1795770000000-all-deliveries.js';
import { Backups1795771000000 } from '../../migrations/1795771000000-backups.js';
import { Processes1795783000000 } from '../../migrations/1795783000000-processes.js';
import { WorkerWishes1795780000000 } from '../../migrations/1795780000000-worker-wishes.js';
import { Figures1795781000000 } from '../../migrations/1795781000000-figures.js';
import { Upgrades1795783300000 } from '../../migrations/1795783300000-upgrades.js';
import { Prompts1795783500000 } from '../../migrations/1795783500000-prompts.js';
import { PromptsChecked1795783560000 } from '../../migrations/1795783560000-prompts-checked.js';
import { FactsOrigins1795783460000 } from '../../migrations/1795783460000-facts-origins.js';
import { FactsProvider1795783400000 } from '../../migrations/1795783400000-facts-provider.js';
import { Audit1795783060000 } from '../../migrations/1795783060000-audit.js';
import { FleetConcurrency1795780060000 } from '../../migrations/1795780060000-fleet-concurrency.js';
import { LocalTitles1795740000000 } from '../../migrations/1795740000000-local-titles.js';
import { ToldSuggestions1795600060000 } from '../../migrations/1795600060000-told-suggestions.js';
import { GivenFacts1795721000000 } from '../../migrations/1795721000000-given-facts.js';
import { Edits1795720000000 } from '../../migrations/1795720000000-edits.js';
import type { Config } from '../config/config.js';
import { ROWS } from '../domain/kinds.js';
import { examineDirect } from '../database/direct.js';
import { checkRights, examine } from '../database/fitness.js';
import { missingRight } from '../database/missing-right.js';
import { CONNECTION } from '../database/connection.js';
import { UNHURRIED } from '../database/session-client.js';
import { isDatabaseUnavailable, sqlRow } from '../database/sql.js';
import { StartError } from '../database/start-error.js';
import { MIGRATES_AS } from '../database/migration-lock.js';
import { tlsFault } from '../database/tls-fault.js';
import { bringUp, TABLE_WAIT_MS, useAsItIs } from './bring-up.js';

/** Migrations by name, oldest first; their statements are never edited once released. */
const MIGRATIONS = [
  Foundation1763856000000,
  Throttles1763942400000,
  ApiKeys1764028800000,
  Callers1764032400000,
  IdempotencyKeys1764036000000,
  Batches1764036600000,
  Webhooks1764043200000,
  Search1764046800000,
  Operate1764050400000,
  WebhookCounts1764050460000,
  Sweeps1764054000000,
  HasText1765300000000,
  UsageAndHolds1765300060000,
  WorkerLoops1765600000000,
  Reads1765700000000,
  Wishes1765800000000,
  Turns1765800060000,
  LongerHashes1765800120000,
  Waits1765900000000,
  Deployment1765900060000,
  WorkerModels1765900120000,
  ModelBreakers1795400000000,
  Spending1795500000000,
  Facts1795600000000,
  ToldSuggestions1795600060000,
  SortedLists1795700000000,
  Metadata1795710000000,
  WholeBatches1795710060000,
  Edits1795720000000,
  GivenFacts1795721000000,
  ServerSecrets1795730000000,
  Projects1795730120000,
  LocalTitles1795740000000,
  OwnTones1795750000000,
  Activity1795760000000,
  AllDeliveries1795770000000,
  Backups1795771000000,
  WorkerWishes1795780000000,
  FleetConcurrency1795780060000,
  Figures1795781000000,
  Processes1795783000000,
  Audit1795783060000,
  Upgrades1795783300000,
  FactsProvider1795783400000,
  FactsOrigins1795783460000,
  Prompts1795783500000,
  PromptsChecked1795783560000,
];

export const MIGRATION_NAMES: readonly string[] = MIGRATIONS.map(({ name }) => name);

const DATABASE_WAIT_MS = 30_000;
/** Tables of the program, besides those of its kinds. */
const OWN_TABLES =
  `api_keys audit_log backups batch_jobs batches blocks counter_gains counters deployment facts_cache failed_jobs
  generation_jobs genres idempotency_keys job_requesters job_webhooks model_breakers model_spends model_uses
  movie_genres movie_people processes projects queue_pauses rate_limits recoveries server_secrets sweeps text_reviews
  throttles webhook_deliveries webhook_disabled_endpoints webhook_secrets workers`.split(/\s+/);
/** All tables that the program reads and writes. A test compares them with those that the migrations make. */
export const TABLES = [
  ...OWN_TABLES,
  ...ROWS.flatMap(({ table, texts, names, slugs, knownAs, local }) =>
    [table, texts, names, slugs, knownAs, local].filter((one) => one !== null),
  ),
];

/** A wrong password, role or database name, or missing rights do not pass by themselves: the start fails at once. */
const MISTAKEN = /^(28|3D000|42501)/;

/**
 * Has no entities, because all statements are SQL. Entities describe rows; a test compares them with the tables.
 * Every wait is limited: 5 s for a connection, 10 s for a statement (`session-client.ts`).
 */
export function dataSourceOptions(url: string) {
  return {
    type: 'postgres' as const,
    url,
    migrations: MIGRATIONS,
    migrationsTableName: 'migrations',
    synchronize: false,
    poolSize: 10, // DATABASE_POOL_SIZE, in the application
    connectTimeoutMS: 5000,
    extra: CONNECTION,
  };
}

/** The application's own pool opens after the migrations; the database may have gone away in between. */
export const patientStart = {
  retryAttempts: DATABASE_WAIT_MS / 1000,
  retryDelay: 1000,
  toRetry: isDatabaseUnavailable,
};

/**
 * Migrates the database: with our migrations, and with BullMQ's where the queue lives in PostgreSQL. Several processes
 * may call it at once. It costs one SELECT when nothing is to be done.
 * @throws StartError after 30 s without a database
 */
export async function migrate(config: Config): Promise<void> {
  let wait = 0;
  for (const deadline = performance.now() + DATABASE_WAIT_MS; ; await sleep(wait)) {
    try {
      return await migrateNow(config);
    } catch (error) {
      if (error instanceof StartError || !isDatabaseUnavailable(error)) throw error;
      if (isMistake(error) || performance.now() > deadline) throw unusable(error);
      if (wait === 0) console.error(`Waiting for the database: ${reasonOf(error)}`);
      wait = 500;
    }
  }
}

class Silent extends AbstractLogger {
  protected writeLog(): void {}
}

async function migrateNow(config: Config): Promise<void> {
  const url = config.listenUrl;
  const queue = config.queueConnection === 'database';
  const known = MIGRATION_NAMES;
  const newer = await examine(config.databaseUrl!, known);
  if (config.directUrl) await examineDirect(config.directUrl, config.databaseUrl!);
  await onMigrating(url, async (dataSource) => {
    if (newer === null) await bringUp(dataSource, { url, queue, known });
    else await useAsItIs(newer, queue ? url : null);
    await checkRights(dataSource, TABLES);
  });
}

/** For what changes tables: sessions that take their time, and that others recognise. */
export async function onMigrating<T>(url: string, work: (dataSource: DataSource) => Promise<T>): Promise<T> {
  const session = { ...UNHURRIED, lock_timeout: String(TABLE_WAIT_MS) };
  const extra = { ...CONNECTION, application_name: MIGRATES_AS, silenceMs: 0, session };
  const logger = new Silent(); // failures are thrown
  // Three connections: for the lock, for the migrations, and for checking who blocks.
  const own = { poolSize: 3, extra, logger };
  const dataSource = new DataSource({ ...dataSourceOptions(url), ...own });
  await dataSource.initialize().catch((error: unknown) => {
    throw isDatabaseUnavailable(error) ? error : unusable(error);
  });
  try {
    return await work(dataSource);
  } catch (error) {
    throw (await missingRight((text) => sqlRow(dataSource, text), error)) ?? error;
  } finally {
    await dataSource.destroy();
  }
}

const reasonOf = (error: unknown) =>
  tlsFault(error) ?? ((error as Error).message || (error as NodeJS.ErrnoException).code);
const isMistake = (error: unknown) =>
  MISTAKEN.test((error as { code?: string }).code ?? '') || tlsFault(error) !== null;

/** The error of a start that has waited long enough, or need not wait. */
export function unusable(error: unknown): StartError {
  if (error instanceof StartError) return error;
  const { setting = 'DATABASE_URL' } = error as { setting?: string };
  return new StartError(`cannot use the database of ${setting}: ${reasonOf(error)}`);
}
