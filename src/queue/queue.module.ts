import { BullModule, getQueueToken } from '@nestjs/bullmq';
import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Queue } from 'bullmq';
import { Config } from '../config/config.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { Dispatcher } from './dispatcher.js';
import { LoopsReader } from '../health/loops-reader.js';
import { LeaseTrust } from './lease-trust.js';
import { ALL_QUEUES, keyPrefixOf, PRODUCERS, producerOf } from './names.js';
import { QueueConnections } from './queue-connections.js';
import { QueueReports } from './queue-reports.js';
import { QueueWatch } from './queue-watch.js';
import { RedisModule } from './redis.module.js';
import { Redispatch } from './redispatch.js';
import { RedisOwner } from './redis-owner.js';
import { ResumeNow } from './resume-now.js';
import { Sweeper } from './sweeper.js';
import { Workers } from './workers.js';
import { DeliveryDispatcher } from '../webhooks/delivery-dispatcher.js';
import { DeliverySweeper } from '../webhooks/delivery-sweeper.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';

/** A producer whose server is away says so where it is called; the same news as an event has no listener to reach. */
BullModule.queueClass = class extends Queue {
  constructor(...args: ConstructorParameters<typeof Queue>) {
    super(...args);
    this.on('error', () => undefined);
  }
};

@Global()
@Module({ imports: [RedisModule], providers: [QueueConnections], exports: [QueueConnections] })
class QueueConnectionsModule {}

/** The queue: what feeds it, what repairs it, what runs from it. Workers find their connection in `forRootAsync`. */
@Module({
  imports: [
    QueueConnectionsModule,
    DiscoveryModule,
    JobsModule,
    WebhooksModule,
    BullModule.forRootAsync({
      inject: [QueueConnections, Config],
      useFactory: (connections: QueueConnections, config: Config) => ({
        connection: connections.worker as never,
        prefix: keyPrefixOf(config),
      }),
    }),
    BullModule.registerQueueAsync(
      ...ALL_QUEUES.map((queue) => ({
        name: producerOf(queue),
        inject: [QueueConnections, Config],
        useFactory: (connections: QueueConnections, config: Config) => ({
          name: queue,
          connection: connections.producer as never,
          prefix: keyPrefixOf(config),
        }),
      })),
    ),
  ],
  providers: [
    {
      provide: PRODUCERS,
      inject: ALL_QUEUES.map((queue) => getQueueToken(producerOf(queue))),
      useFactory: (...queues: Queue[]) => Object.fromEntries(ALL_QUEUES.map((name, n) => [name, queues[n]])),
    },
    Dispatcher,
    QueueReports,
    LoopsReader,
    Redispatch,
    LeaseTrust,
    Sweeper,
    RedisOwner,
    QueueWatch,
    DeliveryDispatcher,
    DeliverySweeper,
    ResumeNow,
    Workers,
  ],
  exports: [PRODUCERS, QueueReports, LoopsReader, ResumeNow],
})
export class QueueModule {}
