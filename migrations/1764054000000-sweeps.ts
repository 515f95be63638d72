import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- One row: when any process last swept, and from when on a lease that ran out means a lost worker.
-- It shows whether PostgreSQL was out of reach of all processes.
CREATE TABLE sweeps (
  one_row             boolean PRIMARY KEY DEFAULT true CONSTRAINT sweeps_one_row CHECK (one_row),
  swept_at            timestamptz NOT NULL DEFAULT now(),
  leases_trusted_from timestamptz NOT NULL DEFAULT now()
);

-- A deadline limits the start: a job that was started in time and waits for its next try has met it.
DROP INDEX generation_jobs_deadlines;
CREATE INDEX generation_jobs_deadlines ON generation_jobs (deadline_at)
  WHERE status = 'PENDING' AND deadline_at IS NOT NULL AND started_at IS NULL;
`;

const DOWN = `
DROP INDEX generation_jobs_deadlines;
CREATE INDEX generation_jobs_deadlines ON generation_jobs (deadline_at)
  WHERE status = 'PENDING' AND deadline_at IS NOT NULL;
DROP TABLE sweeps;
`;

/** Tells an outage of the database from the loss of a worker; the start of a job ends its deadline. */
export class Sweeps1764054000000 implements MigrationInterface {
  name = 'Sweeps1764054000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
