import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { WebhookEvent } from './events.js';

/** An endpoint that is told of a job. It is written with the job, or with the request that joined it. */
@Entity('job_webhooks')
export class JobWebhook {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') job_id: string;
  /** Key of the request: its secret signs, and it may see the deliveries. `null`: no key was needed. */
  @Column('uuid', { nullable: true }) api_key_id: string | null;
  @Column('text') url: string;
  @Column('text', { array: true }) events: WebhookEvent[];
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
}
