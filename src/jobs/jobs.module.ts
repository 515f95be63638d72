import { Global, Module } from '@nestjs/common';
import { BatchesModule } from '../batches/batches.module.js';
import { Idempotency } from '../idempotency/idempotency.js';
import { Counters } from '../metrics/counters.js';
import { Pauses } from '../ledger/pauses.js';
import { WorkerRegistry } from '../worker/worker-registry.js';
import { ChangeAnnouncer } from '../ledger/change-announcer.js';
import { EventsController } from './events.controller.js';
import { FailedJobsService } from '../ledger/failed-jobs.service.js';
import { Housekeeping } from '../upkeep/housekeeping.js';
import { Intake } from '../accept/intake.js';
import { JobChanges } from './job-changes.js';
import { JobEvents } from './job-events.js';
import { JobListController } from './job-list.controller.js';
import { JobList } from '../ledger/job-list.js';
import { JobRunner } from '../worker/runner.js';
import { JobWaiting } from './job-waiting.js';
import { JobsController } from './jobs.controller.js';
import { JobsService } from '../ledger/jobs.service.js';
import { StatusCache } from './status-cache.js';
import { StreamLimits } from './stream-limits.js';
import { Throttle } from '../ledger/throttle.js';
import { UnfinishedCap } from '../accept/unfinished-cap.js';
import { Visibility } from './visibility.js';
import { Waits } from '../ledger/waits.js';

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
    Pauses,
    WorkerRegistry,
    Counters,
    Visibility,
  ],
})
export class JobsModule {}
