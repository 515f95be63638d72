export const SEVERITIES = ['critical', 'warning'] as const;
export type Severity = (typeof SEVERITIES)[number];

/**
 * Every unsafe thing that is looked for, by its code, which stays. Critical is what loses data or lets others in, and
 * what keeps requests from being accepted or jobs from being run. docs/operate.md tells of each.
 */
export const FINDINGS = {
  postgres_down: 'critical',
  postgres_read_only: 'critical',
  migrations_missing: 'critical',
  migrations_newer: 'warning',
  program_too_old: 'critical',
  migration_lock: 'warning',
  replica_unused: 'warning',
  replica_behind: 'warning',
  postgres_fsync_off: 'critical',
  postgres_synchronous_commit_off: 'critical',
  postgres_full_page_writes_off: 'critical',
  postgres_autovacuum_off: 'warning',
  postgres_connections_used: 'critical',
  postgres_connections_few: 'warning',
  postgres_standby_behind: 'warning',
  postgres_transaction_old: 'warning',
  postgres_prepared_old: 'warning',
  postgres_slot_unused: 'warning',
  postgres_dead_tuples: 'warning',
  postgres_index_invalid: 'warning',
  disk_nearly_full: 'warning',
  clock_skew: 'warning',
  redis_down: 'critical',
  redis_open: 'critical',
  redis_is_replica: 'critical',
  redis_aof_off: 'warning',
  redis_appendfsync_no: 'warning',
  redis_aof_write_failing: 'critical',
  redis_aof_rewrite_failing: 'warning',
  redis_snapshots_off: 'warning',
  redis_snapshot_failing: 'warning',
  redis_evicts: 'warning',
  redis_memory: 'warning',
  redis_clients: 'warning',
  redis_replica_behind: 'warning',
  queues_not_counted: 'warning',
  no_worker: 'critical',
  queue_without_worker: 'critical',
  worker_idle: 'critical',
  workers_drained: 'critical',
  queue_paused: 'warning',
  loop_standing: 'critical',
  jobs_failing: 'warning',
  failed_jobs_piled_up: 'warning',
  retention_behind: 'warning',
  webhooks_failing: 'warning',
  webhook_endpoints_disabled: 'warning',
  model_unreachable: 'critical',
  model_key_refused: 'critical',
  model_call_failed: 'critical',
  model_held: 'critical',
  model_pause: 'warning',
  model_mock: 'warning',
  facts_away: 'warning',
  budget_spent: 'critical',
  budget_nearly_spent: 'warning',
  backup_old: 'warning',
} as const satisfies Record<string, Severity>;
export type FindingCode = keyof typeof FINDINGS;

/** One unsafe thing. */
export interface Finding {
  code: FindingCode;
  severity: Severity;
  /** What is unsafe, in one line. */
  message: string;
  /** What to do about it. */
  action: string;
}

/** @param severity where it is not what the table says */
export const finding = (
  code: FindingCode,
  message: string,
  action: string,
  severity: Severity = FINDINGS[code],
): Finding => ({ code, severity, message, action });

/** Those of `checks` that are true. */
export const foundIn = (...checks: [found: boolean, is: () => Finding][]): Finding[] =>
  checks.filter(([found]) => found).map(([, is]) => is());

/** Critical first; else in the order in which they were found. */
export const inOrder = (findings: Finding[]): Finding[] =>
  SEVERITIES.flatMap((severity) => findings.filter((one) => one.severity === severity));

/** For lists of warnings and for logs. */
export const lineOf = ({ message, action }: Pick<Finding, 'message' | 'action'>): string => `${message}; ${action}`;

/** "3 jobs", "1 job". */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** Bytes for a reader: 1.5 GiB. */
export function sized(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  const value = bytes / 1024 ** power;
  return `${value >= 10 || power === 0 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}
