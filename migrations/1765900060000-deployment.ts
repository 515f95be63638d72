import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- One row: the id of the deployment that this database belongs to. Redis carries the same id.
-- So a second deployment with the same prefix is detected. A dump contains the id, as it contains the jobs.
CREATE TABLE deployment (
  one_row boolean PRIMARY KEY DEFAULT true CONSTRAINT deployment_one_row CHECK (one_row),
  id      uuid NOT NULL DEFAULT gen_random_uuid()
);
INSERT INTO deployment DEFAULT VALUES;
-- The answer with which the service asked for the pause; NULL: a program of the version before wrote the row.
ALTER TABLE throttles ADD COLUMN reason text;
`;

const DOWN = `
ALTER TABLE throttles DROP COLUMN reason;
DROP TABLE deployment;
`;

/** Detects two deployments on one queue; a pause of the model keeps its reason. */
export class Deployment1765900060000 implements MigrationInterface {
  name = 'Deployment1765900060000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
