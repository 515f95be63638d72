import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { described, endOf, type LockHolder, MIGRATION_LOCK, stuckHolderOf } from '../database/lock-holder.js';
import { HealthReads } from '../database/pools.js';
import { LEAST_PROGRAM } from '../database/program-age.js';
import { type Session, sql, sqlRow } from '../database/sql.js';
import type { JobStatus } from '../domain/vocabulary.js';
import { within } from '../timing/within.js';

export interface LedgerReport {
  postgres: {
    state: 'up' | 'read-only' | 'down';
    version: string | null;
    migrations: number;
    migrations_known: number;
    /** The oldest release that the tables serve; `null`: none is shut out. */
    least_program: string | null;
    durability: Durability | null;
    /** Who blocks the next start; `null`: nobody, or not for long yet. */
    migration_lock: string | null;
  };
  /** `null`: PostgreSQL does not answer, or not in time. */
  jobs: JobsReport | null;
}

/** Settings that protect a committed row from a power failure, as PostgreSQL has them: `on`, `off`, … */
export interface Durability {
  fsync: string;
  synchronous_commit: string;
  full_page_writes: string;
}

export interface JobsReport {
  counts: Record<JobStatus, number>;
  /** Whether DONE, CANCELLED and EXPIRED are estimated from the table's statistics; the others are always counted. */
  counts_estimated: boolean;
  /** For how long the longest waiting job has been due without a worker, seconds; `null`: none waits. */
  oldest_waiting_seconds: number | null;
  /** For how long the longest waiting job has been due without being handed to the queue, seconds; 0: none waits. */
  dispatch_lag_seconds: number;
}

/** Up to this size the table is counted row by row, bytes: a read of a tenth of a second. */
const COUNTED_BYTES = 64 * 1024 * 1024;

/**
 * Every subquery reads a partial index that holds unfinished jobs only. failed_jobs has one row for each FAILED job.
 */
const UNFINISHED = `SELECT
  (SELECT count(*)::int FROM generation_jobs WHERE status = 'PENDING' AND dispatched_at IS NULL) AS due,
  (SELECT count(*)::int FROM generation_jobs WHERE status = 'PENDING' AND dispatched_at IS NOT NULL) AS dispatched,
  (SELECT count(*)::int FROM generation_jobs WHERE status = 'IN_PROGRESS') AS running,
  (SELECT count(*)::int FROM failed_jobs) AS failed,
  (SELECT extract(epoch FROM now() - min(run_at))::float FROM generation_jobs
   WHERE status = 'PENDING' AND run_at <= now()) AS oldest,
  (SELECT extract(epoch FROM now() - min(run_at))::float FROM generation_jobs
   WHERE status = 'PENDING' AND dispatched_at IS NULL AND run_at <= now()) AS lag,
  pg_relation_size('generation_jobs') > $1 AS large`;

/** Reads the setting of the session: the transaction is read-only on purpose. */
const STATE = `SELECT current_setting('server_version') AS version,
  pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on' AS read_only,
  (SELECT count(*)::int FROM migrations) AS migrations, ${LEAST_PROGRAM} AS least_program,
  json_build_object('fsync', current_setting('fsync'), 'synchronous_commit', current_setting('synchronous_commit'),
    'full_page_writes', current_setting('full_page_writes')) AS durability,
  (SELECT row_to_json(holder) FROM (${stuckHolderOf(MIGRATION_LOCK)}) AS holder) AS holder`;

/** Longest wait for the pool that accepts jobs, milliseconds. */
const LAST_LOOK_MS = 1000;

interface State {
  version: string;
  read_only: boolean;
  migrations: number;
  least_program: string | null;
  durability: Durability;
  holder: LockHolder | null;
}

interface Unfinished {
  due: number;
  dispatched: number;
  running: number;
  failed: number;
  oldest: number | null;
  lag: number | null;
  large: boolean;
}

const COUNTED = `SELECT status, count(*)::int AS count FROM generation_jobs
  WHERE status IN ('DONE', 'CANCELLED', 'EXPIRED') GROUP BY status`;

const ESTIMATED = `SELECT common.status, round(common.part * GREATEST(t.reltuples, 0))::int AS count FROM pg_class t
  JOIN pg_stats s ON s.schemaname = t.relnamespace::regnamespace::text AND s.tablename = t.relname
  AND s.attname = 'status'
  CROSS JOIN unnest(s.most_common_vals::text::text[], s.most_common_freqs) AS common (status, part)
  WHERE t.oid = 'generation_jobs'::regclass AND common.status IN ('DONE', 'CANCELLED', 'EXPIRED')`;

/** The state of PostgreSQL and of the jobs in it. */
@Injectable()
export class LedgerReader {
  constructor(
    private readonly db: DataSource,
    private readonly reads: HealthReads,
  ) {}

  /** Never throws: a database that is away or slow is part of the report. */
  async report(patienceMs: number): Promise<LedgerReport> {
    const migrations_known = this.db.migrations.length;
    // Both at the same time, so that both share the patience.
    const counting = within(patienceMs, this.reads.read(jobsOf)).catch(() => null);
    const found = await within(
      patienceMs,
      this.reads.read((db) => sqlRow<State>(db, STATE)),
    ).catch(() => null);
    if (found) return { postgres: postgresOf(found, migrations_known), jobs: await counting };
    return { postgres: postgresOf(await this.elsewhere(), migrations_known), jobs: null };
  }

  /** Uses a connection of those that accept jobs. A pooler may have none left for reads while PostgreSQL is well. */
  private elsewhere(): Promise<State | null> {
    return within(LAST_LOOK_MS, sqlRow<State>(this.db, STATE)).catch(() => null);
  }
}

const UNKNOWN = {
  state: 'down' as const,
  version: null,
  migrations: 0,
  least_program: null,
  durability: null,
  migration_lock: null,
};

function postgresOf(found: State | null, migrations_known: number): LedgerReport['postgres'] {
  if (!found) return { ...UNKNOWN, migrations_known };
  const { read_only, holder, ...facts } = found;
  const migration_lock = holder && `${described(holder)} holds the lock of the migrations; ${endOf(holder)}`;
  return { ...facts, state: read_only ? 'read-only' : 'up', migrations_known, migration_lock };
}

async function jobsOf(db: Session): Promise<JobsReport> {
  const { due, dispatched, running, failed, oldest, lag, large } = await sqlRow<Unfinished>(db, UNFINISHED, [
    COUNTED_BYTES,
  ]);
  const finished = await sql<{ status: JobStatus; count: number }>(db, large ? ESTIMATED : COUNTED);
  const of = (status: JobStatus) => finished.find((row) => row.status === status)?.count ?? 0;
  return {
    counts: {
      PENDING: due + dispatched,
      IN_PROGRESS: running,
      DONE: of('DONE'),
      FAILED: failed,
      CANCELLED: of('CANCELLED'),
      EXPIRED: of('EXPIRED'),
    },
    counts_estimated: large,
    oldest_waiting_seconds: oldest,
    dispatch_lag_seconds: lag ?? 0,
  };
}
