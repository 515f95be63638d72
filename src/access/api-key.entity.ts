import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Scope } from './scopes.js';

/** A caller's key. Only the SHA-256 of the key's text is kept. */
@Entity('api_keys')
export class ApiKey {
  @PrimaryColumn('uuid') id: string;
  /** A name by which the operator tells keys apart. */
  @Column('text') name: string;
  @Column('bytea') hash: Buffer;
  @Column('text', { array: true }) scopes: Scope[];
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  @Column('timestamptz', { nullable: true }) last_used_at: Date | null;
  /** `null`: the key does not expire. */
  @Column('timestamptz', { nullable: true }) expires_at: Date | null;
  /** Tokens that its jobs may take a day (UTC); `null`: as many as they need. */
  @Column('bigint', { nullable: true }) daily_tokens: number | null;
  /** Requests for texts a minute; `null`: as many as RATE_LIMIT_GENERATE says. */
  @Column('integer', { nullable: true }) rate_limit: number | null;
  /** Its keys see each other's jobs; `null`: the key is older than projects, and on its own. */
  @Column('uuid', { nullable: true }) project_id: string | null;
  /** `null`: the key is still valid. */
  @Column('timestamptz', { nullable: true }) revoked_at: Date | null;
}
