import { Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitAfter } from '../timing/backoff.js';
import type { Loop } from '../timing/loop.js';
import { Rounds } from '../timing/rounds.js';

/** How often a dispatcher looks for rows that came due, milliseconds. A new row may wake it at once. */
export const POLL_MS = 500;
/** Rows that come so soon after others are part of a stream, milliseconds. More of it are waited for this long. */
const STREAM_MS = 10;
const GATHER_MS = 5;
/** Pauses after the queue refused a batch. */
const REFUSED = { firstMs: 250, longestMs: 5000 };

/**
 * The loop of every dispatcher: one batch after the other while batches are full, then a pause until it is woken or
 * polls.
 */
export class DispatchLoop {
  private readonly logger = new Logger('Dispatcher');
  private readonly rounds = new Rounds(
    (signal) => this.dispatch(signal),
    (failures) => (failures === 0 ? POLL_MS : waitAfter(failures, REFUSED)),
  );
  /** When rows were last handed over, by `performance.now()`. */
  private handedAt = -Infinity;

  /**
   * @param what the name for the log
   * @param dispatchBatch moves due rows into the queue; returns how many
   * @param full a batch of so many rows is followed by the next one at once
   * @param loop is told how it goes
   */
  constructor(
    private readonly what: string,
    private readonly dispatchBatch: () => Promise<number>,
    private readonly full: number,
    private readonly loop: Loop,
  ) {}

  start(): void {
    this.rounds.start((signal) => this.dispatch(signal));
  }

  wake(): void {
    this.rounds.wake();
  }

  /** Ends after the current batch. */
  stop(): Promise<void> {
    return this.rounds.stop();
  }

  private async dispatch(signal: AbortSignal): Promise<void> {
    try {
      if (performance.now() - this.handedAt < STREAM_MS) await sleep(GATHER_MS);
      let count: number;
      do count = await this.loop.run(this.dispatchBatch);
      while (count === this.full && !signal.aborted);
      if (count > 0) this.handedAt = performance.now();
    } catch (error) {
      if (!this.rounds.failing)
        this.logger.warn({
          msg: `queue or database away; ${this.what} wait in the ledger`,
          reason: (error as Error).message,
        });
      throw error;
    }
  }
}
