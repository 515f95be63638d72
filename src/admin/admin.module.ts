import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/queue.module.js';
import { FailedJobsController } from './failed-jobs.controller.js';
import { QueuesController } from './queues.controller.js';

/** What operators do; every route of it is for scope admin. */
@Module({ imports: [QueueModule], controllers: [FailedJobsController, QueuesController] })
export class AdminModule {}
