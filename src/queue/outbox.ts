import type { Database } from '../database/sql.js';
import type { AnyQueueName } from '../domain/queues.js';
import type { LoopName } from '../timing/loop-names.js';

/** A row that waits for a worker. */
export interface Waiting {
  id: string;
  /** Counts the times it began to wait, and so the ids under which the queue may know it. */
  dispatch: number;
}

/** A row that is in the queue, or was. The time as text keeps its microseconds, which a Date would cut off. */
export type Dispatched = Waiting & { dispatched_at: string };

/** A place in the order of dispatch. */
export type DispatchPlace = Pick<Dispatched, 'id' | 'dispatched_at'>;

/** What goes into the queue for a row: where, under which name, and the id that the worker gets. */
export interface Address {
  queue: AnyQueueName;
  name: string;
  data: Record<string, string>;
}

/**
 * A table of rows that wait for workers; the queue is an index over it. What must be known of one to hand its rows
 * over, and to hand them over again when the queue has lost them.
 */
export interface Outbox<Row extends Waiting = Waiting> {
  /** For the log. */
  readonly name: string;
  readonly loop: LoopName;
  /** Of the lock that one process at a time takes to hand everything over again. */
  readonly lock: number;
  addressOf(row: Row): Address;
  /** Calls `wake` when a row may have come due. */
  onDue(wake: () => void): void;
  /**
   * Locks rows that are due and not in the queue; by state, never by "id > last seen": late commits are not skipped.
   */
  lockDue(tx: Database, limit: number): Promise<Row[]>;
  markDispatched(tx: Database, rows: Row[]): Promise<void>;
  /**
   * Those that have been in the queue for longest, and for so many seconds; not of a queue that is paused.
   * `free`: nothing that the ledger knows keeps a worker from beginning.
   */
  longestDispatched(seconds: number, limit: number): Promise<(Row & { free: boolean })[]>;
  /** In the order of dispatch. */
  dispatchedAfter(tx: Database, place: DispatchPlace, until: Date, limit: number): Promise<(Row & Dispatched)[]>;
  /** Due again, under the same id of the queue: one that is still there stays single. @returns how many */
  dispatchAgain(tx: Database, until: Date, limit: number): Promise<number>;
  /**
   * Due again, under a new id of the queue, for remains of the old one may be left; unless somebody has changed them
   * since.
   */
  dispatchAnew(rows: Row[]): Promise<void>;
}
