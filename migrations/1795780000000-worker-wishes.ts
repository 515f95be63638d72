import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- What an operator wishes of a worker, and how far it is. A worker reads the wish by the statement of its heartbeat.
-- quiet: it takes no new job, by its last heartbeat.
-- version: of the program; NULL: a program of the version before wrote the row.
ALTER TABLE workers
  ADD COLUMN drain_asked_at timestamptz,
  ADD COLUMN quiet boolean NOT NULL DEFAULT false,
  ADD COLUMN version text CONSTRAINT workers_version CHECK (length(version) <= 100);
`;

const DOWN = `
ALTER TABLE workers DROP COLUMN version, DROP COLUMN quiet, DROP COLUMN drain_asked_at;
`;

/** One worker is emptied, while the others go on. */
export class WorkerWishes1795780000000 implements MigrationInterface {
  name = 'WorkerWishes1795780000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
