import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { type Producers, PRODUCERS } from '../domain/queues.js';
import { JobsOutbox } from '../ledger/jobs-outbox.js';
import { Dispatcher } from '../queue/dispatcher.js';
import type { Outbox, Waiting } from '../queue/outbox.js';
import { QueueConnections } from '../queue/queue-connections.js';
import { Redispatch } from '../queue/redispatch.js';
import { Loops } from '../timing/loops.js';
import { Tracing } from '../tracing/tracing.js';
import { DeliveriesOutbox } from '../webhooks/deliveries-outbox.js';

/** Fills the queue from one outbox, and fills it again after a loss. */
interface Feed {
  dispatcher: Pick<Dispatcher, 'start' | 'stop'>;
  redispatch: Pick<Redispatch, 'all' | 'findLost'>;
}

/** The feeds of the two outboxes. Every process has them, and they share the work. */
@Injectable()
export class Feeds implements OnApplicationBootstrap {
  readonly jobs: Feed;
  readonly webhooks: Feed;

  constructor(
    private readonly db: DataSource,
    @Inject(PRODUCERS) private readonly producers: Producers,
    private readonly connections: QueueConnections,
    private readonly loops: Loops,
    private readonly config: Config,
    private readonly tracing: Tracing,
    jobs: JobsOutbox,
    webhooks: DeliveriesOutbox,
  ) {
    this.jobs = this.feedOf(jobs);
    this.webhooks = this.feedOf(webhooks);
  }

  onApplicationBootstrap(): void {
    if (this.config.passive) return;
    for (const { dispatcher } of this.all) dispatcher.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.all.map(({ dispatcher }) => dispatcher.stop()));
  }

  get all(): Feed[] {
    return [this.jobs, this.webhooks];
  }

  private feedOf<Row extends Waiting>(outbox: Outbox<Row>): Feed {
    const dispatcher = new Dispatcher(this.db, outbox, this.producers, this.connections, this.loops, this.tracing);
    return { dispatcher, redispatch: new Redispatch(this.db, outbox, dispatcher) };
  }
}
