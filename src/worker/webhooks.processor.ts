import { Processor, WorkerHost } from '@nestjs/bullmq';
import type { Job } from 'bullmq';
import { type DeliveryRef, WEBHOOK_QUEUE } from '../domain/queues.js';
import { WORKER_OPTIONS } from '../queue/worker-options.js';
import { DeliveryRunner } from '../webhooks/delivery-runner.js';

/** Runs DeliverWebhookJob. */
@Processor(WEBHOOK_QUEUE, WORKER_OPTIONS)
export class WebhooksProcessor extends WorkerHost {
  constructor(private readonly runner: DeliveryRunner) {
    super();
  }

  async process({ data }: Job<DeliveryRef>): Promise<void> {
    await this.runner.run(data);
  }
}
