import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { WebhookEvent } from './events.js';

/** An endpoint that is told of a job: written with the job, or with the request that joined it. */
@Entity('job_webhooks')
export class JobWebhook {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') job_id: string;
  /** Key of the request: whose secret signs, and who may see it. `null`: nobody had to have one. */
  @Column('uuid', { nullable: true }) api_key_id: string | null;
  @Column('text') url: string;
  @Column('text', { array: true }) events: WebhookEvent[];
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
}
