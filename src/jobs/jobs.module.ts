import { Global, Module } from '@nestjs/common';
import { FailedJobsService } from './failed-jobs.service.js';
import { Housekeeping } from './housekeeping.js';
import { JobRunner } from './job-runner.js';
import { JobsController } from './jobs.controller.js';
import { JobsService } from './jobs.service.js';
import { StatusCache } from './status-cache.js';
import { Throttle } from './throttle.js';

@Global()
@Module({
  controllers: [JobsController],
  providers: [JobsService, FailedJobsService, Housekeeping, JobRunner, StatusCache, Throttle],
  exports: [JobsService, FailedJobsService, Housekeeping, JobRunner, StatusCache],
})
export class JobsModule {}
