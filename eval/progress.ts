import { SingleBar } from 'cli-progress';
import { money } from './shown.ts';
import type { Spent } from './spending.ts';

/** Time between two lines where there is no terminal, milliseconds. */
const LINE_MS = 5000;

/** The progress of a run on stderr: a bar in a terminal, else a line now and then. */
export class Progress {
  private readonly bar = new SingleBar({
    format: '{bar} {value}/{total}  {unfit} unfit, {failed} failed  cost {cost}  {duration_formatted}',
    barsize: 20,
    stream: process.stderr,
    noTTYOutput: true,
    notTTYSchedule: LINE_MS,
    hideCursor: true,
    gracefulExit: false,
  });
  private readonly counts = { unfit: 0, failed: 0 };
  private readonly spent: () => Spent;

  constructor(spent: () => Spent) {
    this.spent = spent;
  }

  start(total: number, done: number): void {
    this.bar.start(total, done, this.told());
  }

  /** @param fit `null`: the service failed, and the case is not done */
  add(fit: boolean | null): void {
    if (fit === false) this.counts.unfit++;
    if (fit === null) this.counts.failed++;
    if (fit === null) this.bar.update(this.told());
    else this.bar.increment(1, this.told());
  }

  stop(): void {
    this.bar.update(this.told());
    this.bar.stop();
  }

  private told(): object {
    const { calls, cost } = this.spent();
    return { ...this.counts, cost: money(calls === 0 ? 0 : cost) };
  }
}
