import { Injectable } from '@nestjs/common';
import { HealthReads } from '../database/pools.js';
import { type Session, sqlRow } from '../database/sql.js';
import { within } from '../timing/within.js';

/** Most rows of a kind that are told. */
const MOST = 20;

/** How the server of PostgreSQL is, beyond its settings. */
export interface PostgresReport {
  connections: {
    /** Of all programs, to all its databases. */
    used: number;
    /** max_connections without those that are kept for superusers. */
    allowed: number;
  };
  autovacuum: string;
  /** Whether this role sees the sessions of others, as pg_monitor does. */
  sees_all: boolean;
  /** The oldest of this database; `null`: none, or none that this role sees. */
  transaction: OldTransaction | null;
  /** The oldest that waits for its COMMIT PREPARED. */
  prepared: { name: string; seconds: number } | null;
  /** Replication slots that nobody uses. */
  slots: Slot[];
  standbys: Standby[];
  tables: Table[];
  /** Indexes that a broken CREATE INDEX CONCURRENTLY has left behind. */
  invalid_indexes: string[];
  /** Of this database, bytes. */
  size: number;
}

interface OldTransaction {
  pid: number;
  name: string;
  state: string;
  seconds: number;
}

interface Slot {
  name: string;
  /** Write-ahead log that is kept for it, bytes. */
  bytes: number;
  /** Transactions since the one whose rows no vacuum may take; `null`: it holds none back. */
  age: number | null;
}

export interface Standby {
  name: string;
  bytes: number | null;
  seconds: number | null;
}

interface Table {
  name: string;
  live: number;
  dead: number;
  /** Since its last vacuum, or since its statistics began. */
  seconds: number;
}

const CLIENT = `COALESCE(backend_type, 'client backend') = 'client backend'`;
const ALL = (rows: string) => `(SELECT COALESCE(json_agg(one), '[]') FROM (${rows} LIMIT ${MOST}) AS one)`;
const FIRST = (rows: string) => `(SELECT row_to_json(one) FROM (${rows} LIMIT 1) AS one)`;
const SINCE = (moment: string) => `extract(epoch FROM clock_timestamp() - ${moment})::float8`;
/** On a standby the other function fails. */
const HERE = 'CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END';

const TRANSACTION = `SELECT pid, COALESCE(application_name, '') AS name, COALESCE(state, '') AS state,
    ${SINCE('xact_start')} AS seconds
  FROM pg_stat_activity WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
    AND ${CLIENT} ORDER BY xact_start`;
const PREPARED = `SELECT gid AS name, ${SINCE('prepared')} AS seconds FROM pg_prepared_xacts
  WHERE database = current_database() ORDER BY prepared`;
const SLOTS = `SELECT slot_name AS name, pg_wal_lsn_diff(${HERE}, restart_lsn)::float8 AS bytes,
    GREATEST(age(xmin), age(catalog_xmin)) AS age
  FROM pg_replication_slots WHERE NOT active AND restart_lsn IS NOT NULL ORDER BY restart_lsn`;
/** What copies a backup is no standby, and is behind until it is done. */
const STANDBYS = `SELECT COALESCE(NULLIF(application_name, ''), host(client_addr), 'without a name') AS name,
    pg_wal_lsn_diff(${HERE}, COALESCE(replay_lsn, flush_lsn, write_lsn, sent_lsn))::float8 AS bytes,
    extract(epoch FROM replay_lag)::float8 AS seconds
  FROM pg_stat_replication WHERE state IN ('streaming', 'catchup')`;
const TABLES = `SELECT relname AS name, n_live_tup::float8 AS live, n_dead_tup::float8 AS dead,
    COALESCE(${SINCE('GREATEST(last_vacuum, last_autovacuum)')}, 1e9) AS seconds
  FROM pg_stat_user_tables WHERE schemaname = current_schema() ORDER BY n_dead_tup DESC`;
/** One that is being made is not valid yet. */
const INVALID = `SELECT COALESCE(array_agg(indexrelid::regclass::text), '{}') FROM pg_index
  JOIN pg_class ON pg_class.oid = indrelid
  WHERE relnamespace IN (current_schema()::regnamespace, to_regnamespace('bullmq')) AND NOT (indisvalid AND indisready)
    AND NOT EXISTS (SELECT 1 FROM pg_stat_progress_create_index AS made WHERE made.index_relid = indexrelid)`;

/** One round trip. Nothing in it needs a right: what this role may not see is NULL or left out. */
const POSTGRES = `SELECT
  json_build_object('used', (SELECT COALESCE(sum(numbackends), 0)::int FROM pg_stat_database),
    'allowed', current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
      - COALESCE(NULLIF(current_setting('reserved_connections', true), ''), '0')::int) AS connections,
  current_setting('autovacuum') AS autovacuum,
  pg_has_role('pg_read_all_stats', 'USAGE') AS sees_all,
  ${FIRST(TRANSACTION)} AS transaction, ${FIRST(PREPARED)} AS prepared,
  ${ALL(SLOTS)} AS slots, ${ALL(STANDBYS)} AS standbys, ${ALL(TABLES)} AS tables,
  (${INVALID}) AS invalid_indexes, pg_database_size(current_database())::float8 AS size`;

@Injectable()
export class PostgresReader {
  constructor(private readonly reads: HealthReads) {}

  /** Never throws. @returns `null`: it does not answer, or not in time */
  report(patienceMs: number): Promise<PostgresReport | null> {
    return within(patienceMs, this.reads.read(postgresOf)).catch(() => null);
  }
}

const postgresOf = (db: Session) => sqlRow<PostgresReport>(db, POSTGRES);
