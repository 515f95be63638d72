import { counted, type Finding, finding, foundIn, sized } from './finding.js';
import type { PostgresReport, Standby } from './postgres-report.js';

/** Of the connections that PostgreSQL allows. */
const NEARLY_ALL = 0.9;
/** A transaction that lasts longer keeps vacuum from what has been deleted since. */
const OLD_SECONDS = 3600;
/** So much of the write-ahead log is kept for a slot for longer than a restart of its user takes. */
const KEPT_BYTES = 64 * 1024 * 1024;
/** So many transactions a slot may hold vacuum back. */
const HELD_TRANSACTIONS = 1_000_000;
/** A standby that is further behind would lose what was accepted meanwhile. */
const BEHIND_SECONDS = 60;
const BEHIND_BYTES = 256 * 1024 * 1024;
/** Autovacuum begins at a fifth; fewer rows are not worth it. It comes round each minute. */
const DEAD_SHARE = 0.4;
const DEAD_ROWS = 50_000;
const UNVACUUMED_SECONDS = 600;

/** What is unsafe about the server of PostgreSQL. */
export function postgresFindings(report: PostgresReport | null): Finding[] {
  if (!report) return [];
  const { slots, standbys, tables, invalid_indexes } = report;
  return [
    ...ofConnections(report),
    ...ofVacuum(report),
    ...slots.flatMap(ofSlot),
    ...standbys.flatMap(ofStandby),
    ...tables.flatMap(ofTable),
    ...invalid_indexes.map((name) =>
      finding('postgres_index_invalid', `PostgreSQL: the index ${name} is invalid, no query uses it`, reindex(name)),
    ),
  ];
}

const reindex = (name: string) => `REINDEX INDEX CONCURRENTLY ${name}`;

function ofConnections({ connections: { used, allowed } }: PostgresReport): Finding[] {
  return foundIn([
    used >= NEARLY_ALL * allowed,
    () =>
      finding(
        'postgres_connections_used',
        `PostgreSQL: ${used} of ${allowed} connections are used`,
        'raise max_connections, or find in pg_stat_activity who holds them',
      ),
  ]);
}

function ofVacuum({ autovacuum, transaction, prepared }: PostgresReport): Finding[] {
  return [
    ...foundIn([
      autovacuum === 'off',
      () =>
        finding(
          'postgres_autovacuum_off',
          'PostgreSQL: autovacuum is off, tables grow and statistics age',
          'set autovacuum on',
        ),
    ]),
    ...(transaction && transaction.seconds > OLD_SECONDS ? [oldTransaction(transaction)] : []),
    ...(prepared && prepared.seconds > OLD_SECONDS ? [oldPrepared(prepared)] : []),
  ];
}

function oldTransaction({ pid, name, state, seconds }: NonNullable<PostgresReport['transaction']>): Finding {
  const who = [name || 'without a name', state].filter(Boolean).join(', ');
  const since = `lasts for ${lasting(seconds)} (process ${pid}, ${who})`;
  const message = `PostgreSQL: a transaction ${since}, it holds vacuum back`;
  return finding('postgres_transaction_old', message, `if it is left behind, SELECT pg_terminate_backend(${pid})`);
}

function oldPrepared({ name, seconds }: NonNullable<PostgresReport['prepared']>): Finding {
  const message = `PostgreSQL: a prepared transaction waits for ${lasting(seconds)} (${name}), it holds vacuum back`;
  return finding('postgres_prepared_old', message, `COMMIT or ROLLBACK PREPARED '${name.replaceAll("'", "''")}'`);
}

const lasting = (seconds: number) => counted(Math.floor(seconds / 3600), 'hour');

function ofSlot({ name, bytes, age }: PostgresReport['slots'][number]): Finding[] {
  const holds = (age ?? 0) > HELD_TRANSACTIONS;
  if (bytes <= KEPT_BYTES && !holds) return [];
  const message =
    `PostgreSQL: nobody uses the replication slot ${name}, for which ${sized(bytes)} of log are kept` +
    (holds ? ', and which holds vacuum back' : '');
  const action = `bring its standby back, or SELECT pg_drop_replication_slot('${name}')`;
  return [finding('postgres_slot_unused', message, action)];
}

function ofStandby({ name, bytes, seconds }: Standby): Finding[] {
  if ((bytes ?? 0) <= BEHIND_BYTES && (seconds ?? 0) <= BEHIND_SECONDS) return [];
  const behind = [
    ...(bytes === null ? [] : [sized(bytes)]),
    ...(seconds === null ? [] : [counted(Math.round(seconds), 'second')]),
  ].join(', ');
  const message = `PostgreSQL: the standby ${name} is behind (${behind}), as a primary it would lack what was accepted`;
  return [finding('postgres_standby_behind', message, 'look at its log, and at the network to it')];
}

function ofTable({ name, live, dead, seconds }: PostgresReport['tables'][number]): Finding[] {
  if (dead < DEAD_ROWS || dead < DEAD_SHARE * (live + dead) || seconds < UNVACUUMED_SECONDS) return [];
  const share = Math.round((dead / (live + dead)) * 100);
  const message = `PostgreSQL: ${share} % of the rows of ${name} are dead (${dead}), no vacuum has taken them`;
  return [finding('postgres_dead_tuples', message, `VACUUM ${name}; where that does not help, end what holds it back`)];
}

/** What this role, or this machine, cannot see; a line each. */
export function notSeenOf(report: PostgresReport | null, embedded: boolean): string[] {
  if (!report) return [];
  return [
    ...(report.sees_all
      ? []
      : ['transactions of other roles, and how far standbys are behind: grant pg_monitor to the role of DATABASE_URL']),
    ...(embedded
      ? []
      : [`the disk of PostgreSQL’s server: watch it there; this database takes ${sized(report.size)} of it`]),
  ];
}
