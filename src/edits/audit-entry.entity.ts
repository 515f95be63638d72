import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { EntityKind } from '../domain/kinds.js';

/** What somebody has changed. */
@Entity('audit_log')
export class AuditEntry {
  @PrimaryColumn('uuid') id: string;
  @Column('timestamptz', { default: () => 'now()' }) at: Date;
  /** `null`: no key was needed, or it was the bootstrap token. */
  @Column('uuid', { nullable: true }) api_key_id: string | null;
  @Column('text') request_id: string;
  @Column('text') action: string;
  @Column('text') entity: EntityKind;
  @Column('uuid') entity_id: string;
  @Column('text') slug: string;
  @Column('jsonb') details: Record<string, unknown>;
}
