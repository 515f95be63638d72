import { Global, Module } from '@nestjs/common';
import { JobRunner } from './job-runner.js';
import { JobsController } from './jobs.controller.js';
import { JobsService } from './jobs.service.js';
import { StatusCache } from './status-cache.js';
import { Throttle } from './throttle.js';

@Global()
@Module({
  controllers: [JobsController],
  providers: [JobsService, JobRunner, StatusCache, Throttle],
  exports: [JobsService, JobRunner, StatusCache],
})
export class JobsModule {}
