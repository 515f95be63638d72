import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { WorkerHost } from '@nestjs/bullmq';
import { DiscoveryService } from '@nestjs/core';
import type { Worker } from 'bullmq';
import { Config } from '../config/config.js';
import { type LoopName, Loops } from '../timing/loops.js';
import { settled } from '../timing/within.js';
import { JobRunner } from './runner.js';
import { Counters } from '../metrics/counters.js';
import { Dispatcher } from '../queue/dispatcher.js';
import { ALL_QUEUES, type Producers, PRODUCERS, WEBHOOK_QUEUE } from '../domain/queues.js';
import { QueueConnections } from '../queue/queue-connections.js';
import { QueueWatch } from '../upkeep/queue-watch.js';
import { Sweeper } from '../upkeep/sweeper.js';
import { WEBHOOK_CONCURRENCY } from './worker-options.js';
import { observe } from './worker-loop.js';
import { WorkerRegistry } from './worker-registry.js';
import { DeliveryDispatcher } from '../webhooks/delivery-dispatcher.js';
import { DeliveryRunner } from '../webhooks/delivery-runner.js';
import { DeliverySweeper } from '../webhooks/delivery-sweeper.js';

/**
 * The stop of a process, milliseconds; with what app.ts adds it ends below two seconds, whatever does not answer. Docker kills
 * after ten. Together the first two steps take {@link QUIET_WITHIN_MS}, unless jobs go on being handed back one by one.
 */
const HAND_BACK_PATIENCE_MS = 800;
const QUIET_WITHIN_MS = 1000;
const LET_GO_WITHIN_MS = 100;
const LEAVE_WITHIN_MS = 200;

/** Starts the processors once the whole application stands, and on the way down has them hand back what they hold. */
@Injectable()
export class Workers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private workers: Worker[] = [];
  private readonly logger = new Logger('Workers');

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly runner: JobRunner,
    private readonly dispatcher: Dispatcher,
    private readonly sweeper: Sweeper,
    private readonly watch: QueueWatch,
    private readonly registry: WorkerRegistry,
    private readonly counters: Counters,
    private readonly deliveries: DeliveryRunner,
    private readonly deliveryDispatcher: DeliveryDispatcher,
    private readonly deliverySweeper: DeliverySweeper,
    private readonly connections: QueueConnections,
    @Inject(PRODUCERS) private readonly producers: Producers,
    private readonly loops: Loops,
    private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.runsJobs) return;
    const hosts = this.discovery.getProviders().map(({ instance }) => instance as unknown);
    this.workers = hosts.filter((host): host is WorkerHost => host instanceof WorkerHost).map((host) => host.worker);
    const missing = ALL_QUEUES.filter((queue) => !this.workers.some((worker) => worker.name === queue));
    if (missing.length > 0) throw new Error(`no processor for: ${missing.join(', ')}`);
    void this.registry.enter([...ALL_QUEUES]);
    for (const worker of this.workers) this.start(worker);
  }

  private start(worker: Worker): void {
    worker.concurrency = worker.name === WEBHOOK_QUEUE ? WEBHOOK_CONCURRENCY : this.config.workerConcurrency;
    worker.on('error', (error) =>
      this.logger.debug({ msg: 'worker error', queue: worker.name, reason: error.message }),
    );
    const loop = this.loops.open(`work-${worker.name}` as LoopName);
    observe(worker.getBackend(), loop);
    void worker.run().catch((error: Error) => {
      loop.ended(error);
      this.logger.error({ msg: 'worker ended', queue: worker.name, err: error });
    });
  }

  /**
   * Before the connections close:
   *
   * 1. nothing new begins; running calls are aborted, and what runs is handed back in the ledger;
   * 2. the loops end with what they have in hand, and the workers take their leave of a queue that answers;
   * 3. whoever still waits for the queue is let go;
   * 4. the ledger is told that this process is gone, and what it has counted.
   */
  async beforeApplicationShutdown(): Promise<void> {
    const began = performance.now();
    this.runner.stop();
    this.deliveries.stop();
    const closed = Promise.all(this.workers.map((worker) => worker.close()));
    closed.catch(() => undefined); // looked at below, and not before
    const stopped = Promise.all(this.loopsThatStop().map((loop) => loop.stop()));
    await Promise.all([this.runner.idle(HAND_BACK_PATIENCE_MS), this.deliveries.idle(HAND_BACK_PATIENCE_MS)]);
    const left = Math.max(0, began + QUIET_WITHIN_MS - performance.now());
    await settled(left, Promise.all([stopped, this.connections.answer && closed]));
    this.connections.letGo();
    await settled(LET_GO_WITHIN_MS, closed);
    // BullMQ's close never settles where Redis is away, and the framework is about to wait for it once more.
    for (const one of [...this.workers, ...Object.values(this.producers)]) one.close = () => Promise.resolve();
    this.runner.stopHeartbeat();
    await settled(LEAVE_WITHIN_MS, Promise.all([this.registry.leave(), this.counters.stop()]));
  }

  private loopsThatStop() {
    return [this.dispatcher, this.deliveryDispatcher, this.sweeper, this.deliverySweeper, this.watch];
  }
}
