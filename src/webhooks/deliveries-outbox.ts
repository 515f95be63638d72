import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Database, sql } from '../database/sql.js';
import { REDISPATCH_LOCK } from '../database/lock-holder.js';
import { WEBHOOK_JOB_NAME, WEBHOOK_QUEUE } from '../domain/queues.js';
import { OutboxTable } from '../ledger/outbox-table.js';
import { WEBHOOKS_NOT_PAUSED } from '../ledger/pauses.js';
import type { Address, Waiting } from '../queue/outbox.js';
import { DeliveriesService } from './deliveries.service.js';

/**
 * Most messages of one key in the queue at once. Its other messages wait in the ledger, where they delay no other key.
 */
export const MESSAGES_OF_A_KEY = 300;

const TO_DISPATCH = `status = 'PENDING' AND dispatched_at IS NULL`;
/**
 * Keys take turns: the oldest of each, then the second of each, and so on. The keys are found by steps along an index,
 * one for each key. So a million rows of one key cost the others nothing.
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

/** The outbox of messages. A message that a worker dropped becomes due by itself. */
@Injectable()
export class DeliveriesOutbox extends OutboxTable<Waiting> {
  readonly name = 'webhooks';
  readonly loop = 'dispatch-webhooks';
  readonly lock = REDISPATCH_LOCK + 1;

  constructor(
    db: DataSource,
    private readonly deliveries: DeliveriesService,
  ) {
    const name = 'webhook_deliveries';
    super(db, { name, columns: 'id, dispatch', notPaused: WEBHOOKS_NOT_PAUSED, free: 'true', queues: [] });
  }

  addressOf({ id }: Waiting): Address {
    return { queue: WEBHOOK_QUEUE, name: WEBHOOK_JOB_NAME, data: { delivery_id: id } };
  }

  onDue(wake: () => void): void {
    this.deliveries.events.on('dispatchable', wake);
  }

  lockDue(tx: Database, limit: number): Promise<Waiting[]> {
    return sql<Waiting>(tx, IN_TURN, [limit, MESSAGES_OF_A_KEY]);
  }

  /** Ends the wait of all messages that wait for their next attempt. */
  endWaits(): Promise<void> {
    return this.bringForward('NOT in_hand');
  }

  protected announce(): void {
    this.deliveries.events.emit('dispatchable');
  }
}
