import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What was asked for in one request. Gone when all of its jobs are. */
@Entity('batches')
export class Batch {
  @PrimaryColumn('uuid') id: string;
  /** The key that made it; `null`: nobody had to have one, or the bootstrap token. */
  @Column('uuid', { nullable: true }) api_key_id: string | null;
  /** Items of the request. */
  @Column('smallint') total: number;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
}
