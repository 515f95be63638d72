import { Global, Module } from '@nestjs/common';
import { BatchesModule } from '../batches/batches.module.js';
import { Idempotency } from '../http/idempotency.js';
import { Counters } from '../metrics/counters.js';
import { Pauses } from '../queue/pauses.js';
import { WorkerRegistry } from '../queue/worker-registry.js';
import { ChangeAnnouncer } from './change-announcer.js';
import { EventsController } from './events.controller.js';
import { FailedJobsService } from './failed-jobs.service.js';
import { Housekeeping } from './housekeeping.js';
import { Intake } from './intake.js';
import { JobChanges } from './job-changes.js';
import { JobEvents } from './job-events.js';
import { JobListController } from './job-list.controller.js';
import { JobList } from './job-list.js';
import { JobRunner } from './job-runner.js';
import { JobWaiting } from './job-waiting.js';
import { JobsController } from './jobs.controller.js';
import { JobsService } from './jobs.service.js';
import { StatusCache } from './status-cache.js';
import { StreamLimits } from './stream-limits.js';
import { Throttle } from './throttle.js';
import { UnfinishedCap } from './unfinished-cap.js';
import { Visibility } from './visibility.js';
import { Waits } from './waits.js';

@Global()
@Module({
  imports: [BatchesModule],
  controllers: [JobListController, JobsController, EventsController],
  providers: [
    JobsService,
    FailedJobsService,
    Housekeeping,
    Waits,
    Idempotency,
    Intake,
    JobList,
    JobRunner,
    StatusCache,
    Throttle,
    Pauses,
    WorkerRegistry,
    Counters,
    UnfinishedCap,
    Visibility,
    ChangeAnnouncer,
    JobChanges,
    JobWaiting,
    JobEvents,
    StreamLimits,
  ],
  exports: [
    JobsService,
    FailedJobsService,
    Housekeeping,
    Waits,
    Idempotency,
    Intake,
    JobRunner,
    StatusCache,
    Throttle,
    Pauses,
    WorkerRegistry,
    Counters,
    Visibility,
  ],
})
export class JobsModule {}
