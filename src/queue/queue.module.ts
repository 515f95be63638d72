import { BullModule, getQueueToken } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { Queue } from 'bullmq';
import { Config } from '../config/config.js';
import { ALL_QUEUES, PRODUCERS, producerOf } from '../domain/queues.js';
import { keyPrefixOf } from '../redis/key-prefix.js';
import { QueueConnections } from './queue-connections.js';

/** A producer whose server is away fails where it is called; the event with the same error has no listener. */
BullModule.queueClass = class extends Queue {
  constructor(...args: ConstructorParameters<typeof Queue>) {
    super(...args);
    this.on('error', () => undefined);
  }
};

@Module({ providers: [QueueConnections], exports: [QueueConnections] })
class QueueConnectionsModule {}

/** The queue: its connections and its producers. Workers find their connection in `forRootAsync`. */
@Module({
  imports: [
    QueueConnectionsModule,
    BullModule.forRootAsync({
      imports: [QueueConnectionsModule],
      inject: [QueueConnections, Config],
      useFactory: (connections: QueueConnections, config: Config) => ({
        connection: connections.worker as never,
        prefix: keyPrefixOf(config),
      }),
    }),
    BullModule.registerQueueAsync(
      ...ALL_QUEUES.map((queue) => ({
        name: producerOf(queue),
        imports: [QueueConnectionsModule],
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
  ],
  exports: [PRODUCERS, QueueConnectionsModule],
})
export class QueueModule {}
