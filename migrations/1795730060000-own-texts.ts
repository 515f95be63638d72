import type { MigrationInterface, QueryRunner } from 'typeorm';

const TEXTS = ['movie_descriptions', 'person_bios'];

const upOf = (texts: string) => `
ALTER TABLE ${texts} DROP CONSTRAINT ${texts}_origin;
ALTER TABLE ${texts} ADD CONSTRAINT ${texts}_origin CHECK (origin IN ('GENERATED', 'HUMAN'));
ALTER TABLE ${texts} ALTER COLUMN ai_model DROP NOT NULL;
`;

const downOf = (texts: string) => `
ALTER TABLE ${texts} DROP CONSTRAINT ${texts}_origin;
UPDATE ${texts} SET origin = 'GENERATED', ai_model = COALESCE(ai_model, 'human') WHERE origin = 'HUMAN';
ALTER TABLE ${texts} ALTER COLUMN ai_model SET NOT NULL;
ALTER TABLE ${texts} ADD CONSTRAINT ${texts}_origin CHECK (origin IN ('GENERATED'));
`;

const scopes = (list: string) => `
ALTER TABLE api_keys DROP CONSTRAINT api_keys_scopes;
ALTER TABLE api_keys ADD CONSTRAINT api_keys_scopes
  CHECK (scopes <@ ARRAY[${list}] AND cardinality(scopes) >= 1);
`;

const UP = `${TEXTS.map(upOf).join('')}${scopes(`'generate', 'read', 'edit', 'admin'`)}`;

const DOWN = `${TEXTS.map(downOf).join('')}
UPDATE api_keys SET scopes = array_remove(scopes, 'edit') WHERE scopes <> ARRAY['edit'];
DELETE FROM api_keys WHERE scopes = ARRAY['edit'];
${scopes(`'generate', 'read', 'admin'`)}`;

/** Texts that no model wrote, and keys that may bring them. */
export class OwnTexts1795730060000 implements MigrationInterface {
  name = 'OwnTexts1795730060000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
