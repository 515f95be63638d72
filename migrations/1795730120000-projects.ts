import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- Keys that see each other's jobs. Keys of the version before are in none: they see what they saw.
CREATE TABLE projects (
  id         uuid CONSTRAINT projects_pkey PRIMARY KEY,
  name       text NOT NULL CONSTRAINT projects_name_unique UNIQUE
               CONSTRAINT projects_name CHECK (length(name) BETWEEN 1 AND 100),
  created_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE api_keys ADD COLUMN project_id uuid CONSTRAINT api_keys_project REFERENCES projects (id);
CREATE INDEX api_keys_of_project ON api_keys (project_id) WHERE project_id IS NOT NULL;
-- Requests for texts a minute; NULL: as many as RATE_LIMIT_GENERATE says.
ALTER TABLE api_keys ADD COLUMN rate_limit integer CONSTRAINT api_keys_rate_limit CHECK (rate_limit > 0);
`;

const DOWN = `
ALTER TABLE api_keys DROP COLUMN rate_limit, DROP COLUMN project_id;
DROP TABLE projects;
`;

/** Keys that share their jobs, and a limit of a key's own. */
export class Projects1795730120000 implements MigrationInterface {
  name = 'Projects1795730120000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
