import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A secret that signs the messages of a key's webhooks. It is kept in clear, because signing needs it. */
@Entity('webhook_secrets')
export class WebhookSecret {
  @PrimaryColumn('uuid') id: string;
  /** `null`: of callers that need no key, and of the bearer of ADMIN_TOKEN. */
  @Column('uuid', { nullable: true }) api_key_id: string | null;
  /** `whsec_` and the base64 of 32 random bytes. */
  @Column('text') secret: string;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  /** After a rotation it also signs until this time; `null`: the current one. */
  @Column('timestamptz', { nullable: true }) expires_at: Date | null;
}
