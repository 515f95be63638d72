import { Global, Module } from '@nestjs/common';
import { DeliveriesController } from './deliveries.controller.js';
import { DeliveriesService } from './deliveries.service.js';
import { DeliveryRunner } from './delivery-runner.js';
import { DeliveryWaits } from './delivery-waits.js';
import { EndpointsService } from './endpoints.service.js';
import { SecretsService } from './secrets.service.js';
import { WebhooksController } from './webhooks.controller.js';

/** What is told of jobs, to whom, and signed by what. What feeds the queue of it is in the queue's module. */
@Global()
@Module({
  controllers: [DeliveriesController, WebhooksController],
  providers: [DeliveriesService, DeliveryRunner, DeliveryWaits, EndpointsService, SecretsService],
  exports: [DeliveriesService, DeliveryRunner, DeliveryWaits, EndpointsService, SecretsService],
})
export class WebhooksModule {}
