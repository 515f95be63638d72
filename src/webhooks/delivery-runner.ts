import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Config } from '../config/config.js';
import type { DeliveryRef } from '../queue/names.js';
import { askNameServers, askSystem } from './addresses.js';
import { type Claimed, DeliveriesService } from './deliveries.service.js';
import { bodyOf } from './message.js';
import { SecretsService } from './secrets.service.js';
import { send, type SenderOptions } from './sender.js';
import { signedHeaders } from './signature.js';

/** Messages to one server at once, of one worker: a server that takes its time leaves room for all others. */
const PER_HOST = 10;
/** What finds no place waits about so long, milliseconds. */
const CROWDED_MS = 5000;
/** A worker that is told to stop lets attempts end for so long: one that is cut off is made again. Milliseconds. */
const LAST_WORDS_MS = 2000;

/**
 * Makes one attempt: claim the row, sign and send, keep the outcome. As with jobs, the queue is told nothing but "done with
 * this": what happens next is in the row.
 */
@Injectable()
export class DeliveryRunner implements OnModuleInit {
  private readonly logger = new Logger('Webhooks');
  private readonly stopping = new AbortController();
  private readonly options: SenderOptions;
  /** Attempts under way by server. */
  private readonly busy = new Map<string, number>();

  constructor(
    private readonly deliveries: DeliveriesService,
    private readonly secrets: SecretsService,
    config: Config,
  ) {
    const { allowPrivate, timeoutMs } = config.webhooks;
    this.options = { allowPrivate, timeoutMs, resolve: allowPrivate ? askSystem : askNameServers };
  }

  onModuleInit(): void {
    if (this.options.allowPrivate)
      this.logger.warn({ msg: 'WEBHOOK_ALLOW_PRIVATE=true: webhooks may reach whatever this machine reaches' });
  }

  stop(): void {
    setTimeout(() => this.stopping.abort(), LAST_WORDS_MS).unref();
  }

  async run({ delivery_id }: DeliveryRef): Promise<void> {
    const claimed = await this.deliveries.claim(delivery_id);
    if (!claimed) return;
    if (claimed.gone)
      return this.deliveries.disable(claimed, { status: null, error: 'the endpoint answered 410 before' });
    const { host } = new URL(claimed.url);
    const under = this.busy.get(host) ?? 0;
    if (under >= PER_HOST) return this.deliveries.putBack(claimed, CROWDED_MS * (0.5 + Math.random()));
    this.busy.set(host, under + 1);
    try {
      await this.attempt(claimed);
    } finally {
      const left = this.busy.get(host)! - 1;
      if (left > 0) this.busy.set(host, left);
      else this.busy.delete(host);
    }
  }

  private async attempt(claimed: Claimed): Promise<void> {
    const body = bodyOf(claimed);
    const secrets = await this.secrets.ofOwner(claimed.api_key_id);
    const headers = signedHeaders(
      secrets.map(({ secret }) => secret),
      claimed.id,
      body,
    );
    const message = { url: claimed.url, headers, body };
    const outcome = await send(message, this.options, this.stopping.signal).catch(() => null);
    if (outcome) await this.deliveries.conclude(claimed, outcome);
    else await this.deliveries.putBack(claimed, 0);
  }
}
