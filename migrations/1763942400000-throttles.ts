import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- Until when no worker may call a model. The Retry-After of its service holds for every worker, not for one job.
CREATE TABLE throttles (
  name text PRIMARY KEY CONSTRAINT throttles_name CHECK (name IN ('model')),
  until timestamptz NOT NULL
);
`;

const DOWN = `
DROP TABLE throttles;
`;

/** The pause that a model's service asked for, shared by all workers. */
export class Throttles1763942400000 implements MigrationInterface {
  name = 'Throttles1763942400000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
