import { Global, Module } from '@nestjs/common';
import { ChangeAnnouncer } from './change-announcer.js';
import { EventsController } from './events.controller.js';
import { FailedJobsService } from './failed-jobs.service.js';
import { JobChanges } from './job-changes.js';
import { JobEvents } from './job-events.js';
import { JobLookup } from './job-lookup.js';
import { JobRunner } from './job-runner.js';
import { JobWaiting } from './job-waiting.js';
import { JobsController } from './jobs.controller.js';
import { JobsService } from './jobs.service.js';
import { StatusCache } from './status-cache.js';
import { StreamLimits } from './stream-limits.js';
import { Throttle } from './throttle.js';

@Global()
@Module({
  controllers: [JobsController, EventsController],
  providers: [
    JobsService,
    FailedJobsService,
    JobRunner,
    StatusCache,
    Throttle,
    JobLookup,
    ChangeAnnouncer,
    JobChanges,
    JobWaiting,
    JobEvents,
    StreamLimits,
  ],
  exports: [JobsService, FailedJobsService, JobRunner, StatusCache],
})
export class JobsModule {}
