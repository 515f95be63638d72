import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { AccessTokenController } from './access-token.controller.js';
import { AttemptsController } from './attempts.controller.js';
import { EventsController } from './events.controller.js';
import { JobChanges } from './job-changes.js';
import { JobEvents } from './job-events.js';
import { JobListController } from './job-list.controller.js';
import { JobText } from './job-text.js';
import { JobWaiting } from './job-waiting.js';
import { JobsController } from './jobs.controller.js';
import { StatusCache } from './status-cache.js';
import { StreamLimits } from './stream-limits.js';
import { Visibility } from './visibility.js';

/** Jobs as clients see them. */
@Module({
  imports: [LedgerModule, AccessModule],
  controllers: [JobListController, JobsController, AttemptsController, EventsController, AccessTokenController],
  providers: [StatusCache, Visibility, JobText, JobChanges, JobWaiting, JobEvents, StreamLimits],
  exports: [Visibility, JobWaiting],
})
export class JobsModule {}
