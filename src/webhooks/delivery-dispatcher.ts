import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { DataSource } from 'typeorm';
import { sql } from '../database/sql.js';
import { Loops } from '../health/loops.js';
import { DispatchLoop, POLL_MS } from '../queue/dispatch-loop.js';
import { type DeliveryRef, producerOf, WEBHOOK_JOB_NAME, WEBHOOK_QUEUE } from '../queue/names.js';
import { QueueConnections } from '../queue/queue-connections.js';
import { DeliveriesService } from './deliveries.service.js';
import type { WebhookDelivery } from './webhook-delivery.entity.js';

export type DueDelivery = Pick<WebhookDelivery, 'id' | 'dispatch'>;

const BATCH = 500;

/** Of one key, so many may wait in the queue at once; its others wait in the ledger, where they hold up nobody. */
const A_KEY = 300;

const TO_DISPATCH = `status = 'PENDING' AND dispatched_at IS NULL`;
/**
 * Keys take turns: the oldest of each, then the second of each, and so on. Their names are found by steps along an index, one
 * a key, so that a million rows of one key cost the others nothing.
 */
const IN_TURN = `
  WITH RECURSIVE owners AS (
    (SELECT owner FROM webhook_deliveries WHERE ${TO_DISPATCH} ORDER BY owner LIMIT 1)
    UNION ALL
    SELECT (SELECT owner FROM webhook_deliveries WHERE ${TO_DISPATCH} AND owner > owners.owner ORDER BY owner LIMIT 1)
    FROM owners WHERE owners.owner IS NOT NULL),
  queued AS (SELECT owner, count(*) AS count FROM webhook_deliveries
    WHERE status = 'PENDING' AND dispatched_at IS NOT NULL GROUP BY owner),
  chosen AS (
    SELECT due.* FROM owners LEFT JOIN queued USING (owner)
    CROSS JOIN LATERAL (
      SELECT id, run_at, row_number() OVER (ORDER BY run_at) AS turn FROM webhook_deliveries
      WHERE ${TO_DISPATCH} AND owner = owners.owner AND run_at <= now()
      ORDER BY run_at LIMIT GREATEST(0, $2 - COALESCE(queued.count, 0))) AS due
    ORDER BY due.turn, due.run_at LIMIT $1)
  SELECT delivery.id, delivery.dispatch FROM chosen JOIN webhook_deliveries AS delivery USING (id)
  WHERE ${TO_DISPATCH.replaceAll(/(status|dispatched_at)/g, 'delivery.$1')}
  ORDER BY chosen.turn, chosen.run_at FOR NO KEY UPDATE OF delivery SKIP LOCKED`;

/** Moves the ids of due deliveries into their queue, in the same three steps as dispatcher.ts does with jobs. */
@Injectable()
export class DeliveryDispatcher implements OnApplicationBootstrap {
  private readonly loop: DispatchLoop;

  constructor(
    private readonly db: DataSource,
    private readonly deliveries: DeliveriesService,
    @Inject(`BullQueue_${producerOf(WEBHOOK_QUEUE)}`) private readonly queue: Queue<DeliveryRef>,
    private readonly connections: QueueConnections,
    loops: Loops,
  ) {
    const loop = loops.open('dispatch-webhooks', POLL_MS);
    this.loop = new DispatchLoop('webhooks', () => this.dispatchBatch(), BATCH, loop);
  }

  onApplicationBootstrap(): void {
    this.deliveries.events.on('dispatchable', () => this.loop.wake());
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** `active`: a worker has it, or had; `unknown`: the queue does not know it. */
  stateOf(delivery: DueDelivery): Promise<string> {
    return this.connections.ask(() => this.queue.getJobState(queueIdOf(delivery)));
  }

  private dispatchBatch(): Promise<number> {
    return this.db.transaction(async (tx) => {
      const due = await sql<DueDelivery>(tx, IN_TURN, [BATCH, A_KEY]);
      if (due.length === 0) return 0;
      const jobs = due.map((delivery) => ({
        name: WEBHOOK_JOB_NAME,
        data: { delivery_id: delivery.id },
        opts: { jobId: queueIdOf(delivery), removeOnComplete: true, removeOnFail: true },
      }));
      await this.connections.ask(() => this.queue.addBulk(jobs));
      // A worker that was faster has claimed it by now, or waits for this lock; its claim takes the mark off again.
      await sql(tx, 'UPDATE webhook_deliveries SET dispatched_at = now() WHERE id = ANY($1::uuid[])', [
        due.map(({ id }) => id),
      ]);
      return due.length;
    });
  }
}

const queueIdOf = ({ id, dispatch }: DueDelivery) => `${id}.${dispatch}`;
