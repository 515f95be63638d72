import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { sql, sqlRow } from '../database/sql.js';
import type { Loop } from '../health/loop.js';
import { Loops } from '../health/loops.js';
import { InHand } from '../queue/in-hand.js';
import { WEBHOOKS_NOT_PAUSED } from '../queue/pauses.js';
import { DeliveriesService } from './deliveries.service.js';
import { DeliveryDispatcher, type DueDelivery } from './delivery-dispatcher.js';
import { DeliveryWaits } from './delivery-waits.js';
import { EndpointsService } from './endpoints.service.js';
import { SecretsService } from './secrets.service.js';

const EVERY_MS = 5000;
/** A delivery that has been in the queue for this long is looked for, seconds. */
const DOUBT_AFTER_SECONDS = 15;
/** How many of them, the longest waiting first: the queue is first in, first out, so what it lost becomes one of them. */
const SAMPLE = 100;
/** Samples one look takes at most, as long as all of the one before was lost. */
const ROUNDS = 100;
const BATCH = 5000;

/**
 * Finds deliveries that the queue has lost, and forgets what nobody needs. What a worker dropped comes due by itself, once what
 * lies too far ahead is brought forward.
 */
@Injectable()
export class DeliverySweeper implements OnApplicationBootstrap {
  private readonly logger = new Logger('Webhooks');
  private readonly stopped = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private readonly swept: Loop;
  private readonly inHand = new InHand<DueDelivery & { free: boolean }>();

  constructor(
    private readonly db: DataSource,
    private readonly deliveries: DeliveriesService,
    private readonly waits: DeliveryWaits,
    private readonly dispatcher: DeliveryDispatcher,
    private readonly secrets: SecretsService,
    private readonly endpoints: EndpointsService,
    loops: Loops,
  ) {
    this.swept = loops.open('sweep-webhooks', EVERY_MS * 1.5);
  }

  onApplicationBootstrap(): void {
    this.running = this.loop();
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  /** After the queue's server began anew: all that was handed over before. Ids stay, so what is still there stays single. */
  async everything(comesOn: () => void): Promise<void> {
    const { now } = await sqlRow<{ now: Date }>(this.db, 'SELECT now()');
    for (let count = BATCH; count === BATCH;) {
      const rows = await sql(
        this.db,
        `UPDATE webhook_deliveries SET dispatched_at = NULL WHERE id IN (SELECT id FROM webhook_deliveries
           WHERE status = 'PENDING' AND dispatched_at <= $2 ORDER BY dispatched_at LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED)
         RETURNING id`,
        [BATCH, now],
      );
      count = rows.length;
      comesOn();
      if (count > 0) this.deliveries.events.emit('dispatchable');
    }
  }

  private async loop(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      const pause = EVERY_MS * (0.5 + Math.random());
      await sleep(pause, undefined, { signal: this.stopped.signal }).catch(() => undefined);
      if (this.stopped.signal.aborted) return;
      // Queue or database away: nothing is lost by looking later.
      await this.swept.run(() => this.sweep()).catch(() => undefined);
    }
  }

  private async sweep(): Promise<void> {
    await this.bringForward();
    await this.secrets.prune();
    await this.endpoints.prune(BATCH);
    let found = 0;
    for (let round = 0; round < ROUNDS && !this.stopped.signal.aborted; round++) {
      const lost = await this.findLost();
      this.swept.succeeded();
      found += lost;
      if (lost < SAMPLE) break;
    }
    if (found > 0) this.logger.warn({ msg: 'the queue had lost webhooks; they are handed over again', count: found });
  }

  private async bringForward(): Promise<void> {
    let found = 0;
    for (let count = BATCH; count >= BATCH && !this.stopped.signal.aborted; found += count) {
      count = await this.waits.shorten(BATCH);
      if (count >= BATCH) this.swept.succeeded(); // it comes on; whether the sweep does is told at its end
    }
    if (found === 0) return;
    this.logger.warn({ msg: 'webhooks waited for times too far ahead: PostgreSQL’s clock was set back', count: found });
    this.deliveries.events.emit('dispatchable');
  }

  private async findLost(): Promise<number> {
    const waiting = await sql<DueDelivery & { free: boolean }>(
      this.db,
      `SELECT id, dispatch, ${WEBHOOKS_NOT_PAUSED} AS free FROM webhook_deliveries WHERE status = 'PENDING'
         AND dispatched_at < now() - make_interval(secs => $2) ORDER BY dispatched_at LIMIT $1`,
      [SAMPLE, DOUBT_AFTER_SECONDS],
    );
    const states = await Promise.all(waiting.map((delivery) => this.dispatcher.stateOf(delivery)));
    // Taken by a worker that never began.
    const dropped = this.inHand.tooLong(waiting.filter(({ free }, n) => free && states[n] === 'active'));
    const lost = [...waiting.filter((_, n) => states[n] === 'unknown'), ...dropped];
    if (lost.length === 0) return 0;
    // Whoever has claimed one meanwhile has raised `dispatch`. One in the hand of a worker that died is lost like any other.
    await sql(
      this.db,
      `UPDATE webhook_deliveries AS delivery SET dispatched_at = NULL, dispatch = delivery.dispatch + 1
       FROM jsonb_to_recordset($1::jsonb) AS lost (id uuid, dispatch integer)
       WHERE delivery.id = lost.id AND delivery.dispatch = lost.dispatch AND delivery.status = 'PENDING'`,
      [JSON.stringify(lost)],
    );
    this.deliveries.events.emit('dispatchable');
    return lost.length;
  }
}
