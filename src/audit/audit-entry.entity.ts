import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { EntityKind } from '../domain/kinds.js';
import type { Actor, TargetKind } from './actions.js';

/** What somebody has done: to a film or a person, or to something else. */
@Entity('audit_log')
export class AuditEntry {
  @PrimaryColumn('uuid') id: string;
  @Column('timestamptz', { default: () => 'now()' }) at: Date;
  /** `null`: no key was needed, it was the bootstrap token, or a command on the database. */
  @Column('uuid', { nullable: true }) api_key_id: string | null;
  /** `null`: a command on the database. */
  @Column('text', { nullable: true }) request_id: string | null;
  @Column('text') action: string;
  @Column('text', { nullable: true }) entity: EntityKind | null;
  @Column('uuid', { nullable: true }) entity_id: string | null;
  @Column('text', { nullable: true }) slug: string | null;
  @Column('jsonb') details: Record<string, unknown>;
  /** `null`: a program of the version before wrote it. */
  @Column('text', { nullable: true }) actor: Actor | null;
  /** The key's name at that time, or the user who ran the command. */
  @Column('text', { nullable: true }) actor_name: string | null;
  @Column('text', { nullable: true }) target_kind: Exclude<TargetKind, EntityKind> | null;
  /** An id or a name; `null`: many. */
  @Column('text', { nullable: true }) target: string | null;
}
