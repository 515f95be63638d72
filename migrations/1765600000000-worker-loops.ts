import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- State of the loops of the process at its last heartbeat, in ages (seconds): src/timing/loop.ts.
-- A worker has no port where it could be asked.
ALTER TABLE workers ADD COLUMN loops jsonb NOT NULL DEFAULT '[]';
`;

const DOWN = `
ALTER TABLE workers DROP COLUMN loops;
`;

/** The heartbeat of a worker says which of its loops stand still. */
export class WorkerLoops1765600000000 implements MigrationInterface {
  name = 'WorkerLoops1765600000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
