import { Global, Module } from '@nestjs/common';
import { Counters } from '../metrics/counters.js';
import { Pauses } from '../queue/pauses.js';
import { WorkerRegistry } from '../queue/worker-registry.js';
import { FailedJobsService } from './failed-jobs.service.js';
import { JobRunner } from './job-runner.js';
import { JobsController } from './jobs.controller.js';
import { JobsService } from './jobs.service.js';
import { StatusCache } from './status-cache.js';
import { Throttle } from './throttle.js';

@Global()
@Module({
  controllers: [JobsController],
  providers: [JobsService, FailedJobsService, JobRunner, StatusCache, Throttle, Pauses, WorkerRegistry, Counters],
  exports: [JobsService, FailedJobsService, JobRunner, StatusCache, Pauses, WorkerRegistry, Counters],
})
export class JobsModule {}
