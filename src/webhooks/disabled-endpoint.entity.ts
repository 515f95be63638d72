import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An endpoint that answered 410. */
@Entity('webhook_disabled_endpoints')
export class DisabledEndpoint {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { nullable: true }) api_key_id: string | null;
  @Column('text') url: string;
  @Column('timestamptz', { default: () => 'now()' }) disabled_at: Date;
}
