import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Counters } from '../metrics/counters.js';
import { QueueConnections } from '../queue/queue-connections.js';
import { settled } from '../timing/within.js';
import { BatchCompletion } from '../upkeep/batch-completion.js';
import { Feeds } from '../upkeep/feeds.js';
import { QueueWatch } from '../upkeep/queue-watch.js';
import { Sweeper } from '../upkeep/sweeper.js';
import { DeliveryRunner } from '../webhooks/delivery-runner.js';
import { Leases } from '../worker/leases.js';
import { ProcessBeat } from '../worker/process-beat.js';
import { JobRunner } from '../worker/runner.js';
import { WorkerRegistry } from '../worker/worker-registry.js';
import { Workers } from '../worker/workers.js';

/**
 * The stop of a process, milliseconds. With the steps of app.ts it takes less than two seconds, whatever does not
 * answer. Docker kills after ten. Together the first two steps take {@link QUIET_WITHIN_MS}, unless jobs are still
 * being handed back one by one.
 */
const HAND_BACK_PATIENCE_MS = 800;
const QUIET_WITHIN_MS = 1000;
const DISCONNECT_WITHIN_MS = 100;
const LEAVE_WITHIN_MS = 200;

/**
 * The order in which a process stops, before its connections close:
 * 1. Nothing new begins. Running calls are aborted, and their jobs are handed back in the ledger.
 * 2. The loops finish their current work, and the workers leave a queue that answers.
 * 3. Connections to a queue that does not answer are closed.
 * 4. The ledger learns that this process is gone, and gets its last counts.
 */
@Injectable()
export class Shutdown implements BeforeApplicationShutdown {
  constructor(
    private readonly jobs: JobRunner,
    private readonly leases: Leases,
    private readonly deliveries: DeliveryRunner,
    private readonly workers: Workers,
    private readonly feeds: Feeds,
    private readonly sweeper: Sweeper,
    private readonly completion: BatchCompletion,
    private readonly watch: QueueWatch,
    private readonly connections: QueueConnections,
    private readonly registry: WorkerRegistry,
    private readonly process: ProcessBeat,
    private readonly counters: Counters,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    const began = performance.now();
    this.jobs.stop();
    this.deliveries.stop();
    const closed = this.workers.close();
    closed.catch(() => undefined); // awaited below
    const stopped = Promise.all([this.feeds, this.sweeper, this.completion, this.watch].map((loops) => loops.stop()));
    await Promise.all([this.jobs.idle(HAND_BACK_PATIENCE_MS), this.deliveries.idle(HAND_BACK_PATIENCE_MS)]);
    const left = Math.max(0, began + QUIET_WITHIN_MS - performance.now());
    await settled(left, Promise.all([stopped, this.connections.isConnected && closed]));
    this.connections.disconnectAll();
    await settled(DISCONNECT_WITHIN_MS, closed);
    this.workers.forget();
    this.leases.stop();
    await settled(LEAVE_WITHIN_MS, Promise.all([this.registry.leave(), this.process.leave(), this.counters.stop()]));
  }
}
