import { AsyncLocalStorage } from 'node:async_hooks';
import type { DataSource } from 'typeorm';

/** What was seen of a pool. */
export interface Guarded {
  /** Who asked for a second connection; with where. */
  greedy: Error | null;
}

type Connect = (...args: unknown[]) => unknown;
type Transaction = (...args: unknown[]) => Promise<unknown>;

/**
 * Watches that nobody asks the pool for a second connection inside a transaction, which holds one: as many at once as
 * the pool has connections would wait for each other until their patience ends.
 */
export function guarded(db: DataSource): Guarded {
  const seen: Guarded = { greedy: null };
  const holding = new AsyncLocalStorage<boolean>();
  const pool = (db.driver as unknown as { master: { connect: Connect } }).master;
  const connect = pool.connect.bind(pool);
  pool.connect = (...args) => {
    if (holding.getStore()) seen.greedy ??= new Error('a second connection was asked for inside a transaction');
    return connect(...args);
  };
  const manager = db.manager as unknown as { transaction: Transaction };
  const transaction = manager.transaction.bind(manager);
  manager.transaction = (...args) => {
    const work = args.pop() as (tx: unknown) => Promise<unknown>;
    return transaction(...args, (tx: unknown) => holding.run(true, () => work(tx)));
  };
  return seen;
}
