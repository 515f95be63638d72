import { Module } from '@nestjs/common';
import { FailedJobsController } from './failed-jobs.controller.js';

/** What operators do; every route of it is for scope admin. */
@Module({ controllers: [FailedJobsController] })
export class AdminModule {}
