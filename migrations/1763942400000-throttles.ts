import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- Until when nobody may call a model: what its service asked for by Retry-After holds for every worker, not for one job.
CREATE TABLE throttles (
  name text PRIMARY KEY CONSTRAINT throttles_name CHECK (name IN ('model')),
  until timestamptz NOT NULL
);
`;

const DOWN = `
DROP TABLE throttles;
`;

/** A model's wish to be left alone, shared by all workers. */
export class Throttles1763942400000 implements MigrationInterface {
  name = 'Throttles1763942400000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
