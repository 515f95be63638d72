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
