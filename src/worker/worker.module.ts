import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { LedgerModule } from '../ledger/ledger.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { JobRunner } from './runner.js';
import { WorkerRegistry } from './worker-registry.js';
import { Workers } from './workers.js';

/** What runs jobs. */
@Module({
  imports: [DiscoveryModule, LedgerModule, QueueModule, WebhooksModule],
  providers: [JobRunner, WorkerRegistry, Workers],
  exports: [JobRunner, WorkerRegistry, Workers, WebhooksModule],
})
export class WorkerModule {}
