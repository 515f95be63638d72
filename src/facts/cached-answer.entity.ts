import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a provider of facts answered, kept for a day. */
@Entity('facts_cache')
export class CachedAnswer {
  /** The hash of what was asked, without the key. */
  @PrimaryColumn('text') key: string;
  /** What was read of it; JSON's `null`: there is no such thing. */
  @Column('jsonb') answer: unknown;
  @Column('integer') bytes: number;
  @Column('timestamptz') expires_at: Date;
}
