import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- Messages of one state, newest first: ids are UUIDv7.
CREATE INDEX webhook_deliveries_by_status ON webhook_deliveries (status, id);
`;

const DOWN = `
DROP INDEX webhook_deliveries_by_status;
`;

/** Operators list the messages of all jobs and batches. */
export class AllDeliveries1795770000000 implements MigrationInterface {
  name = 'AllDeliveries1795770000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
