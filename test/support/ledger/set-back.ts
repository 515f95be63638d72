import type pg from 'pg';
import { eventually } from '../run/eventually.ts';

/** SQLSTATE deadlock_detected, lock_not_available. */
const GAVE_WAY = ['40P01', '55P03'];
/** Shorter than PostgreSQL takes to find a deadlock: meanwhile everybody waits for these locks. Milliseconds. */
const PATIENCE_MS = 100;

/**
 * PostgreSQL's clock is set back, as the program sees it from then on: whatever the clock has written lies so much
 * further ahead. Texts with times in them stay, rows of what is finished, and columns in `except`.
 */
export async function setBack(db: pg.Pool, minutes: number, except: string[] = []): Promise<void> {
  const { rows } = await db.query<{ name: string; columns: string[]; finishes: boolean }>(
    `SELECT table_name AS name, array_agg(column_name::text) AS columns, bool_or(column_name = 'finished_at') AS finishes FROM information_schema.columns
     WHERE table_schema = 'public' AND data_type = 'timestamp with time zone' AND column_name <> ALL($1)
       AND table_name <> 'failed_jobs' GROUP BY 1`,
    [except],
  );
  const later = (column: string) => `${column} = ${column} + make_interval(mins => ${minutes})`;
  const unfinished = (finishes: boolean) => (finishes ? ' WHERE finished_at IS NULL' : '');
  // At one moment for all: nobody writes meanwhile.
  const statements = [
    'BEGIN',
    `SET LOCAL lock_timeout = ${PATIENCE_MS}`,
    `LOCK TABLE ${rows.map(({ name }) => name).join(', ')} IN SHARE ROW EXCLUSIVE MODE`,
    ...rows.map(
      ({ name, columns, finishes }) => `UPDATE ${name} SET ${columns.map(later).join(', ')}${unfinished(finishes)}`,
    ),
    'COMMIT',
  ];
  const client = await db.connect();
  const inOne = () =>
    client.query(statements.join('; ')).catch(async (error: { code?: string }) => {
      await client.query('ROLLBACK');
      // It takes locks in another order than the program, so they may wait for each other.
      if (GAVE_WAY.includes(error.code!)) return null;
      throw error;
    });
  try {
    // Under load it may have to give way again and again.
    await eventually(inOne, 60_000);
  } finally {
    client.release();
  }
}
