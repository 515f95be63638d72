import type { DataSource } from 'typeorm';
import { described, endOf, holderColumns, holderOf, type LockHolder, MIGRATION_LOCK } from './lock-holder.js';
import { sql } from './sql.js';
import { StartError } from './start-error.js';

/** The application name of a session that migrates; others recognise it. */
export const MIGRATES_AS = 'moviemind-migrate';

/**
 * Longest wait for another process that migrates, milliseconds: a large table takes minutes. A session that was left
 * behind stays longer.
 */
const LOCK_WAIT_MS = 900_000;
/** How often it checks which session blocks it, and how often it reports the same one, milliseconds. */
const LOOK_EVERY_MS = 5000;
const REPORT_EVERY_MS = 30_000;
const LOCK_NOT_AVAILABLE = '55P03';

/** Sessions that block a migrating session and do not wait themselves. */
const IN_THE_WAY = `SELECT DISTINCT ON (blocker.pid) ${holderColumns('blocker.pid')}
  FROM pg_stat_activity AS waiting CROSS JOIN LATERAL unnest(pg_blocking_pids(waiting.pid)) AS blocker (pid)
  LEFT JOIN pg_stat_activity AS activity ON activity.pid = blocker.pid
  WHERE waiting.datname = current_database() AND waiting.application_name = '${MIGRATES_AS}'
    AND activity.wait_event_type IS DISTINCT FROM 'Lock'`;

/**
 * Runs `work` while no other process migrates. The lock belongs to a transaction: behind a pooler, a session's lock
 * would stay with the next client. A session that blocks for long, by the lock or by a table that is changed, is
 * reported on stderr.
 * @throws StartError when it does not get the lock in time
 */
export async function withMigrationLock<T>(
  dataSource: DataSource,
  work: () => Promise<T>,
  waitMs = LOCK_WAIT_MS,
): Promise<T> {
  const lock = dataSource.createQueryRunner();
  const watch = new Watch(dataSource);
  try {
    await lock.startTransaction();
    await lock.query(`SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0`);
    await lock.query(`SET LOCAL lock_timeout = ${waitMs}`);
    await lock.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]).catch(async (error: unknown) => {
      throw (error as { code?: string }).code === LOCK_NOT_AVAILABLE ? await refusal(dataSource, waitMs) : error;
    });
    return await work();
  } finally {
    watch.stop();
    if (lock.isTransactionActive) await lock.rollbackTransaction().catch(() => undefined);
    await lock.release();
  }
}

async function refusal(dataSource: DataSource, waitMs: number): Promise<StartError> {
  const [holder] = await sql<LockHolder>(dataSource, holderOf(MIGRATION_LOCK)).catch(() => []);
  const who = holder ? `${described(holder)} holds it; ${endOf(holder)}` : 'others had it';
  return new StartError(`the lock of the migrations was not to be had for ${Math.round(waitMs / 1000)} s: ${who}`);
}

/** Checks which session blocks, on a connection that is opened only when it takes long. */
class Watch {
  private readonly timer: NodeJS.Timeout;
  private readonly reportedAt = new Map<number, number>();

  constructor(private readonly dataSource: DataSource) {
    this.timer = setInterval(() => void this.look().catch(() => undefined), LOOK_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    for (const holder of await sql<LockHolder>(this.dataSource, IN_THE_WAY)) {
      const now = performance.now();
      if (now - (this.reportedAt.get(holder.pid) ?? -Infinity) < REPORT_EVERY_MS) continue;
      this.reportedAt.set(holder.pid, now);
      console.error(`Waiting: ${described(holder)} holds a lock that the migrations need; ${endOf(holder)}`);
    }
  }
}
