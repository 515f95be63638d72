import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Config } from '../config/config.js';
import { logFields } from '../ledger/about-job.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { JobsService } from '../ledger/jobs.service.js';
import { LapsedJobs } from '../ledger/lapsed-jobs.js';
import { Waits } from '../ledger/waits.js';
import type { Loop } from '../timing/loop.js';
import { Loops } from '../timing/loops.js';
import { jittered } from '../timing/backoff.js';
import { Rounds } from '../timing/rounds.js';
import { WebhookUpkeep } from '../webhooks/webhook-upkeep.js';
import { Feeds } from './feeds.js';
import { Housekeeping } from './housekeeping.js';
import { LeaseTrust } from './lease-trust.js';
import { Recoveries } from './recoveries.js';
import type { Recovered } from '../domain/vocabulary.js';

/** Most rows of each kind in a statement. */
const BATCH = 500;
/**
 * Longest time for one kind in a sweep, milliseconds. It is at most a quarter of the pause: otherwise a late sweep
 * would look like an outage. A deployment that takes 1000 jobs a second has as many to forget: 500 take about 30 ms.
 */
const SWEEP_MS = 2000;
const EVERY_MS = 5000;

/**
 * Finds and repairs losses. Every process has a sweeper, and they skip each other's rows:
 * 1. Jobs too far ahead, since PostgreSQL's clock was set back, are brought forward.
 * 2. Jobs past their deadline end EXPIRED.
 * 3. Jobs whose worker fell silent go back in line (or end, after five crashes), unless the database was away.
 * 4. Finished jobs past retention are forgotten.
 * 5. Jobs the queue has lost are handed over again.
 *
 * Webhooks are swept in the same way, at the same time. queue-watch.ts notices at once that the whole Redis restarted
 * or was emptied.
 */
@Injectable()
export class Sweeper implements OnApplicationBootstrap {
  private readonly logger = new Logger('Sweeper');
  private readonly everyMs: number;
  private readonly ofJobs: Rounds;
  private readonly ofWebhooks: Rounds;
  private readonly loops: Record<'kept' | 'jobs' | 'webhooks', Loop>;

  constructor(
    private readonly jobs: JobsService,
    private readonly lapsed: LapsedJobs,
    private readonly housekeeping: Housekeeping,
    private readonly waits: Waits,
    private readonly webhooks: WebhookUpkeep,
    private readonly feeds: Feeds,
    private readonly trust: LeaseTrust,
    private readonly recoveries: Recoveries,
    loops: Loops,
    private readonly config: Config,
  ) {
    // With its jitter at most a quarter of a lease, far from the half that means an outage.
    this.everyMs = Math.min(EVERY_MS, config.leaseMs / 6);
    this.loops = {
      kept: loops.open('housekeeping', this.everyMs * 1.5),
      jobs: loops.open('sweep-jobs', this.everyMs * 1.5),
      webhooks: loops.open('sweep-webhooks', EVERY_MS * 1.5),
    };
    const about = (ms: number) => () => jittered(ms, 0.5);
    this.ofJobs = new Rounds((signal) => this.sweepJobs(signal), about(this.everyMs));
    this.ofWebhooks = new Rounds(
      (signal) => this.loops.webhooks.run(() => this.sweepWebhooks(signal)),
      about(EVERY_MS),
    );
  }

  onApplicationBootstrap(): void {
    if (this.config.passive) return;
    this.ofJobs.start(() => this.trust.forgetLastSweep()); // costs half a lease of patience where it fails
    this.ofWebhooks.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.ofJobs.stop(), this.ofWebhooks.stop()]);
  }

  private async sweepJobs(signal: AbortSignal): Promise<void> {
    await this.loops.kept
      .run(() => this.keepHouse(signal))
      .catch((error: Error) => this.logger.debug({ msg: 'not swept', reason: error.message }));
    // A queue that cannot be asked has lost nothing yet.
    const { jobs } = this.loops;
    await jobs.run(() => this.findLost('jobs', () => jobs.succeeded()));
  }

  private async sweepWebhooks(signal: AbortSignal): Promise<void> {
    const onProgress = () => this.loops.webhooks.succeeded();
    const early = await this.webhooks.bringForward(onProgress, signal);
    await this.recoveries.note('clock_set_back', 'webhooks', early);
    await this.webhooks.prune();
    await this.findLost('webhooks', onProgress);
  }

  private async findLost(of: Recovered, onProgress: () => void): Promise<void> {
    const { lost, notBegun } = await this.feeds[of].redispatch.findLost(onProgress);
    await this.recoveries.note('queue_lost', of, lost);
    await this.recoveries.note('not_begun', of, notBegun);
  }

  private async keepHouse(signal: AbortSignal): Promise<void> {
    const { lapsed, housekeeping } = this;
    await this.bringForward(signal);
    const expired = await this.untilDone(signal, async () => (await lapsed.expireOverdue(BATCH)).length);
    const crashed = (await this.trust.recordSweep()) ? await lapsed.recoverCrashed(BATCH) : [];
    await this.recoveries.note('worker_lost', 'jobs', crashed.length);
    for (const job of crashed) this.tellCrashed(job);
    const pruned = await this.untilDone(signal, () => housekeeping.prune(BATCH));
    if (expired + crashed.length + pruned > 0) {
      this.logger.log({ msg: 'swept', expired, crashed: crashed.length, pruned });
    }
  }

  private tellCrashed(job: GenerationJob): void {
    const about = { ...logFields(job), crashes: job.crashes, worker: job.history.at(-1)?.worker };
    if (job.status === 'FAILED') {
      const { type, message: reason } = job.error!;
      this.logger.warn({ msg: 'job failed', ...about, type, reason });
    } else this.logger.warn({ msg: 'worker lost, its job waits again', ...about });
  }

  private async bringForward(signal: AbortSignal): Promise<void> {
    const count = await this.untilDone(signal, () => this.waits.shorten(BATCH));
    if (count === 0) return;
    this.logger.warn({ msg: 'jobs waited for times too far ahead: PostgreSQL’s clock was set back', count });
    this.jobs.events.emit('dispatchable');
    await this.recoveries.note('clock_set_back', 'jobs', count);
  }

  /** Runs batches as long as they are full and the sweep has time. @returns how many rows */
  private async untilDone(signal: AbortSignal, batch: () => Promise<number>): Promise<number> {
    const until = performance.now() + Math.min(SWEEP_MS, this.everyMs / 4);
    for (let total = 0; ;) {
      const rows = await batch();
      total += rows;
      if (rows < BATCH || performance.now() > until || signal.aborted) return total;
    }
  }
}
