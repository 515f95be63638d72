import { QUEUE_LOCK_MS, STALLED_LOOK_MS } from './worker-options.js';

/**
 * A delivery that no worker has begun within this time is lost, milliseconds. By then its lock has run out and the
 * queue has checked twice.
 */
export const TOO_LONG_MS = QUEUE_LOCK_MS + 2 * STALLED_LOOK_MS;

interface InQueue {
  id: string;
  dispatch: number;
}

/**
 * Remembers the deliveries that a worker has by the queue, but that by the ledger no worker has begun. The queue takes
 * deliveries back from a dead worker by the clocks of the workers and of Redis. When one of these was set back, it does
 * so hours later. Here a monotonic clock measures the time.
 */
export class InHand<Row extends InQueue> {
  private since = new Map<string, number>();

  /** @param rows all that a worker has at this check @returns those that it has had for too long */
  tooLong(rows: Row[], now = performance.now()): Row[] {
    const sinceOf = (row: Row) => this.since.get(nameOf(row)) ?? now;
    this.since = new Map(rows.map((row) => [nameOf(row), sinceOf(row)]));
    return rows.filter((row) => now - sinceOf(row) >= TOO_LONG_MS);
  }
}

const nameOf = ({ id, dispatch }: InQueue) => `${id}.${dispatch}`;
