import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/queue.module.js';
import { WorkerModule } from '../worker/worker.module.js';
import { Backups } from './backups.js';
import { DetailReader } from './detail-reader.js';
import { HealthController } from './health.controller.js';
import { LedgerReader } from './ledger-report.js';
import { LoopsReader } from './loops-reader.js';
import { PostgresReader } from './postgres-report.js';
import { ProcessReader } from './processes-report.js';
import { QueueReports } from './queue-report.js';
import { RedisAdvice } from './redis-advice.js';
import { SafetyReader } from './safety-report.js';
import { WorkReader } from './work-report.js';

/** The health of everything. */
@Module({
  imports: [QueueModule, WorkerModule],
  controllers: [HealthController],
  providers: [
    Backups,
    DetailReader,
    LedgerReader,
    LoopsReader,
    PostgresReader,
    ProcessReader,
    QueueReports,
    RedisAdvice,
    SafetyReader,
    WorkReader,
  ],
  exports: [Backups, LoopsReader, QueueReports],
})
export class HealthModule {}
