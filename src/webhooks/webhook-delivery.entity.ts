import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { DeliveryStatus, ToldStatus, WebhookEvent } from './events.js';

/**
 * A message to one endpoint. A trigger writes it in the statement that changes the job; deliveries.service.ts does
 * the rest.
 */
@Entity('webhook_deliveries')
export class WebhookDelivery {
  /** Also the `webhook-id` on the wire, the same at each attempt. */
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') webhook_id: string;
  /** The key whose turn it takes; the nil UUID: those who need none. A trigger sets it. */
  @Column('uuid', { default: '00000000-0000-0000-0000-000000000000' }) owner: string;
  /** Of the job; an explicit retry begins the next. */
  @Column('integer') run: number;
  @Column('text') event: WebhookEvent;
  /** Of the job, when it happened. */
  @Column('text') job_status: ToldStatus;
  @Column('text', { default: 'PENDING' }) status: DeliveryStatus;
  /** Attempts begun, the running one included; a replay begins at 0 again. */
  @Column('smallint', { default: 0 }) attempts: number;
  /** Not before. While it is in hand: when the attempt has to be over, else it is made again. */
  @Column('timestamptz', { default: () => 'now()' }) run_at: Date;
  /** How far ahead that lay when it was written, seconds; `null`: no attempt was made yet, or nobody told. */
  @Column('double precision', { nullable: true }) wait_seconds: number | null;
  /** Whether a worker sends it at this moment. */
  @Column('boolean', { default: false }) in_hand: boolean;
  /** Counts what may happen to it once only: its ids in the queue, and its attempts, whose outcome must carry it. */
  @Column('integer', { default: 1 }) dispatch: number;
  /** When the id went into the queue; `null`: it still has to. */
  @Column('timestamptz', { nullable: true }) dispatched_at: Date | null;
  /** HTTP status of the last answer; `null`: there was none. */
  @Column('smallint', { nullable: true }) last_status: number | null;
  /** Why the last attempt did not count; never a part of the answer. */
  @Column('text', { nullable: true }) last_error: string | null;
  @Column('timestamptz', { nullable: true }) attempted_at: Date | null;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  @Column('timestamptz', { nullable: true }) finished_at: Date | null;
}
