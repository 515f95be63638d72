import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- The key whose turn a message takes; the nil UUID: callers that need no key.
-- Keys take turns, however many messages one of them has.
ALTER TABLE webhook_deliveries ADD COLUMN owner uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000';
UPDATE webhook_deliveries AS delivery SET owner = webhook.api_key_id FROM job_webhooks AS webhook
  WHERE delivery.status = 'PENDING' AND webhook.id = delivery.webhook_id AND webhook.api_key_id IS NOT NULL;
CREATE INDEX webhook_deliveries_turns ON webhook_deliveries (owner, run_at)
  WHERE status = 'PENDING' AND dispatched_at IS NULL;

CREATE FUNCTION webhook_deliveries_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.owner := COALESCE((SELECT api_key_id FROM job_webhooks WHERE id = NEW.webhook_id), NEW.owner);
  RETURN NEW;
END $$;
CREATE TRIGGER webhook_deliveries_owner BEFORE INSERT ON webhook_deliveries
  FOR EACH ROW EXECUTE FUNCTION webhook_deliveries_owner();
`;

const DOWN = `
DROP TRIGGER webhook_deliveries_owner ON webhook_deliveries;
DROP FUNCTION webhook_deliveries_owner();
DROP INDEX webhook_deliveries_turns;
ALTER TABLE webhook_deliveries DROP COLUMN owner;
`;

/** Messages of one key do not delay those of other keys. */
export class Turns1765800060000 implements MigrationInterface {
  name = 'Turns1765800060000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
