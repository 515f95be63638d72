import { Injectable } from '@nestjs/common';
import { type AnyQueueName, WEBHOOK_QUEUE } from '../domain/queues.js';
import { JobsOutbox } from '../ledger/jobs-outbox.js';
import { Throttle } from '../ledger/throttle.js';
import { DeliveriesOutbox } from '../webhooks/deliveries-outbox.js';

/**
 * Ends the waits of a queue when an operator knows better: what was wrong is mended. Both drivers wait in the ledger
 * alone.
 */
@Injectable()
export class QueueWaits {
  constructor(
    private readonly throttle: Throttle,
    private readonly jobs: JobsOutbox,
    private readonly deliveries: DeliveriesOutbox,
  ) {}

  /**
   * The pause that the model's service asked for, whichever queue of jobs is named, since there is one for all of
   * them; and the back-off of what waits in the queue. Tries that were made stay counted.
   */
  async end(queue: AnyQueueName): Promise<void> {
    if (queue === WEBHOOK_QUEUE) return this.deliveries.endWaits();
    await this.throttle.lift();
    await this.jobs.endWaits(queue);
  }
}
