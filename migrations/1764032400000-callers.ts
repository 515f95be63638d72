import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- NULL: the key does not expire.
ALTER TABLE api_keys ADD COLUMN expires_at timestamptz;

-- Keys that asked for a subject which another key's job was writing (or had written): they see that job too.
CREATE TABLE job_requesters (
  job_id     uuid NOT NULL CONSTRAINT job_requesters_job REFERENCES generation_jobs (id) ON DELETE CASCADE,
  api_key_id uuid NOT NULL CONSTRAINT job_requesters_api_key REFERENCES api_keys (id) ON DELETE CASCADE,
  CONSTRAINT job_requesters_pkey PRIMARY KEY (job_id, api_key_id)
);
CREATE INDEX job_requesters_of_key ON job_requesters (api_key_id, job_id);

-- How many unfinished jobs a key has.
CREATE INDEX generation_jobs_unfinished_of_key ON generation_jobs (api_key_id)
  WHERE status IN ('PENDING', 'IN_PROGRESS') AND api_key_id IS NOT NULL;

-- Requests in the running minute, where there is no Redis. Columns and their order are those of rate-limiter-flexible.
-- Unlogged: a crash of PostgreSQL costs a minute's counts, and a request costs no write-ahead log.
CREATE UNLOGGED TABLE rate_limits (
  key    varchar(255) PRIMARY KEY,
  points integer NOT NULL DEFAULT 0,
  expire bigint
);
`;

const DOWN = `
DROP TABLE rate_limits;
DROP INDEX generation_jobs_unfinished_of_key;
DROP TABLE job_requesters;
ALTER TABLE api_keys DROP COLUMN expires_at;
`;

/** What a key may see, how much it may hold, and how often it may ask. */
export class Callers1764032400000 implements MigrationInterface {
  name = 'Callers1764032400000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
