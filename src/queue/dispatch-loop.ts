import { Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Loop } from '../timing/loop.js';

/** How often a dispatcher looks for rows that came due, milliseconds. A new row may wake it at once. */
export const POLL_MS = 500;
/** Pause after the queue refused a batch, milliseconds; doubles up to the second number. */
const PAUSE_MS = [250, 5000] as const;

/**
 * The loop of every dispatcher: one batch after the other while batches are full, then a pause until it is woken or
 * polls.
 */
export class DispatchLoop {
  private readonly logger = new Logger('Dispatcher');
  private readonly stopped = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private wakeUp: () => void = () => undefined;
  private woken = false;

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
    this.running = this.rounds();
  }

  wake(): void {
    this.woken = true;
    this.wakeUp();
  }

  /** Ends after the current batch. */
  async stop(): Promise<void> {
    this.stopped.abort();
    this.wake();
    await this.running;
  }

  private async rounds(): Promise<void> {
    let pause = 0;
    while (!this.stopped.signal.aborted) {
      try {
        while ((await this.loop.run(this.dispatchBatch)) === this.full && !this.stopped.signal.aborted);
        pause = 0;
      } catch (error) {
        if (pause === 0)
          this.logger.warn({
            msg: `queue or database away; ${this.what} wait in the ledger`,
            reason: (error as Error).message,
          });
        pause = Math.min(Math.max(pause * 2, PAUSE_MS[0]), PAUSE_MS[1]);
        await sleep(pause, undefined, { signal: this.stopped.signal }).catch(() => undefined);
        continue;
      }
      await this.untilWokenOr(POLL_MS);
    }
  }

  private async untilWokenOr(milliseconds: number): Promise<void> {
    if (!this.woken) {
      await new Promise<void>((done) => {
        const timer = setTimeout(done, milliseconds);
        this.wakeUp = () => {
          clearTimeout(timer);
          done();
        };
      });
    }
    this.woken = false;
    this.wakeUp = () => undefined;
  }
}
