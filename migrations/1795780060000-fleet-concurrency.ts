import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- How many jobs each worker runs at once, of each queue. NULL: what its own WORKER_CONCURRENCY says.
-- A worker reads it by the statement of its heartbeat.
ALTER TABLE deployment ADD COLUMN worker_concurrency smallint
  CONSTRAINT deployment_worker_concurrency CHECK (worker_concurrency BETWEEN 1 AND 1000);
`;

const DOWN = `
ALTER TABLE deployment DROP COLUMN worker_concurrency;
`;

/** The concurrency of all workers is changed while they run. */
export class FleetConcurrency1795780060000 implements MigrationInterface {
  name = 'FleetConcurrency1795780060000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
