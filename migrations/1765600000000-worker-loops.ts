import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- How the loops of the process were at its last heartbeat, in ages (seconds): src/health/loop.ts. A worker has no port to be
-- asked at.
ALTER TABLE workers ADD COLUMN loops jsonb NOT NULL DEFAULT '[]';
`;

const DOWN = `
ALTER TABLE workers DROP COLUMN loops;
`;

/** Workers tell with their heartbeat what keeps them from their work. */
export class WorkerLoops1765600000000 implements MigrationInterface {
  name = 'WorkerLoops1765600000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
