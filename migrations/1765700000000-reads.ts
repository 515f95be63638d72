import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- Pages of the versions of a film or a person, newest first. The cost does not depend on how many there are.
CREATE INDEX movie_descriptions_newest ON movie_descriptions (movie_id, created_at DESC, version DESC, id);
CREATE INDEX person_bios_newest ON person_bios (person_id, created_at DESC, version DESC, id);

-- Lists of jobs walk along an index for each state and kind. So rare jobs are found without reading all others.
CREATE INDEX generation_jobs_by_state ON generation_jobs (status, entity, id);
DROP INDEX generation_jobs_by_status;
CREATE INDEX generation_jobs_by_key_and_state ON generation_jobs (api_key_id, status, entity, id)
  WHERE api_key_id IS NOT NULL;
DROP INDEX generation_jobs_by_api_key;
CREATE INDEX generation_jobs_by_request ON generation_jobs (requested_slug, status, entity, id)
  WHERE finished_at IS NOT NULL;
DROP INDEX generation_jobs_by_requested_slug;
CREATE INDEX generation_jobs_by_result ON generation_jobs (slug, status, entity, id) WHERE slug IS NOT NULL;
DROP INDEX generation_jobs_by_slug;

-- Failed jobs by kind and type of error, newest first; and by any part of their error or slug.
CREATE INDEX failed_jobs_by_kind ON failed_jobs (name, (split_part(exception, ': ', 1)), failed_at DESC, uuid DESC);
CREATE INDEX failed_jobs_newest ON failed_jobs (failed_at DESC, uuid DESC);
DROP INDEX failed_jobs_failed_at;
CREATE INDEX failed_jobs_exception ON failed_jobs USING gist (exception gist_trgm_ops);
CREATE INDEX failed_jobs_slug ON failed_jobs USING gist ((payload ->> 'requested_slug') gist_trgm_ops);
CREATE INDEX failed_jobs_subject ON failed_jobs USING gist ((payload -> 'request' ->> 'subject') gist_trgm_ops);
`;

const DOWN = `
DROP INDEX failed_jobs_exception, failed_jobs_slug, failed_jobs_subject;
CREATE INDEX failed_jobs_failed_at ON failed_jobs (failed_at DESC);
DROP INDEX failed_jobs_newest, failed_jobs_by_kind;
CREATE INDEX generation_jobs_by_slug ON generation_jobs (slug, id) WHERE slug IS NOT NULL;
DROP INDEX generation_jobs_by_result;
CREATE INDEX generation_jobs_by_requested_slug ON generation_jobs (requested_slug, id) WHERE finished_at IS NOT NULL;
DROP INDEX generation_jobs_by_request;
CREATE INDEX generation_jobs_by_api_key ON generation_jobs (api_key_id, id) WHERE api_key_id IS NOT NULL;
DROP INDEX generation_jobs_by_key_and_state;
CREATE INDEX generation_jobs_by_status ON generation_jobs (status, id);
DROP INDEX generation_jobs_by_state;
DROP INDEX person_bios_newest, movie_descriptions_newest;
`;

/** Every filter of a list has an index. */
export class Reads1765700000000 implements MigrationInterface {
  name = 'Reads1765700000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
