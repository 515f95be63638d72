import type { MigrationInterface, QueryRunner } from 'typeorm';

const TEXTS = ['movie_descriptions', 'person_bios'];

/** Reads the texts that were there, beside those who write. */
export class PromptsChecked1795783560000 implements MigrationInterface {
  name = 'PromptsChecked1795783560000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const texts of TEXTS) await queryRunner.query(`ALTER TABLE ${texts} VALIDATE CONSTRAINT ${texts}_prompt`);
  }

  /** A rule that was looked at holds as before. */
  down(): Promise<void> {
    return Promise.resolve();
  }
}
