import type { Database } from '../database/sql.js';
import type { AnyQueueName } from '../domain/queues.js';
import type { LoopName } from '../timing/loop-names.js';

/** A row that waits for a worker. */
export interface Waiting {
  id: string;
  /** Counts how often it began to wait. Each number gives the row a new id in the queue. */
  dispatch: number;
  /** W3C trace context of what made it wait; missing: the hand-over is not traced. */
  traceparent?: string | null;
}

/** A row that is or was in the queue. The time is text, to keep its microseconds, which a Date would cut off. */
export type Dispatched = Waiting & { dispatched_at: string };

/** A position in the order of dispatch. */
export type DispatchPlace = Pick<Dispatched, 'id' | 'dispatched_at'>;

/** What goes into the queue for a row: the queue, the name of the job, and the id that the worker gets. */
export interface Address {
  queue: AnyQueueName;
  name: string;
  data: Record<string, string>;
}

/**
 * A table of rows that wait for workers; the queue is an index over it. It has what is needed to hand rows over, and to
 * hand them over again when the queue has lost them.
 */
export interface Outbox<Row extends Waiting = Waiting> {
  /** For the log. */
  readonly name: string;
  readonly loop: LoopName;
  /** Number of the lock that a process takes to hand everything over again; only one does at a time. */
  readonly lock: number;
  addressOf(row: Row): Address;
  /** Calls `wake` when a row may have come due; with those that this process has just committed as due. */
  onDue(wake: (fresh?: Row[]) => void): void;
  /**
   * Locks rows that are due and not in the queue. It selects by state and not by "id > last seen", so late commits are
   * not skipped.
   */
  lockDue(tx: Database, limit: number): Promise<Row[]>;
  /** Rows that somebody changes at this moment, or that have changed, are skipped. */
  markDispatched(db: Database, rows: Row[]): Promise<void>;
  /**
   * The rows that have been in the queue for longest, of each queue and of all, and at least for so many seconds. Rows
   * of a paused queue are left out. `free`: nothing that the ledger knows keeps a worker from beginning.
   * @param limit how many of each
   */
  longestDispatched(seconds: number, limit: number): Promise<(Row & { free: boolean })[]>;
  /** In the order of dispatch. */
  dispatchedAfter(tx: Database, place: DispatchPlace, until: Date, limit: number): Promise<(Row & Dispatched)[]>;
  /**
   * Makes rows due again, under the same id in the queue. If that id is still there, it is not doubled. @returns how
   * many
   */
  dispatchAgain(tx: Database, until: Date, limit: number): Promise<number>;
  /**
   * Makes rows due again, under a new id in the queue, because remains of the old one may be left there. Rows that have
   * changed since are skipped.
   */
  dispatchAnew(rows: Row[]): Promise<void>;
}
