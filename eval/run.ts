import { Case, type CaseAsked, type CaseRun, idOf, ServiceFailed } from './case.ts';
import { ServiceGone } from './listening.ts';
import { BoundReached, NOTHING, type Spent, together } from './spending.ts';
import type { Store } from './store.ts';

/** Why a run ended. */
export type Ending =
  { why: 'finished' } | { why: 'bound' } | { why: 'interrupted' } | { why: 'service'; message: string };

/** Cases in a row that may fail for the service's reasons; then it is taken to be gone. */
const MOST_FAILED = 5;

export interface Running extends Omit<CaseRun, 'signal'> {
  store: Store;
  concurrency: number;
  stop: AbortSignal;
  /** Told after each case, with what it came to; `null`: the service failed. */
  onCase: (fit: boolean | null) => void;
}

/**
 * Runs the cases that are not done yet, several at once. The first reason to stop lets no further case begin. Those
 * that are under way end by themselves where a bound was reached, and are broken off where somebody asked for that.
 */
export class Run {
  private readonly running: Running;
  private readonly waiting: CaseAsked[];
  private readonly abort = new AbortController();
  private failedInARow = 0;
  private lastFailure = '';
  private ending: Ending | null = null;

  constructor(running: Running, cases: CaseAsked[]) {
    this.running = running;
    this.waiting = cases.filter((asked) => !running.store.done.has(idOf(asked)));
  }

  get left(): number {
    return this.waiting.length;
  }

  async toItsEnd(): Promise<Ending> {
    const { stop, concurrency } = this.running;
    const interrupt = () => this.end({ why: 'interrupted' });
    if (stop.aborted) interrupt();
    stop.addEventListener('abort', interrupt, { once: true });
    await Promise.all(Array.from({ length: concurrency }, () => this.lane()));
    stop.removeEventListener('abort', interrupt);
    if (this.ending) return this.ending;
    // A case that failed is not done: the same command asks for it again.
    return this.lastFailure === '' ? { why: 'finished' } : { why: 'service', message: this.lastFailure };
  }

  private async lane(): Promise<void> {
    while (!this.ending) {
      const asked = this.waiting.shift();
      if (!asked) return;
      await this.one(asked);
    }
  }

  private async one(asked: CaseAsked): Promise<void> {
    const spent = { all: NOTHING };
    const onSpent = (more: Spent) => void (spent.all = together(spent.all, more));
    try {
      const record = await new Case({ ...this.running, onSpent, signal: this.abort.signal }, asked).record();
      this.running.store.add(record);
      this.failedInARow = 0;
      this.running.onCase(record.texts.every(({ outcome }) => outcome === 'DONE'));
    } catch (error) {
      this.running.store.addBroken(idOf(asked), spent.all);
      this.broken(error);
    }
  }

  private broken(error: unknown): void {
    if (this.abort.signal.aborted) return;
    if (error instanceof BoundReached) return this.end({ why: 'bound' });
    if (error instanceof ServiceGone) return this.end({ why: 'service', message: error.message });
    if (!(error instanceof ServiceFailed)) {
      this.end({ why: 'interrupted' });
      throw error;
    }
    this.lastFailure = error.message;
    this.running.onCase(null);
    if (++this.failedInARow >= MOST_FAILED) this.end({ why: 'service', message: error.message });
  }

  /** The first reason counts. */
  private end(ending: Ending): void {
    this.ending ??= ending;
    if (ending.why !== 'bound') this.abort.abort();
  }
}
