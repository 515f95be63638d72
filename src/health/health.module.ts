import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/queue.module.js';
import { WorkerModule } from '../worker/worker.module.js';
import { Backups } from './backups.js';
import { HealthController } from './health.controller.js';
import { LedgerReader } from './ledger-report.js';
import { LoopsReader } from './loops-reader.js';
import { QueueReports } from './queue-report.js';
import { RedisAdvice } from './redis-advice.js';
import { SafetyReader } from './safety-report.js';

/** The health of everything. */
@Module({
  imports: [QueueModule, WorkerModule],
  controllers: [HealthController],
  providers: [Backups, LedgerReader, LoopsReader, QueueReports, RedisAdvice, SafetyReader],
  exports: [Backups, LoopsReader, QueueReports],
})
export class HealthModule {}
