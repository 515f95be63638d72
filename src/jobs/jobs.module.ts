import { Global, Module } from '@nestjs/common';
import { FailedJobsService } from './failed-jobs.service.js';
import { JobRunner } from './job-runner.js';
import { JobsController } from './jobs.controller.js';
import { JobsService } from './jobs.service.js';
import { StatusCache } from './status-cache.js';
import { Throttle } from './throttle.js';
import { UnfinishedCap } from './unfinished-cap.js';
import { Visibility } from './visibility.js';

@Global()
@Module({
  controllers: [JobsController],
  providers: [JobsService, FailedJobsService, JobRunner, StatusCache, Throttle, UnfinishedCap, Visibility],
  exports: [JobsService, FailedJobsService, JobRunner, StatusCache, UnfinishedCap, Visibility],
})
export class JobsModule {}
