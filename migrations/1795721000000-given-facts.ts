import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['movies', 'people'];

const upOf = (table: string) => `
-- Facts that a request gave: all later texts rest on them, and claim nothing else.
ALTER TABLE ${table} ADD COLUMN given jsonb;
ALTER TABLE ${table} ADD COLUMN facts_origin text NOT NULL DEFAULT 'MODEL'
  CONSTRAINT ${table}_facts_origin CHECK (facts_origin IN ('MODEL', 'CLIENT'));
ALTER TABLE ${table} ADD CONSTRAINT ${table}_given CHECK ((given IS NOT NULL) = (facts_origin = 'CLIENT'));
`;

const downOf = (table: string) => `
ALTER TABLE ${table} DROP CONSTRAINT ${table}_given, DROP COLUMN facts_origin, DROP COLUMN given;
`;

/** Facts of one's own in a request. */
export class GivenFacts1795721000000 implements MigrationInterface {
  name = 'GivenFacts1795721000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(TABLES.map(upOf).join(''));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(TABLES.map(downOf).join(''));
  }
}
