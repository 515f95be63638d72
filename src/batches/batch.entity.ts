import type { Metadata } from '../domain/metadata.js';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The items of one batch request. It is deleted when all of its jobs are. */
@Entity('batches')
export class Batch {
  @PrimaryColumn('uuid') id: string;
  /** The key that made it; `null`: no key was needed, or it was the bootstrap token. */
  @Column('uuid', { nullable: true }) api_key_id: string | null;
  /** Items of the request. */
  @Column('smallint') total: number;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  /** What its key has noted on it; `null`: nothing. */
  @Column('jsonb', { nullable: true }) metadata: Metadata | null;
}
