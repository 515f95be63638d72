import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['generation_jobs', 'movie_descriptions', 'person_bios'];

/** Tones are settings: the tables check the form of their names alone. */
export class OwnTones1795750000000 implements MigrationInterface {
  name = 'OwnTones1795750000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES)
      await queryRunner.query(`
ALTER TABLE ${table} DROP CONSTRAINT ${table}_context_tag,
  ADD CONSTRAINT ${table}_context_tag CHECK (context_tag ~ '^[A-Za-z][A-Za-z0-9_-]{0,39}$');`);
  }

  /** Rows with other tones stay: the rule holds for new ones. */
  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES)
      await queryRunner.query(`
ALTER TABLE ${table} DROP CONSTRAINT ${table}_context_tag,
  ADD CONSTRAINT ${table}_context_tag CHECK (context_tag IN ('DEFAULT', 'modern', 'critical', 'humorous')) NOT VALID;`);
  }
}
