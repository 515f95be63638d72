import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- Which program a worker runs: during an upgrade there are two. NULL: one that did not say it yet.
ALTER TABLE workers ADD COLUMN version text CONSTRAINT workers_version CHECK (length(version) <= 100);
`;

const DOWN = `
ALTER TABLE workers DROP COLUMN version;
`;

/** A worker says its version with each heartbeat. */
export class WorkerVersions1795781000060 implements MigrationInterface {
  name = 'WorkerVersions1795781000060';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
