import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- Which deployment this database belongs to, in one row. Redis carries the same id, so that another one with the same prefix is
-- told from it. It goes along with a dump, and so do the jobs.
CREATE TABLE deployment (
  one_row boolean PRIMARY KEY DEFAULT true CONSTRAINT deployment_one_row CHECK (one_row),
  id      uuid NOT NULL DEFAULT gen_random_uuid()
);
INSERT INTO deployment DEFAULT VALUES;
-- What the service answered when it asked for the pause; NULL: a program of the version before kept it.
ALTER TABLE throttles ADD COLUMN reason text;
`;

const DOWN = `
ALTER TABLE throttles DROP COLUMN reason;
DROP TABLE deployment;
`;

/** Two deployments do not share a queue unnoticed; a pause of the model says why. */
export class Deployment1765900060000 implements MigrationInterface {
  name = 'Deployment1765900060000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
