import { Module } from '@nestjs/common';
import { ChangeAnnouncer } from './change-announcer.js';
import { Breakers } from './breakers.js';
import { Budget } from './budget.js';
import { Claims } from './claims.js';
import { Estimates } from './estimates.js';
import { FailedJobsService } from './failed-jobs.service.js';
import { FailedRows } from './failed-rows.js';
import { Settlement } from './settle.js';
import { JobReader } from './job-reader.js';
import { JobList } from './job-list.js';
import { JobsOutbox } from './jobs-outbox.js';
import { JobsService } from './jobs.service.js';
import { LapsedJobs } from './lapsed-jobs.js';
import { ModelReports } from './model-report.js';
import { Pauses } from './pauses.js';
import { Removals } from './removals.js';
import { Throttle } from './throttle.js';
import { UseNotes } from './use-notes.js';
import { UseSums } from './use-sums.js';
import { Waits } from './waits.js';

const LEDGER = [
  JobsService,
  Breakers,
  Budget,
  Claims,
  Estimates,
  FailedJobsService,
  JobList,
  JobReader,
  JobsOutbox,
  LapsedJobs,
  ModelReports,
  Pauses,
  Removals,
  Settlement,
  Throttle,
  UseNotes,
  UseSums,
  Waits,
];

/** The jobs, and every statement that changes one. */
@Module({ providers: [...LEDGER, ChangeAnnouncer, FailedRows], exports: LEDGER })
export class LedgerModule {}
