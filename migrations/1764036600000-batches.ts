import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE TABLE batches (
  id         uuid PRIMARY KEY,
  -- The key that made it; NULL: no key was needed, or it was the bootstrap token.
  api_key_id uuid CONSTRAINT batches_api_key REFERENCES api_keys (id) ON DELETE SET NULL,
  total      smallint NOT NULL CONSTRAINT batches_total CHECK (total >= 1),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX batches_created_at ON batches (created_at);

CREATE TABLE batch_jobs (
  batch_id uuid NOT NULL CONSTRAINT batch_jobs_batch REFERENCES batches (id) ON DELETE CASCADE,
  job_id   uuid NOT NULL CONSTRAINT batch_jobs_job REFERENCES generation_jobs (id) ON DELETE CASCADE,
  -- Items of the request that this job serves: equal ones share a job.
  items    smallint NOT NULL CONSTRAINT batch_jobs_items CHECK (items >= 1),
  CONSTRAINT batch_jobs_pkey PRIMARY KEY (batch_id, job_id)
);
CREATE INDEX batch_jobs_job_index ON batch_jobs (job_id);

-- Lists of jobs, newest first: ids are UUIDv7, so their order is the order of time.
CREATE INDEX generation_jobs_by_status ON generation_jobs (status, id);
CREATE INDEX generation_jobs_by_api_key ON generation_jobs (api_key_id, id) WHERE api_key_id IS NOT NULL;
-- Holds finished jobs only. Active ones are in generation_jobs_one_active.
-- An entry at a random place is expensive while a job still changes.
CREATE INDEX generation_jobs_by_requested_slug ON generation_jobs (requested_slug, id) WHERE finished_at IS NOT NULL;
CREATE INDEX generation_jobs_by_slug ON generation_jobs (slug, id) WHERE slug IS NOT NULL;
-- How many are ahead of a waiting job.
CREATE INDEX generation_jobs_in_line ON generation_jobs (entity, run_at, id) WHERE status = 'PENDING';
`;

const DOWN = `
DROP INDEX generation_jobs_by_status, generation_jobs_by_api_key, generation_jobs_by_requested_slug,
  generation_jobs_by_slug, generation_jobs_in_line;
DROP TABLE batch_jobs, batches;
`;

/** Many jobs of one request; and lists of jobs. */
export class Batches1764036600000 implements MigrationInterface {
  name = 'Batches1764036600000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
