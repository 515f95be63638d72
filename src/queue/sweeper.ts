import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { sql } from '../database/sql.js';
import type { Loop } from '../health/loop.js';
import { Loops } from '../health/loops.js';
import { Housekeeping } from '../jobs/housekeeping.js';
import { JobsService } from '../jobs/jobs.service.js';
import { Waits } from '../jobs/waits.js';
import { NOT_THROTTLED } from '../jobs/throttle.js';
import { Dispatcher, type Due } from './dispatcher.js';
import { InHand } from './in-hand.js';
import { LeaseTrust } from './lease-trust.js';
import { NOT_PAUSED } from './pauses.js';
import { Redispatch } from './redispatch.js';

/** Rows a statement touches at most, of each kind. */
const BATCH = 500;
/**
 * How long one kind may take of a sweep, milliseconds; a quarter of its pause at the most, or a sweep would come as late as
 * after an outage. A deployment that takes 1000 jobs a second has as many to forget: 500 take some 30 ms.
 */
const SWEEP_MS = 2000;
/** A job that has been in the queue for this long without being claimed is looked for, seconds. */
const DOUBT_AFTER_SECONDS = 15;
/** How many of them, the longest waiting first. */
const SAMPLE = 20;

/**
 * Finds what got lost and puts it right; every process has one, and they skip each other's rows:
 *
 * 1. jobs whose worker fell silent go back in line (or end, after five crashes), unless the database had been away;
 * 2. jobs past their deadline end EXPIRED;
 * 3. jobs the queue has lost are handed over again. It is asked for the few that wait longest: the queue is first in, first
 *    out, so a lost job becomes one of them, at the latest when it should have run. A million waiting rows cost no more.
 *    Jobs of a paused queue wait for the operator, and would hide the others. What a worker took and never began is lost too;
 * 4. finished jobs past retention are forgotten.
 *
 * Before all that, what lies too far ahead since PostgreSQL's clock was set back is brought forward.
 *
 * That Redis as a whole restarted or was emptied is noticed at once, in queue-watch.ts.
 */
@Injectable()
export class Sweeper implements OnApplicationBootstrap {
  private readonly logger = new Logger('Sweeper');
  private readonly stopped = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private readonly everyMs: number;
  private readonly kept: Loop;
  private readonly inHand = new InHand<Due & { free: boolean }>();
  private readonly swept: Loop;

  constructor(
    private readonly db: DataSource,
    private readonly jobs: JobsService,
    private readonly housekeeping: Housekeeping,
    private readonly waits: Waits,
    private readonly dispatcher: Dispatcher,
    private readonly redispatch: Redispatch,
    private readonly trust: LeaseTrust,
    loops: Loops,
    config: Config,
  ) {
    // With its jitter at most a quarter of a lease, far from the half that means an outage.
    this.everyMs = Math.min(5000, config.leaseMs / 6);
    this.kept = loops.open('housekeeping', this.everyMs * 1.5);
    this.swept = loops.open('sweep-jobs', this.everyMs * 1.5);
  }

  onApplicationBootstrap(): void {
    this.running = this.loop();
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  private async loop(): Promise<void> {
    await this.trust.alone().catch(() => undefined); // costs half a lease of patience
    while (!this.stopped.signal.aborted) {
      const pause = this.everyMs * (0.5 + Math.random());
      await sleep(pause, undefined, { signal: this.stopped.signal }).catch(() => undefined);
      if (this.stopped.signal.aborted) return;
      await this.kept
        .run(() => this.keepHouse())
        .catch((error: Error) => this.logger.debug({ msg: 'not swept', reason: error.message }));
      // A queue that cannot be asked has lost nothing yet.
      await this.swept.run(() => this.findLost()).catch(() => undefined);
    }
  }

  private async keepHouse(): Promise<void> {
    await this.bringForward();
    const expired = await this.untilDone(async () => (await this.housekeeping.expireOverdue(BATCH)).length);
    const crashed = (await this.trust.swept()) ? await this.housekeeping.recoverCrashed(BATCH) : [];
    const pruned = await this.untilDone(() => this.housekeeping.prune(BATCH));
    if (expired + crashed.length + pruned > 0) {
      this.logger.log({ msg: 'swept', expired, crashed: crashed.length, pruned });
    }
  }

  private async bringForward(): Promise<void> {
    const count = await this.untilDone(() => this.waits.shorten(BATCH));
    if (count === 0) return;
    this.logger.warn({ msg: 'jobs waited for times too far ahead: PostgreSQL’s clock was set back', count });
    this.jobs.events.emit('dispatchable');
  }

  /** Batch by batch as long as they are full and the sweep may go on. @returns how many rows */
  private async untilDone(batch: () => Promise<number>): Promise<number> {
    const until = performance.now() + Math.min(SWEEP_MS, this.everyMs / 4);
    for (let total = 0; ;) {
      const rows = await batch();
      total += rows;
      if (rows < BATCH || performance.now() > until || this.stopped.signal.aborted) return total;
    }
  }

  private async findLost(): Promise<void> {
    const waiting = await sql<Due & { free: boolean }>(
      this.db,
      `SELECT id, entity, dispatch, ${NOT_THROTTLED} AS free FROM generation_jobs WHERE status = 'PENDING'
         AND dispatched_at < now() - make_interval(secs => $2) AND ${NOT_PAUSED} ORDER BY dispatched_at LIMIT $1`,
      [SAMPLE, DOUBT_AFTER_SECONDS],
    );
    const states = await Promise.all(waiting.map((job) => this.dispatcher.stateOf(job)));
    const dropped = this.inHand.tooLong(waiting.filter(({ free }, n) => free && states[n] === 'active'));
    if (dropped.length > 0) {
      await this.redispatch.again(dropped);
      this.logger.warn({
        msg: 'workers took jobs and did not begin; they are handed over again',
        count: dropped.length,
      });
    }
    if (!states.includes('unknown')) return;
    const count = await this.redispatch.lost(() => this.swept.succeeded());
    if (count) this.logger.warn({ msg: 'the queue had lost jobs; they are handed over again', count });
  }
}
