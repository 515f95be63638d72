import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Work that comes round by itself, after a pause each time, until it is stopped. What it throws ends the round, not
 * the work.
 */
export class Rounds {
  private readonly stopped = new AbortController();
  private running: Promise<void> = Promise.resolve();

  /** @param pauseMs asked before each round, milliseconds */
  constructor(
    private readonly round: (signal: AbortSignal) => Promise<unknown>,
    private readonly pauseMs: () => number,
  ) {}

  /** @param first what is done once, before the rounds begin */
  start(first: () => Promise<unknown> = () => Promise.resolve()): void {
    this.running = this.comeRound(first);
  }

  /** Ends after the round in hand. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  private async comeRound(first: () => Promise<unknown>): Promise<void> {
    const { signal } = this.stopped;
    await first().catch(() => undefined);
    while (!signal.aborted) {
      await sleep(this.pauseMs(), undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) await this.round(signal).catch(() => undefined);
    }
  }
}
