import { QUEUE_LOCK_MS, STALLED_LOOK_MS } from './worker-options.js';

/**
 * A delivery that no worker has begun by then is in nobody's hand, milliseconds: its lock has run out, and two looks
 * of the queue have passed.
 */
export const TOO_LONG_MS = QUEUE_LOCK_MS + 2 * STALLED_LOOK_MS;

interface InQueue {
  id: string;
  dispatch: number;
}

/**
 * Remembers which deliveries the queue says are in a worker's hand, though the ledger says nobody has begun. The
 * queue would take them back from a worker that died, by times of the workers' clocks and of Redis'; once one of
 * these was set back it does so hours later. Here they are timed by a clock that nobody sets.
 */
export class InHand<Row extends InQueue> {
  private since = new Map<string, number>();

  /** @param rows all that are in a hand at this look. @returns which of them have been for too long */
  tooLong(rows: Row[], now = performance.now()): Row[] {
    const sinceOf = (row: Row) => this.since.get(nameOf(row)) ?? now;
    this.since = new Map(rows.map((row) => [nameOf(row), sinceOf(row)]));
    return rows.filter((row) => now - sinceOf(row) >= TOO_LONG_MS);
  }
}

const nameOf = ({ id, dispatch }: InQueue) => `${id}.${dispatch}`;
