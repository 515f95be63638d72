import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What signs the messages of a key's webhooks. Kept as it is, because it has to be used. */
@Entity('webhook_secrets')
export class WebhookSecret {
  @PrimaryColumn('uuid') id: string;
  /** `null`: of those who need no key, and of the bearer of ADMIN_TOKEN. */
  @Column('uuid', { nullable: true }) api_key_id: string | null;
  /** `whsec_` and the base64 of 32 random bytes. */
  @Column('text') secret: string;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  /** After a rotation it signs too until then; `null`: the current one. */
  @Column('timestamptz', { nullable: true }) expires_at: Date | null;
}
