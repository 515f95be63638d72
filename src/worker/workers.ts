import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { WorkerHost } from '@nestjs/bullmq';
import { DiscoveryService } from '@nestjs/core';
import type { Worker } from 'bullmq';
import { Config } from '../config/config.js';
import { workOn } from '../timing/loop-names.js';
import { Loops } from '../timing/loops.js';
import { settled } from '../timing/within.js';
import { ALL_QUEUES, type AnyQueueName, type Producers, PRODUCERS, WEBHOOK_QUEUE } from '../domain/queues.js';
import { WEBHOOK_CONCURRENCY } from '../queue/worker-options.js';
import { DeliveryRunner } from '../webhooks/delivery-runner.js';
import { observe } from './worker-loop.js';
import { WorkerRegistry } from './worker-registry.js';

/** A start does not wait longer for a ledger that does not answer, milliseconds. */
const ENTERED_WITHIN_MS = 1000;

/** Starts the processors once the whole application has started. For how they stop see server/shutdown.ts. */
@Injectable()
export class Workers implements OnApplicationBootstrap {
  private workers: Worker[] = [];
  private readonly logger = new Logger('Workers');

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly registry: WorkerRegistry,
    @Inject(PRODUCERS) private readonly producers: Producers,
    private readonly loops: Loops,
    private readonly config: Config,
    private readonly deliveries: DeliveryRunner,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.runsJobs) return;
    const hosts = this.discovery.getProviders().map(({ instance }) => instance as unknown);
    this.workers = hosts.filter((host): host is WorkerHost => host instanceof WorkerHost).map((host) => host.worker);
    const missing = ALL_QUEUES.filter((queue) => !this.workers.some((worker) => worker.name === queue));
    if (missing.length > 0) throw new Error(`no processor for: ${missing.join(', ')}`);
    // Whoever asks a process that says it is ready finds its worker.
    await settled(
      ENTERED_WITHIN_MS,
      this.registry.enter([...ALL_QUEUES], () => this.follow()),
    );
    for (const worker of this.workers) this.start(worker);
  }

  private start(worker: Worker): void {
    worker.concurrency = this.concurrencyOf(worker);
    worker.on('error', (error) =>
      this.logger.debug({ msg: 'worker error', queue: worker.name, reason: error.message }),
    );
    const loop = this.loops.open(workOn(worker.name as AnyQueueName));
    observe(worker.getBackend(), loop);
    void worker.run().catch((error: Error) => {
      loop.ended(error);
      this.logger.error({ msg: 'worker ended', queue: worker.name, err: error });
    });
  }

  /**
   * As operators wish: takes no more from the queues, or again; runs more jobs at once, or fewer. Jobs that run go on;
   * deliveries that wait are handed back.
   */
  private follow(): void {
    const { quiet } = this.registry;
    this.deliveries.quiet = quiet;
    for (const worker of this.workers) {
      const before = worker.concurrency;
      worker.concurrency = this.concurrencyOf(worker);
      if (quiet !== worker.isPaused()) void (quiet ? worker.pause(true) : worker.resume());
      else if (worker.isRunning() && !quiet && worker.concurrency > before) void wake(worker);
    }
  }

  private concurrencyOf({ name }: Worker): number {
    return name === WEBHOOK_QUEUE ? WEBHOOK_CONCURRENCY : this.registry.concurrency;
  }

  /** Leaves the queue. Settles when the queue answers, which may be never. */
  close(): Promise<unknown> {
    return Promise.all(this.workers.map((worker) => worker.close()));
  }

  /** BullMQ's close never settles while Redis is away, and the framework is about to wait for it again. */
  forget(): void {
    for (const one of [...this.workers, ...Object.values(this.producers)]) one.close = () => Promise.resolve();
  }
}

/** A worker whose places were all taken looks for jobs again only when one has ended, or when it is resumed. */
async function wake(worker: Worker): Promise<void> {
  await worker.pause(true);
  await worker.resume();
}
