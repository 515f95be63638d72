import type { Metadata } from '../domain/metadata.js';
import type { Suggestion } from '../domain/suggestion.js';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { DeliveryStatus, ReportedStatus, WebhookEvent } from './events.js';

/**
 * A message to one endpoint. A trigger writes it in the statement that changes the job; deliveries.service.ts does the
 * rest.
 */
@Entity('webhook_deliveries')
export class WebhookDelivery {
  /** Also the `webhook-id` of the request, the same at each attempt. */
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') webhook_id: string;
  /** The key whose turn the message takes; the nil UUID: callers that need no key. A trigger sets it. */
  @Column('uuid', { default: '00000000-0000-0000-0000-000000000000' }) owner: string;
  /** The run of the job; an explicit retry begins the next. */
  @Column('integer') run: number;
  @Column('text') event: WebhookEvent;
  /** The state of the job, when it happened. */
  @Column('text') job_status: ReportedStatus;
  /** What may have been meant, when it failed for that; `null`: it was not that. */
  @Column('jsonb', { nullable: true }) suggestions: Suggestion[] | null;
  /** What the key of the webhook had noted on the job; `null`: nothing. */
  @Column('jsonb', { nullable: true }) metadata: Metadata | null;
  @Column('text', { default: 'PENDING' }) status: DeliveryStatus;
  /** Attempts begun, with the running one; a replay begins at 0 again. */
  @Column('smallint', { default: 0 }) attempts: number;
  /** No attempt begins before this time. In hand: the latest end of the attempt; then another is made. */
  @Column('timestamptz', { default: () => 'now()' }) run_at: Date;
  /** How far ahead `run_at` was when it was written, seconds; `null`: no attempt was made yet, or it is not known. */
  @Column('double precision', { nullable: true }) wait_seconds: number | null;
  /** Whether a worker sends it at this moment. */
  @Column('boolean', { default: false }) in_hand: boolean;
  /** Counts dispatches and attempts: it is part of the id in the queue, and an outcome must carry it. */
  @Column('integer', { default: 1 }) dispatch: number;
  /** When the id went into the queue; `null`: it is not there yet. */
  @Column('timestamptz', { nullable: true }) dispatched_at: Date | null;
  /** HTTP status of the last answer; `null`: there was none. */
  @Column('smallint', { nullable: true }) last_status: number | null;
  /** Why the last attempt failed; never a part of the answer. */
  @Column('text', { nullable: true }) last_error: string | null;
  @Column('timestamptz', { nullable: true }) attempted_at: Date | null;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  @Column('timestamptz', { nullable: true }) finished_at: Date | null;
}
