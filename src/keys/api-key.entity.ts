import { Column, Entity, PrimaryColumn } from 'typeorm';

export const SCOPES = ['generate', 'read', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

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
  /** `null`: still valid. */
  @Column('timestamptz', { nullable: true }) revoked_at: Date | null;
}
