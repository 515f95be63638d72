import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- Which keys asked for a job that another key made, and which have withdrawn.
-- NULL: all callers that need no key, who count as one. The maker has a row only after it has withdrawn.
-- A key that has withdrawn still sees the job.
ALTER TABLE job_requesters DROP CONSTRAINT job_requesters_pkey;
ALTER TABLE job_requesters ALTER COLUMN api_key_id DROP NOT NULL;
ALTER TABLE job_requesters ADD COLUMN withdrawn_at timestamptz;
CREATE UNIQUE INDEX job_requesters_once
  ON job_requesters (job_id, COALESCE(api_key_id, '00000000-0000-0000-0000-000000000000'));
`;

const DOWN = `
DROP INDEX job_requesters_once;
DELETE FROM job_requesters WHERE api_key_id IS NULL;
ALTER TABLE job_requesters DROP COLUMN withdrawn_at;
ALTER TABLE job_requesters ADD CONSTRAINT job_requesters_pkey PRIMARY KEY (job_id, api_key_id);
`;

/** A cancellation withdraws the caller's wish; the job ends when no wish is left. */
export class Wishes1765800000000 implements MigrationInterface {
  name = 'Wishes1765800000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
