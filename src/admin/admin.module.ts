import { Module } from '@nestjs/common';
import { HealthModule } from '../health/health.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { QueueWaits } from './queue-waits.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { EditsModule } from '../edits/edits.module.js';
import { MetricsModule } from '../metrics/metrics.module.js';
import { AuditLog } from '../audit/audit-reader.js';
import { ActivityController } from './activity.controller.js';
import { AuditController } from './audit.controller.js';
import { BackupsController } from './backups.controller.js';
import { ConcurrencyController } from './concurrency.controller.js';
import { AllDeliveriesController } from './deliveries.controller.js';
import { EditsController } from './edits.controller.js';
import { FailedJobsController } from './failed-jobs.controller.js';
import { ModelController } from './model.controller.js';
import { QueuesController } from './queues.controller.js';
import { ReviewsController } from './reviews.controller.js';
import { UsageController } from './usage.controller.js';
import { WorkersController } from './workers.controller.js';
import { WorkerModule } from '../worker/worker.module.js';

/** The routes for operators; each needs scope admin. */
@Module({
  imports: [EditsModule, HealthModule, LedgerModule, MetricsModule, WebhooksModule, WorkerModule],
  controllers: [
    ActivityController,
    AllDeliveriesController,
    AuditController,
    BackupsController,
    ConcurrencyController,
    EditsController,
    FailedJobsController,
    ModelController,
    QueuesController,
    ReviewsController,
    UsageController,
    WorkersController,
  ],
  providers: [AuditLog, QueueWaits],
})
export class AdminModule {}
