import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { BatchEvent } from './events.js';

/** An endpoint that is told of a job or a batch. It is written with the job, or with the request that joined it. */
@Entity('job_webhooks')
export class JobWebhook {
  @PrimaryColumn('uuid') id: string;
  /** `null`: it is told of a batch. */
  @Column('uuid', { nullable: true }) job_id: string | null;
  @Column('uuid', { nullable: true }) batch_id: string | null;
  /** Key of the request: its secret signs, and it may see the deliveries. `null`: no key was needed. */
  @Column('uuid', { nullable: true }) api_key_id: string | null;
  @Column('text') url: string;
  @Column('text', { array: true }) events: BatchEvent[];
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
}
