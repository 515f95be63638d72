import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A request with an Idempotency-Key, and its answer; the answer is `null` only in the transaction that makes it. */
@Entity('idempotency_keys')
export class IdempotencyKey {
  /** SHA-256 of caller, route and key. */
  @PrimaryColumn('bytea') id: Buffer;
  /** SHA-256 of path and body. */
  @Column('bytea') fingerprint: Buffer;
  @Column('smallint', { nullable: true }) status: number | null;
  @Column('json', { nullable: true }) headers: Record<string, string> | null;
  @Column('json', { nullable: true }) body: unknown;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
}
