import { Injectable } from '@nestjs/common';
import { type AnyQueueName, WEBHOOK_QUEUE } from '../domain/queues.js';
import { Breakers } from '../ledger/breakers.js';
import { JobsOutbox } from '../ledger/jobs-outbox.js';
import { Throttle } from '../ledger/throttle.js';
import { DeliveriesOutbox } from '../webhooks/deliveries-outbox.js';

/** Ends the waits of a queue, when an operator has mended the cause. With both drivers only the ledger holds waits. */
@Injectable()
export class QueueWaits {
  constructor(
    private readonly throttle: Throttle,
    private readonly breakers: Breakers,
    private readonly jobs: JobsOutbox,
    private readonly deliveries: DeliveriesOutbox,
  ) {}

  /**
   * Ends the back-off of all that waits in the queue, and for jobs also the pause of the model's service. That pause is
   * one for all queues of jobs. A model that is held is probed at once. Tries that were made stay counted.
   */
  async end(queue: AnyQueueName): Promise<void> {
    if (queue === WEBHOOK_QUEUE) return this.deliveries.endWaits();
    await this.throttle.lift();
    await this.breakers.probeNow();
    await this.jobs.endWaits(queue);
  }
}
