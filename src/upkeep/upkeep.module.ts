import { Module } from '@nestjs/common';
import { BatchesModule } from '../batches/batches.module.js';
import { FactsModule } from '../facts/facts.module.js';
import { IdempotencyModule } from '../idempotency/idempotency.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { BatchCompletion } from './batch-completion.js';
import { Feeds } from './feeds.js';
import { Housekeeping } from './housekeeping.js';
import { LeaseTrust } from './lease-trust.js';
import { QueueWatch } from './queue-watch.js';
import { Recoveries } from './recoveries.js';
import { RedisOwner } from './redis-owner.js';
import { RestoredLedger } from './restored-ledger.js';
import { Sweeper } from './sweeper.js';

/** Fills the queue and repairs losses. Every process does it. */
@Module({
  imports: [LedgerModule, QueueModule, WebhooksModule, BatchesModule, FactsModule, IdempotencyModule],
  providers: [
    BatchCompletion,
    Feeds,
    Housekeeping,
    LeaseTrust,
    QueueWatch,
    Recoveries,
    RedisOwner,
    RestoredLedger,
    Sweeper,
  ],
  exports: [BatchCompletion, Feeds, QueueWatch, RedisOwner, RestoredLedger, Sweeper],
})
export class UpkeepModule {}
