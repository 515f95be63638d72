import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Loop, type LoopReport } from './loop.js';
import { type LoopName, LOOPS } from './loop-names.js';

const LOOK_EVERY_MS = 1000;
/** A check that comes later than this means that the process was frozen: its loops get another second to come round. */
const LATE_MS = 3000;
const LOG_AGAIN_MS = 60_000;

/**
 * Knows when each loop of this process last succeeded, and what stops it. The owner of a loop calls {@link open} once
 * and then {@link Loop.run}. A lasting failure is logged when it is noticed, then each minute, and when it is over.
 * Operators see it in /health, /metrics and by doctor. Workers without a port report it by their heartbeat.
 */
@Injectable()
export class Loops implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Loops');
  private readonly loops = new Map<LoopName, Loop>();
  private readonly loggedAt = new Map<Loop, number>();
  private timer: NodeJS.Timeout | undefined;
  private lookedAt = performance.now();

  /**
   * @param everyMs longest time between two rounds, also with nothing to do; `null`: it runs only with something to do
   */
  open(name: LoopName, everyMs: number | null = null): Loop {
    const known = this.loops.get(name);
    if (known) return known;
    const loop = new Loop(name, everyMs);
    this.loops.set(name, loop);
    return loop;
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** One entry for each loop, in the order of {@link LOOPS}. */
  report(): LoopReport[] {
    const loops = [...this.loops.values()].sort((one, other) => LOOPS.indexOf(one.name) - LOOPS.indexOf(other.name));
    return loops.map((loop) => loop.report());
  }

  private look(): void {
    const now = performance.now();
    const late = now - this.lookedAt > LATE_MS;
    this.lookedAt = now;
    if (late) return;
    for (const loop of this.loops.values()) {
      loop.look(now);
      this.log(loop, now);
    }
  }

  private log(loop: Loop, now: number): void {
    const lastAt = this.loggedAt.get(loop);
    const { name, standing_seconds, reason } = loop.report();
    if (standing_seconds === null) {
      if (lastAt !== undefined) this.logger.log({ msg: 'goes on again', loop: name });
      this.loggedAt.delete(loop);
    } else if (lastAt === undefined || now - lastAt >= LOG_AGAIN_MS) {
      this.logger.warn({ msg: 'stands still', loop: name, seconds: Math.round(standing_seconds), reason });
      this.loggedAt.set(loop, now);
    }
  }
}
