/** Held by the one process that migrates. The number has no meaning. */
export const MIGRATION_LOCK = 7_305_422;
/** Held by the one process that hands everything over to the queue again. */
export const REDISPATCH_LOCK = 7_305_423;
/** Held for one claim, where all workers together are bounded. */
export const FLEET_LOCK = 7_305_424;

/**
 * A session of PostgreSQL that others wait for, from pg_stat_activity. Of other roles' sessions the view may show less.
 */
export interface LockHolder {
  pid: number;
  name: string | null;
  state: string | null;
  /** How long it has been in that state, or in its transaction. */
  seconds: number | null;
}

/** For a SELECT from pg_stat_activity AS `activity`, whose process is `pid`. */
export const holderColumns = (pid: string) =>
  `${pid} AS pid, activity.application_name AS name, activity.state,
   extract(epoch FROM clock_timestamp() - COALESCE(activity.xact_start, activity.state_change))::float AS seconds`;

/** Who holds an advisory lock: no row, or one. */
export const holderOf = (lock: number) =>
  `SELECT ${holderColumns('locks.pid')} FROM pg_locks AS locks LEFT
    JOIN pg_stat_activity AS activity ON activity.pid = locks.pid
   WHERE locks.locktype = 'advisory' AND locks.granted AND locks.classid = 0 AND locks.objid = ${lock}
   AND locks.objsubid = 1
     AND locks.database = (SELECT oid FROM pg_database WHERE datname = current_database()) LIMIT 1`;

/**
 * The same, but only if no working process of ours would hold the lock in this way. It is held:
 * - outside a transaction, by a session that a pooler has left behind; or
 * - in a transaction that lasts longer than our work does.
 */
export const stuckHolderOf = (lock: number) => `SELECT * FROM (${holderOf(lock)}) AS holder
  WHERE seconds > CASE state WHEN 'idle' THEN ${LEFT_BEHIND_SECONDS} ELSE ${LONG_SECONDS} END`;

/** Locks and sessions are read one after the other. So a session that has just released may seem idle with its lock. */
const LEFT_BEHIND_SECONDS = 1;
/** Longer than any work under such a lock takes, except a migration. */
const LONG_SECONDS = 15;

/** For a log or an operator: who holds the lock, and how to end it. */
export function described({ pid, name, state, seconds }: LockHolder): string {
  const since = seconds === null ? '' : ` for ${Math.round(seconds)} s`;
  return `PostgreSQL process ${pid} (${[name || 'without a name', state && state + since].filter(Boolean).join(', ')})`;
}

/** What to do about a session that was left behind. */
export const endOf = ({ pid }: LockHolder) => `if it is left behind, SELECT pg_terminate_backend(${pid})`;
