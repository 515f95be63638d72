/**
 * Work that is done in rounds, with a pause after each, until it is stopped. An error ends its round, but not the work.
 */
export class Rounds {
  private readonly stopped = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private failures = 0;
  private woken = false;
  private endPause: () => void = () => undefined;

  /** @param pauseMs asked before each pause, with the number of rounds in a row that have failed; milliseconds */
  constructor(
    private readonly round: (signal: AbortSignal) => Promise<unknown>,
    private readonly pauseMs: (failures: number) => number,
  ) {}

  /** Whether the last round has failed. */
  get failing(): boolean {
    return this.failures > 0;
  }

  /** @param first done once, in place of the first round; default: it begins with a pause */
  start(first?: (signal: AbortSignal) => Promise<unknown>): void {
    this.running = this.comeRound(first);
  }

  /** Has the next round begin at once. After a round that failed, the pause is not shortened. */
  wake(): void {
    this.woken = true;
    if (!this.failing) this.endPause();
  }

  /** Ends after the round in hand. */
  async stop(): Promise<void> {
    this.stopped.abort();
    this.endPause();
    await this.running;
  }

  private async comeRound(first: typeof this.round = () => Promise.resolve()): Promise<void> {
    const { signal } = this.stopped;
    for (let work = first; !signal.aborted; work = this.round) {
      await work(signal).then(
        () => (this.failures = 0),
        () => this.failures++,
      );
      if (!signal.aborted) await this.pause();
    }
  }

  private async pause(): Promise<void> {
    if (!this.woken || this.failing) {
      await new Promise<void>((done) => {
        const timer = setTimeout(done, this.pauseMs(this.failures));
        this.endPause = () => {
          clearTimeout(timer);
          done();
        };
      });
    }
    this.woken = false;
    this.endPause = () => undefined;
  }
}
