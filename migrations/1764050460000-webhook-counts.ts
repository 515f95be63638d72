import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- Deliveries that have ended, by state and time, for counting them.
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (status, finished_at) WHERE finished_at IS NOT NULL;
`;

const DOWN = `
DROP INDEX webhook_deliveries_ended;
`;

/** The queue of webhooks is counted as the others are. */
export class WebhookCounts1764050460000 implements MigrationInterface {
  name = 'WebhookCounts1764050460000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
