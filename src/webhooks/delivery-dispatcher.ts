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

  /** Whether the queue knows this delivery. */
  async holds(delivery: DueDelivery): Promise<boolean> {
    return (await this.connections.ask(() => this.queue.getJobState(queueIdOf(delivery)))) !== 'unknown';
  }

  private dispatchBatch(): Promise<number> {
    return this.db.transaction(async (tx) => {
      const due = await sql<DueDelivery>(
        tx,
        `SELECT id, dispatch FROM webhook_deliveries WHERE status = 'PENDING' AND dispatched_at IS NULL AND run_at <= now()
         ORDER BY run_at LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED`,
        [BATCH],
      );
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
