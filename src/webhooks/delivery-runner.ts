import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Config } from '../config/config.js';
import type { Loop } from '../timing/loop.js';
import { Loops } from '../timing/loops.js';
import { Tracing } from '../tracing/tracing.js';
import { type DeliveryRef, WEBHOOK_QUEUE } from '../domain/queues.js';
import { jittered } from '../timing/backoff.js';
import { drained } from '../timing/drained.js';
import { Pauses } from '../ledger/pauses.js';
import { askNameServers, askSystem } from './addresses.js';
import { type Claimed, DeliveriesService } from './deliveries.service.js';
import { attributesOf, tellOutcome } from './delivery-span.js';
import { bodyOf } from './message.js';
import { SecretsService } from './secrets.service.js';
import { send, type SenderOptions } from './sender.js';
import { signedHeaders } from './signature.js';
import { Slots } from './slots.js';

/**
 * Most messages of one key at once, of the fifty of a worker: no key fills all places, however slow its receivers are.
 */
const PER_KEY = 20;
/** Most messages of one key to one address at once, over all ports: a slow server leaves room for the others. */
const PER_KEY_AND_ADDRESS = 10;
/** Most messages of all keys to one address: those of one key leave room for those of another. */
const PER_ADDRESS = 30;
/** How long a worker waits for a place, milliseconds; a server that answers in time frees one sooner. */
const PATIENCE_MS = 250;
/** A message that finds no place comes again after about this time, milliseconds. */
const CROWDED_MS = 5000;
/** How long a worker that stops lets attempts end, milliseconds: an attempt that is cut off is made again. */
const FINAL_ATTEMPTS_MS = 500;
/** How often a worker that waits out a pause checks whether it must stop, milliseconds. */
const PAUSE_LOOK_MS = 500;

/**
 * Makes one attempt: claim the row, sign and send, write the outcome. As with jobs, the queue only learns "done with
 * this": the row says what happens next.
 */
@Injectable()
export class DeliveryRunner implements OnModuleInit {
  private readonly logger = new Logger('Webhooks');
  private readonly stopping = new AbortController();
  private leaving = false;
  /** An operator drains this worker: it takes no new message. */
  quiet = false;
  private running = 0;
  private readonly options: SenderOptions;
  private readonly ran: Loop;
  private readonly ofKeys = new Slots(PER_KEY);
  private readonly ofBoth = new Slots(PER_KEY_AND_ADDRESS);
  private readonly ofAddresses = new Slots(PER_ADDRESS);

  constructor(
    private readonly deliveries: DeliveriesService,
    private readonly secrets: SecretsService,
    private readonly pauses: Pauses,
    private readonly config: Config,
    private readonly tracing: Tracing,
    loops: Loops,
  ) {
    this.ran = loops.open('run-webhooks');
    const { allowPrivate, timeoutMs } = config.webhooks;
    this.options = { allowPrivate, timeoutMs, resolve: allowPrivate ? askSystem : askNameServers };
  }

  onModuleInit(): void {
    if (this.options.allowPrivate)
      this.logger.warn({ msg: 'WEBHOOK_ALLOW_PRIVATE=true: webhooks may reach whatever this machine reaches' });
  }

  stop(): void {
    this.leaving = true;
    setTimeout(() => this.stopping.abort(), FINAL_ATTEMPTS_MS).unref();
  }

  /** Settles when no attempt is under way, or none has ended for a while since they were cut off. */
  async idle(patienceMs: number): Promise<void> {
    const left = () => this.running;
    await Promise.race([drained(left, FINAL_ATTEMPTS_MS), sleep(FINAL_ATTEMPTS_MS, undefined, { ref: false })]);
    await drained(left, patienceMs);
  }

  async run(delivery: DeliveryRef): Promise<void> {
    this.running++;
    try {
      await this.make(delivery);
      this.ran.succeeded();
    } catch (error) {
      this.ran.refused(error);
      throw error;
    } finally {
      this.running--;
    }
  }

  private async make({ delivery_id }: DeliveryRef): Promise<void> {
    const claimed = await this.claim(delivery_id);
    if (!claimed) return;
    const since = performance.now();
    if (claimed.gone)
      return this.deliveries.disable(claimed, { status: null, error: 'the endpoint answered 410 before' });
    const now = () => new Date(claimed.attempted_at.getTime() + performance.now() - since);
    const [key, address] = [claimed.api_key_id ?? '', new URL(claimed.url).hostname];
    const found = await withPlace(this.ofKeys, key, () =>
      withPlace(this.ofBoth, `${key} ${address}`, () =>
        withPlace(this.ofAddresses, address, () => this.attempt(claimed, now)),
      ),
    );
    if (!found) await this.deliveries.putBack(claimed, jittered(CROWDED_MS, 0.5));
  }

  /** While an operator has paused the queue, waits with the delivery, as runner.ts does. */
  private async claim(id: string): Promise<Claimed | null> {
    while (!this.takesNone) {
      const claimed = await this.deliveries.claim(id);
      if (claimed || !(await this.deliveries.isDue(id))) return claimed;
      do await sleep(PAUSE_LOOK_MS);
      while (!this.takesNone && (await this.isPaused()));
    }
    await this.deliveries.undispatch(id);
    return null;
  }

  private get takesNone(): boolean {
    return this.leaving || this.quiet;
  }

  /** While the database is away this is not known, so it counts as paused. */
  private isPaused(): Promise<boolean> {
    return this.pauses.isPaused(WEBHOOK_QUEUE).catch(() => true);
  }

  /** @param now by the database's clock; that of this machine may be wrong */
  private async attempt(claimed: Claimed, now: () => Date): Promise<true> {
    const body = bodyOf(claimed, this.config.basePath);
    const secrets = await this.secrets.ofOwner(claimed.api_key_id);
    const headers = signedHeaders(
      secrets.map(({ secret }) => secret),
      claimed.id,
      body,
      now(),
    );
    const attributes = attributesOf(claimed);
    const span = this.tracing.begin(`deliver ${claimed.event}`, claimed.traceparent, { kind: 'client', attributes });
    const trace: Record<string, string> = span.traceparent === null ? {} : { traceparent: span.traceparent };
    const message = { url: claimed.url, headers: { ...headers, ...trace }, body };
    const outcome = await send(message, this.options, this.stopping.signal).catch(() => null);
    tellOutcome(span, outcome);
    if (outcome) await this.deliveries.conclude(claimed, outcome);
    else await this.deliveries.putBack(claimed, 0);
    return true;
  }
}

/** @returns whether there was a place, and all of `work` found one */
async function withPlace(slots: Slots, name: string, work: () => Promise<boolean>): Promise<boolean> {
  if (!(await slots.take(name, PATIENCE_MS))) return false;
  try {
    return await work();
  } finally {
    slots.giveBack(name);
  }
}
