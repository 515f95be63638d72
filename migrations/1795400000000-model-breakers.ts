import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- What the workers know together of a model that was in trouble. No row: it never was. See src/ledger/breaker.ts.
CREATE TABLE model_breakers (
  model          text PRIMARY KEY,
  failures       integer NOT NULL DEFAULT 0,
  refused_job    uuid,
  refused_at     timestamptz,
  counted        uuid,
  answered_since timestamptz,
  message        text,
  reason         text,
  opened_at      timestamptz,
  opened_by      uuid,
  next_probe_at  timestamptz,
  wait_seconds   double precision,
  probe          uuid,
  CONSTRAINT model_breakers_open CHECK (
    (opened_at IS NULL) = (next_probe_at IS NULL) AND (opened_at IS NULL) = (wait_seconds IS NULL)
    AND (opened_at IS NULL OR message IS NOT NULL))
);
-- How many pauses in a row the service did not say the length of.
ALTER TABLE throttles ADD COLUMN untold integer NOT NULL DEFAULT 0;
-- The models that a worker asks, in the order in which it prefers them.
ALTER TABLE workers ADD COLUMN models text[] NOT NULL DEFAULT '{}';
`;

const DOWN = `
ALTER TABLE workers DROP COLUMN models;
ALTER TABLE throttles DROP COLUMN untold;
DROP TABLE model_breakers;
`;

/** Trouble at the service of a model, shared by all workers. */
export class ModelBreakers1795400000000 implements MigrationInterface {
  name = 'ModelBreakers1795400000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
