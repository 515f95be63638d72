import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/queue.module.js';
import { WorkerModule } from '../worker/worker.module.js';
import { HealthController } from './health.controller.js';
import { LedgerReader } from './ledger-report.js';
import { LoopsReader } from './loops-reader.js';
import { QueueReports } from './queue-report.js';
import { RedisAdvice } from './redis-advice.js';

/** The health of everything. */
@Module({
  imports: [QueueModule, WorkerModule],
  controllers: [HealthController],
  providers: [LedgerReader, LoopsReader, QueueReports, RedisAdvice],
  exports: [LoopsReader, QueueReports],
})
export class HealthModule {}
