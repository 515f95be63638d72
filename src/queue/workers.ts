import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { WorkerHost } from '@nestjs/bullmq';
import { DiscoveryService } from '@nestjs/core';
import type { Worker } from 'bullmq';
import { setTimeout as sleep } from 'node:timers/promises';
import { Config } from '../config/config.js';
import { JobRunner } from '../jobs/job-runner.js';
import { Dispatcher } from './dispatcher.js';
import { ALL_QUEUES, WEBHOOK_QUEUE } from './names.js';
import { QueueConnections } from './queue-connections.js';
import { QueueWatch } from './queue-watch.js';
import { Sweeper } from './sweeper.js';
import { DeliveryDispatcher } from '../webhooks/delivery-dispatcher.js';
import { DeliveryRunner } from '../webhooks/delivery-runner.js';
import { DeliverySweeper } from '../webhooks/delivery-sweeper.js';

/** A worker whose queue is away cannot take its leave of it; what it held is handed back by then, milliseconds. */
const CLOSE_WITHIN_MS = 4000;

/**
 * Messages a worker sends at once. They cost it next to nothing but the time that receivers take, 15 s at most.
 */
const WEBHOOK_CONCURRENCY = 50;

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
    private readonly deliveries: DeliveryRunner,
    private readonly deliveryDispatcher: DeliveryDispatcher,
    private readonly deliverySweeper: DeliverySweeper,
    private readonly connections: QueueConnections,
    private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.runsJobs) return;
    const hosts = this.discovery.getProviders().map(({ instance }) => instance as unknown);
    this.workers = hosts.filter((host): host is WorkerHost => host instanceof WorkerHost).map((host) => host.worker);
    const missing = ALL_QUEUES.filter((queue) => !this.workers.some((worker) => worker.name === queue));
    if (missing.length > 0) throw new Error(`no processor for: ${missing.join(', ')}`);
    for (const worker of this.workers) this.start(worker);
  }

  private start(worker: Worker): void {
    worker.concurrency = worker.name === WEBHOOK_QUEUE ? WEBHOOK_CONCURRENCY : this.config.workerConcurrency;
    worker.on('error', (error) =>
      this.logger.debug({ msg: 'worker error', queue: worker.name, reason: error.message }),
    );
    void worker
      .run()
      .catch((error: Error) => this.logger.error({ msg: 'worker ended', queue: worker.name, err: error }));
  }

  /** Before the connections close: no new job, running calls aborted and handed back, then the workers end. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.sweeper.stop(), this.watch.stop(), this.deliverySweeper.stop()]);
    this.runner.stop();
    this.deliveries.stop();
    const closed = Promise.all(this.workers.map((worker) => worker.close()));
    await Promise.race([closed, sleep(CLOSE_WITHIN_MS, undefined, { ref: false })]);
    this.connections.letGo();
    await Promise.race([closed, sleep(CLOSE_WITHIN_MS, undefined, { ref: false })]);
    this.runner.stopHeartbeat();
    await Promise.all([this.dispatcher.stop(), this.deliveryDispatcher.stop()]);
  }
}
