import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- The oldest release whose programs work with these tables; NULL: none has been shut out so far.
-- A migration that takes away what releases before it use sets it, in its own transaction.
ALTER TABLE deployment ADD COLUMN least_program text
  CONSTRAINT deployment_least_program CHECK (least_program ~ '^\\d{1,5}\\.\\d{1,5}\\.\\d{1,5}$');
-- The version of the program. NULL: of one that did not say.
ALTER TABLE processes ADD COLUMN version text CONSTRAINT processes_version CHECK (length(version) <= 50);
`;

const DOWN = `
ALTER TABLE processes DROP COLUMN version;
ALTER TABLE deployment DROP COLUMN least_program;
`;

/** Programs of several releases on the same tables: which may be there, and which are. */
export class Upgrades1795783300000 implements MigrationInterface {
  name = 'Upgrades1795783300000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
