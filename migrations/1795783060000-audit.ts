import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- Not only edits: whatever operators do. Programs of the version before write as they did.
ALTER TABLE audit_log ALTER COLUMN entity DROP NOT NULL, ALTER COLUMN entity_id DROP NOT NULL,
  ALTER COLUMN slug DROP NOT NULL, ALTER COLUMN request_id DROP NOT NULL;
-- Who it was; NULL: written before this was known. actor_name: of the key at that time, or of the user of a command.
ALTER TABLE audit_log ADD COLUMN actor text
  CONSTRAINT audit_log_actor CHECK (actor IN ('key', 'bootstrap', 'anybody', 'cli'));
ALTER TABLE audit_log ADD COLUMN actor_name text;
-- What it was done to, unless it is a film or a person. target: an id or a name; NULL: many.
ALTER TABLE audit_log ADD COLUMN target_kind text
  CONSTRAINT audit_log_target_kind CHECK (target_kind ~ '^[A-Z_]{3,40}$');
ALTER TABLE audit_log ADD COLUMN target text;
ALTER TABLE audit_log ADD CONSTRAINT audit_log_of_one CHECK (num_nonnulls(entity, target_kind) = 1
  AND (entity IS NULL) = (entity_id IS NULL) AND (entity IS NULL) = (slug IS NULL)
  AND (target IS NULL OR target_kind IS NOT NULL));
CREATE INDEX audit_log_target ON audit_log (target, id) WHERE target IS NOT NULL;
CREATE INDEX audit_log_key ON audit_log (api_key_id, id);
CREATE INDEX audit_log_edits ON audit_log (id) WHERE entity IS NOT NULL;
`;

const DOWN = `
DELETE FROM audit_log WHERE entity IS NULL;
DROP INDEX audit_log_target, audit_log_key, audit_log_edits;
ALTER TABLE audit_log DROP CONSTRAINT audit_log_of_one, DROP COLUMN target, DROP COLUMN target_kind,
  DROP COLUMN actor_name, DROP COLUMN actor;
ALTER TABLE audit_log ALTER COLUMN entity SET NOT NULL, ALTER COLUMN entity_id SET NOT NULL,
  ALTER COLUMN slug SET NOT NULL, ALTER COLUMN request_id SET NOT NULL;
`;

/** The log of what people did: also of keys, queues, jobs, webhooks and backups. */
export class Audit1795783060000 implements MigrationInterface {
  name = 'Audit1795783060000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
