import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- Which model writes the texts of a worker. The API process has no key of a model, but it answers questions about it.
ALTER TABLE workers ADD COLUMN model text;
`;

const DOWN = `
ALTER TABLE workers DROP COLUMN model;
`;

/** A worker registers its model, so that a mock on a database of record is noticed. */
export class WorkerModels1765900120000 implements MigrationInterface {
  name = 'WorkerModels1765900120000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
