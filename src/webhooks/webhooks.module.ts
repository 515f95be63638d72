import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { AllDeliveries } from './all-deliveries.js';
import { DeliveriesController } from './deliveries.controller.js';
import { DeliveriesOutbox } from './deliveries-outbox.js';
import { DeliveriesService } from './deliveries.service.js';
import { DeliveryRunner } from './delivery-runner.js';
import { DeliveryWaits } from './delivery-waits.js';
import { EndpointsService } from './endpoints.service.js';
import { SecretsService } from './secrets.service.js';
import { WebhookUpkeep } from './webhook-upkeep.js';
import { WebhooksController } from './webhooks.controller.js';

/** Messages about jobs: to whom, with what content and which signature. */
@Module({
  imports: [LedgerModule, JobsModule],
  controllers: [DeliveriesController, WebhooksController],
  providers: [
    AllDeliveries,
    DeliveriesService,
    DeliveriesOutbox,
    DeliveryRunner,
    DeliveryWaits,
    EndpointsService,
    SecretsService,
    WebhookUpkeep,
  ],
  exports: [AllDeliveries, DeliveriesOutbox, DeliveriesService, DeliveryRunner, WebhookUpkeep],
})
export class WebhooksModule {}
