import { setTimeout as sleep } from 'node:timers/promises';

/** Work in rounds, with a pause after each, until it is stopped. An error ends only its round. */
export class Rounds {
  private readonly stopped = new AbortController();
  private running: Promise<void> = Promise.resolve();

  /** @param pauseMs called before each round, milliseconds */
  constructor(
    private readonly round: (signal: AbortSignal) => Promise<unknown>,
    private readonly pauseMs: () => number,
  ) {}

  /** @param first done once, before the rounds begin */
  start(first: () => Promise<unknown> = () => Promise.resolve()): void {
    this.running = this.comeRound(first);
  }

  /** Ends after the current round. */
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
