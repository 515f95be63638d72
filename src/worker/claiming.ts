import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { v4 as uuidv4 } from 'uuid';
import { Config } from '../config/config.js';
import { Breakers } from '../ledger/breakers.js';
import { Budget } from '../ledger/budget.js';
import { Claims } from '../ledger/claims.js';
import { isBounded } from '../ledger/fleet-bounds.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { JobsService } from '../ledger/jobs.service.js';
import { Pauses } from '../ledger/pauses.js';
import { type Hold, Throttle } from '../ledger/throttle.js';
import { Patience } from './patience.js';
import { WorkerRegistry } from './worker-registry.js';

/** How often a worker that waits out a pause checks whether it must stop, milliseconds. */
const LOOK_MS = 500;
/** The same for the end of another job, where the fleet is bounded. */
const BOUND_LOOK_MS = 100;

/**
 * Claims the job of a delivery. It keeps the delivery while the model's service or an operator wants a pause. So the
 * queue behind it waits as well, because a worker takes no more deliveries than it has places.
 */
@Injectable()
export class Claiming {
  private probedAt = -Infinity;

  constructor(
    private readonly jobs: JobsService,
    private readonly claims: Claims,
    private readonly throttle: Throttle,
    private readonly breakers: Breakers,
    private readonly pauses: Pauses,
    private readonly budget: Budget,
    private readonly registry: WorkerRegistry,
    private readonly patience: Patience,
    private readonly config: Config,
  ) {}

  /**
   * @returns the delivered job, or before it another one that probes a model which is held; `null`: the delivery is
   * stale, double or too early
   */
  async next(id: string): Promise<GenerationJob | null> {
    const token = uuidv4();
    for (;;) {
      if (this.takesNone) {
        await this.jobs.undispatch(id);
        return null;
      }
      if (await this.patience.untilDatabaseAnswers(() => this.budget.mustWait())) {
        await sleep(LOOK_MS);
        continue;
      }
      const job = (this.claims.fallsBack && (await this.probe(id))) || (await this.claim(id, token));
      if (job) return job;
      const hold = await this.patience.untilDatabaseAnswers(() => this.throttle.findHold(id));
      if (!hold) return null;
      if (hold.keyHasSpent) {
        if (await this.patience.untilDatabaseAnswers(() => this.budget.passOn(id))) continue;
        return null;
      }
      const probe = hold.modelHeld && !hold.paused && hold.throttledMs === 0 && (await this.probe(id));
      if (probe) return probe;
      await this.waitOut(hold);
    }
  }

  private claim(id: string, token: string): Promise<GenerationJob | null> {
    return this.patience.untilDatabaseAnswers(() => this.claims.claim(id, this.registry.name, token));
  }

  /** However many deliveries wait, together they ask for a probe a few times a second. */
  private async probe(id: string): Promise<GenerationJob | null> {
    if (performance.now() - this.probedAt < LOOK_MS / 2) return null;
    this.probedAt = performance.now();
    const token = uuidv4();
    return this.patience.untilDatabaseAnswers(() => this.claims.probe(id, this.registry.name, token));
  }

  /** Ends early when the worker is told to stop, or to take no new job. */
  private async waitOut({ paused, throttledMs, modelHeld }: Hold): Promise<void> {
    if (throttledMs > 0) await sleep(Math.min(throttledMs, LOOK_MS));
    if (paused) await this.waitWhile(() => this.pauses.isPaused(paused));
    else if (modelHeld) await this.waitWhile(() => this.breakers.mustWait());
    else if (isBounded(this.config)) await sleep(BOUND_LOOK_MS);
  }

  private async waitWhile(mustWait: () => Promise<boolean>): Promise<void> {
    do await sleep(LOOK_MS);
    while (!this.takesNone && (await this.patience.untilDatabaseAnswers(mustWait)));
  }

  /** The worker stops, or an operator drains it: its deliveries go back. */
  private get takesNone(): boolean {
    return this.patience.stopping || this.registry.quiet;
  }
}
