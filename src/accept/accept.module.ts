import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { BatchesModule } from '../batches/batches.module.js';
import { IdempotencyModule } from '../idempotency/idempotency.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { Accepting } from './accepting.js';
import { BatchRetryController } from './batch-retry.controller.js';
import { Intake } from './intake.js';
import { RetryController } from './retry.controller.js';
import { SpentBudgets } from './spent-budgets.js';
import { UnfinishedCap } from './unfinished-cap.js';
import { WaitingAnswer } from './waiting-answer.js';

/** Everything that makes a job begin. */
@Module({
  imports: [AccessModule, LedgerModule, IdempotencyModule, BatchesModule, JobsModule],
  controllers: [RetryController, BatchRetryController],
  providers: [Intake, Accepting, UnfinishedCap, SpentBudgets, WaitingAnswer],
  exports: [Intake, WaitingAnswer],
})
export class AcceptModule {}
