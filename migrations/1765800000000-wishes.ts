import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- Who asked for a job that another made, or no longer wants one: also those who need no key, who count as one (NULL), and the
-- maker, once it has withdrawn. Who has withdrawn sees the job still.
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

/** A cancellation takes out who asked for it; the job ends with the last one who wants it. */
export class Wishes1765800000000 implements MigrationInterface {
  name = 'Wishes1765800000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
