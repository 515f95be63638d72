import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { WorkerHost } from '@nestjs/bullmq';
import { DiscoveryService } from '@nestjs/core';
import type { Worker } from 'bullmq';
import { setTimeout as sleep } from 'node:timers/promises';
import { Config } from '../config/config.js';
import { type LoopName, Loops } from '../health/loops.js';
import { JobRunner } from '../jobs/job-runner.js';
import { Counters } from '../metrics/counters.js';
import { Dispatcher } from './dispatcher.js';
import { ALL_QUEUES, WEBHOOK_QUEUE } from './names.js';
import { QueueConnections } from './queue-connections.js';
import { QueueWatch } from './queue-watch.js';
import { Sweeper } from './sweeper.js';
import { WEBHOOK_CONCURRENCY } from './worker-options.js';
import { observe } from './worker-loop.js';
import { WorkerRegistry } from './worker-registry.js';
import { DeliveryDispatcher } from '../webhooks/delivery-dispatcher.js';
import { DeliveryRunner } from '../webhooks/delivery-runner.js';
import { DeliverySweeper } from '../webhooks/delivery-sweeper.js';

/** Longest wait for running jobs to be handed back, milliseconds: a few statements, unless the database is away. */
const HAND_BACK_WITHIN_MS = 4000;
/** A worker takes its leave of a queue that answers well within this time, milliseconds; where none answers, it cannot. */
const LEAVE_WITHIN_MS = 2000;
const LET_GO_WITHIN_MS = 300;
const FLUSH_WITHIN_MS = 1000;

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

  /** Before the connections close: no new job, running calls aborted and handed back, then the workers end. */
  async beforeApplicationShutdown(): Promise<void> {
    this.runner.stop();
    this.deliveries.stop();
    const closed = Promise.all(this.workers.map((worker) => worker.close()));
    await within(
      HAND_BACK_WITHIN_MS,
      Promise.all([this.runner.idle(), this.sweeper.stop(), this.watch.stop(), this.deliverySweeper.stop()]),
    );
    if (this.connections.answer) await within(LEAVE_WITHIN_MS, closed);
    this.connections.letGo();
    await within(LET_GO_WITHIN_MS, closed);
    // BullMQ's close never settles where Redis is away, and the framework is about to wait for it once more.
    for (const worker of this.workers) worker.close = () => Promise.resolve();
    this.runner.stopHeartbeat();
    await this.registry.leave();
    await within(FLUSH_WITHIN_MS, this.counters.stop()).catch(() => undefined);
    await Promise.all([this.dispatcher.stop(), this.deliveryDispatcher.stop()]);
  }
}

const within = (milliseconds: number, work: Promise<unknown>) =>
  Promise.race([work, sleep(milliseconds, undefined, { ref: false })]);
