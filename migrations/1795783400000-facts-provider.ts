import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['movies', 'people'];

const UP = `
-- Answers of a provider of facts, for a day: a question is known by its hash.
CREATE TABLE facts_cache (
  key        text CONSTRAINT facts_cache_pkey PRIMARY KEY CONSTRAINT facts_cache_key CHECK (key ~ '^[0-9a-f]{64}$'),
  answer     jsonb NOT NULL,
  bytes      integer NOT NULL CONSTRAINT facts_cache_bytes CHECK (bytes BETWEEN 1 AND 65536),
  expires_at timestamptz NOT NULL
);
-- Besides the pauses of the model: those of the provider, while it is away, and whose turn it is to ask it.
ALTER TABLE throttles DROP CONSTRAINT throttles_name;
ALTER TABLE throttles ADD CONSTRAINT throttles_name CHECK (name IN ('model', 'facts', 'facts-away', 'facts-turn'));
`;

/** What is there fits: it is checked in the migration after this one, without a lock. */
const upOf = (table: string) => `
ALTER TABLE ${table} DROP CONSTRAINT ${table}_facts_origin, ADD CONSTRAINT ${table}_facts_origin
  CHECK (facts_origin IN ('MODEL', 'CLIENT', 'TMDB')) NOT VALID;
`;

/** For the version before, the model told what was looked up. */
const downOf = (table: string) => `
UPDATE ${table} SET facts_origin = 'MODEL' WHERE facts_origin = 'TMDB';
ALTER TABLE ${table} DROP CONSTRAINT ${table}_facts_origin, ADD CONSTRAINT ${table}_facts_origin
  CHECK (facts_origin IN ('MODEL', 'CLIENT'));
`;

const DOWN = `
DELETE FROM throttles WHERE name <> 'model';
ALTER TABLE throttles DROP CONSTRAINT throttles_name;
ALTER TABLE throttles ADD CONSTRAINT throttles_name CHECK (name IN ('model'));
DROP TABLE facts_cache;
`;

/** Facts that a provider tells. */
export class FactsProvider1795783400000 implements MigrationInterface {
  name = 'FactsProvider1795783400000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP + TABLES.map(upOf).join(''));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(TABLES.map(downOf).join('') + DOWN);
  }
}
