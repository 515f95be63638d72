import { Global, Module } from '@nestjs/common';
import { BatchesModule } from '../batches/batches.module.js';
import { Idempotency } from '../http/idempotency.js';
import { Counters } from '../metrics/counters.js';
import { Pauses } from '../queue/pauses.js';
import { WorkerRegistry } from '../queue/worker-registry.js';
import { FailedJobsService } from './failed-jobs.service.js';
import { Housekeeping } from './housekeeping.js';
import { Intake } from './intake.js';
import { JobListController } from './job-list.controller.js';
import { JobList } from './job-list.js';
import { JobRunner } from './job-runner.js';
import { JobsController } from './jobs.controller.js';
import { JobsService } from './jobs.service.js';
import { StatusCache } from './status-cache.js';
import { Throttle } from './throttle.js';

@Global()
@Module({
  imports: [BatchesModule],
  controllers: [JobListController, JobsController],
  providers: [
    JobsService,
    FailedJobsService,
    Housekeeping,
    Idempotency,
    Intake,
    JobList,
    JobRunner,
    StatusCache,
    Throttle,
    Pauses,
    WorkerRegistry,
    Counters,
  ],
  exports: [
    JobsService,
    FailedJobsService,
    Housekeeping,
    Idempotency,
    Intake,
    JobRunner,
    StatusCache,
    Pauses,
    WorkerRegistry,
    Counters,
  ],
})
export class JobsModule {}
