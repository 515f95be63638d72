import { EntityManager } from 'typeorm';
import { type Database, isTransient } from './sql.js';

/** How often a transaction is repeated. */
const REPEATS = 3;

type AfterCommit = () => unknown;
const waiting = new WeakMap<EntityManager, AfterCommit[]>();

/**
 * Runs `work` as part of the caller's transaction, or in one of its own. When `work` throws, the transaction is rolled
 * back. It runs again after a deadlock, or when a row it refers to was deleted meanwhile. So `work` must have no
 * effects outside the transaction; such effects belong into {@link afterCommit}.
 */
export async function inTransaction<T>(db: Database, work: (tx: EntityManager) => Promise<T>): Promise<T> {
  if (db instanceof EntityManager) return work(db);
  for (let repeats = 0; ; repeats++) {
    let after: AfterCommit[] = [];
    try {
      const result = await db.transaction((tx) => {
        waiting.set(tx, (after = []));
        return work(tx);
      });
      for (const act of after) await act();
      return result;
    } catch (error) {
      if (repeats === REPEATS || !(isTransient(error) || isOrphaned(error))) throw error;
    }
  }
}

/** Tells others of a change: at once, or when the transaction of {@link inTransaction} is committed. */
export async function afterCommit(db: Database, act: AfterCommit): Promise<void> {
  const later = db instanceof EntityManager ? waiting.get(db) : undefined;
  if (later) later.push(act);
  else await act();
}

/** SQLSTATE foreign_key_violation. */
export const isOrphaned = (error: unknown) => (error as { code?: string }).code === '23503';

/** SQLSTATE in_failed_sql_transaction: another one of it has failed before. */
const FAILED_BEFORE = '25P02';

/**
 * Asks several things of one transaction without waiting in between. PostgreSQL does what each of them begins with in
 * this order. It waits for all, even where one fails: what is asked after the ROLLBACK would count by itself.
 * @throws the error that the others followed from
 */
export async function together<T extends readonly unknown[]>(
  asked: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const answers = await Promise.allSettled(asked);
  const errors = answers.flatMap((answer) =>
    answer.status === 'rejected' ? [answer.reason as { code?: string }] : [],
  );
  if (errors.length > 0) throw errors.find(({ code }) => code !== FAILED_BEFORE) ?? errors[0]!;
  return answers.map((answer) => (answer as PromiseFulfilledResult<unknown>).value) as never;
}
