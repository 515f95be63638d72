import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/queue.module.js';
import { JobCounters } from './job-counters.js';
import { MetricsController } from './metrics.controller.js';
import { Metrics } from './metrics.js';

@Module({
  imports: [QueueModule],
  controllers: [MetricsController],
  providers: [Metrics, JobCounters],
  exports: [Metrics],
})
export class MetricsModule {}
