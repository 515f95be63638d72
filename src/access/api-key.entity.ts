import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Scope } from './scopes.js';

/** A caller's key. What is kept of it is the SHA-256 of the text that is sent. */
@Entity('api_keys')
export class ApiKey {
  @PrimaryColumn('uuid') id: string;
  /** For the operator to tell keys apart. */
  @Column('text') name: string;
  @Column('bytea') hash: Buffer;
  @Column('text', { array: true }) scopes: Scope[];
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  @Column('timestamptz', { nullable: true }) last_used_at: Date | null;
  /** `null`: it does not. */
  @Column('timestamptz', { nullable: true }) expires_at: Date | null;
  /** `null`: still valid. */
  @Column('timestamptz', { nullable: true }) revoked_at: Date | null;
}
