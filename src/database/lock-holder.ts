/** Held by the one process that migrates. Any constant serves. */
export const MIGRATION_LOCK = 7_305_422;
/** Held by the one process that hands everything over again to the queue. */
export const REDISPATCH_LOCK = 7_305_423;

/** A session of PostgreSQL that others wait for, as pg_stat_activity has it; of another role it may tell less. */
export interface LockHolder {
  pid: number;
  name: string | null;
  state: string | null;
  /** For how long it has been in that state, or in its transaction. */
  seconds: number | null;
}

/** In a SELECT from pg_stat_activity AS `activity`, whose process is `pid`. */
export const holderColumns = (pid: string) =>
  `${pid} AS pid, activity.application_name AS name, activity.state,
   extract(epoch FROM clock_timestamp() - COALESCE(activity.xact_start, activity.state_change))::float AS seconds`;

/** Who holds an advisory lock. No row, or one. */
export const holderOf = (lock: number) =>
  `SELECT ${holderColumns('locks.pid')} FROM pg_locks AS locks LEFT
    JOIN pg_stat_activity AS activity ON activity.pid = locks.pid
   WHERE locks.locktype = 'advisory' AND locks.granted AND locks.classid = 0 AND locks.objid = ${lock}
   AND locks.objsubid = 1
     AND locks.database = (SELECT oid FROM pg_database WHERE datname = current_database()) LIMIT 1`;

/**
 * The same, when nobody of ours would hold it so: outside a transaction, as what a pooler has left behind, or within
 * one that lasts longer than our work does.
 */
export const stuckHolderOf = (lock: number) => `SELECT * FROM (${holderOf(lock)}) AS holder
  WHERE seconds > CASE state WHEN 'idle' THEN ${LEFT_BEHIND_SECONDS} ELSE ${LONG_SECONDS} END`;

/** Locks and sessions are read one after the other: one that has just let go may seem to be idle with its lock. */
const LEFT_BEHIND_SECONDS = 1;
/** Longer than a statement may take, and what is done under such a lock but for a migration. */
const LONG_SECONDS = 15;

/** For a log or an operator: who it is, and how it is ended. */
export function described({ pid, name, state, seconds }: LockHolder): string {
  const since = seconds === null ? '' : ` for ${Math.round(seconds)} s`;
  return `PostgreSQL process ${pid} (${[name || 'without a name', state && state + since].filter(Boolean).join(', ')})`;
}

/** What to do about one that nobody needs. */
export const endOf = ({ pid }: LockHolder) => `if it is left behind, SELECT pg_terminate_backend(${pid})`;
