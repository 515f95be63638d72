import { Injectable, Logger } from '@nestjs/common';
import { DeliveriesService } from './deliveries.service.js';
import { DeliveryWaits } from './delivery-waits.js';
import { EndpointsService } from './endpoints.service.js';
import { SecretsService } from './secrets.service.js';

/** Rows a statement touches at most. */
const BATCH = 5000;

/** What becomes of webhooks by the passing of time alone; the sweeper calls it. */
@Injectable()
export class WebhookUpkeep {
  private readonly logger = new Logger('Webhooks');

  constructor(
    private readonly deliveries: DeliveriesService,
    private readonly waits: DeliveryWaits,
    private readonly secrets: SecretsService,
    private readonly endpoints: EndpointsService,
  ) {}

  /** What lies too far ahead since PostgreSQL's clock was set back. @param comesOn is called after each batch */
  async bringForward(comesOn: () => void, signal: AbortSignal): Promise<void> {
    let found = 0;
    for (let count = BATCH; count >= BATCH && !signal.aborted; found += count) {
      count = await this.waits.shorten(BATCH);
      if (count >= BATCH) comesOn(); // whether the sweep does is told at its end
    }
    if (found === 0) return;
    const msg = 'webhooks waited for times too far ahead: PostgreSQL’s clock was set back';
    this.logger.warn({ msg, count: found });
    this.deliveries.events.emit('dispatchable');
  }

  /** Forgets secrets and endpoints that nobody needs. */
  async prune(): Promise<void> {
    await this.secrets.prune();
    await this.endpoints.prune(BATCH);
  }
}
