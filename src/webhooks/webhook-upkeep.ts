import { Injectable, Logger } from '@nestjs/common';
import { DeliveriesService } from './deliveries.service.js';
import { DeliveryWaits } from './delivery-waits.js';
import { EndpointsService } from './endpoints.service.js';
import { SecretsService } from './secrets.service.js';

/** Most rows in a statement. */
const BATCH = 5000;

/** Changes of webhooks that only time causes; the sweeper calls it. */
@Injectable()
export class WebhookUpkeep {
  private readonly logger = new Logger('Webhooks');

  constructor(
    private readonly deliveries: DeliveriesService,
    private readonly waits: DeliveryWaits,
    private readonly secrets: SecretsService,
    private readonly endpoints: EndpointsService,
  ) {}

  /**
   * Brings messages forward that lie too far ahead since PostgreSQL's clock was set back. @param onProgress called
   * after each batch @returns how many
   */
  async bringForward(onProgress: () => void, signal: AbortSignal): Promise<number> {
    let found = 0;
    for (let count = BATCH; count >= BATCH && !signal.aborted; found += count) {
      count = await this.waits.shorten(BATCH);
      if (count >= BATCH) onProgress(); // the end of the sweep reports success
    }
    if (found === 0) return 0;
    const msg = 'webhooks waited for times too far ahead: PostgreSQL’s clock was set back';
    this.logger.warn({ msg, count: found });
    this.deliveries.events.emit('dispatchable');
    return found;
  }

  /** Forgets secrets and endpoints that are not needed any more. */
  async prune(): Promise<void> {
    await this.secrets.prune();
    await this.endpoints.prune(BATCH);
  }
}
