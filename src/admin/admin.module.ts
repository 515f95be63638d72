import { Module } from '@nestjs/common';
import { HealthModule } from '../health/health.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { FailedJobsController } from './failed-jobs.controller.js';
import { QueuesController } from './queues.controller.js';

/** What operators do; every route of it is for scope admin. */
@Module({ imports: [HealthModule, LedgerModule], controllers: [FailedJobsController, QueuesController] })
export class AdminModule {}
