import { Module } from '@nestjs/common';
import { HealthModule } from '../health/health.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { Activity } from './activity.js';
import { Counters } from './counters.js';
import { JobCounters } from './job-counters.js';
import { MetricsController } from './metrics.controller.js';
import { Metrics } from './metrics.js';

@Module({
  imports: [HealthModule, LedgerModule, WebhooksModule],
  controllers: [MetricsController],
  providers: [Metrics, Counters, JobCounters, Activity],
  exports: [Metrics, Counters, Activity],
})
export class MetricsModule {}
