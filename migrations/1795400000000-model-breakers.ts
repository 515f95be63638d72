import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- What the workers know together of a model that was in trouble. No row: it never was. See src/ledger/breaker.ts.
CREATE TABLE model_breakers (
  model          text PRIMARY KEY,
  models         text[] NOT NULL DEFAULT '{}',
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
CREATE INDEX model_breakers_open ON model_breakers (next_probe_at, model) WHERE opened_at IS NOT NULL;
-- What tries took lately, where MODEL_TOKENS_PER_MINUTE bounds them; for some minutes.
CREATE TABLE model_spends (
  spent_at timestamptz NOT NULL DEFAULT now(),
  tries    integer NOT NULL,
  tokens   bigint NOT NULL
);
CREATE INDEX model_spends_spent_at ON model_spends (spent_at);
-- How many pauses in a row the service did not say the length of.
ALTER TABLE throttles ADD COLUMN untold integer NOT NULL DEFAULT 0;
-- The models that a worker asks, in the order in which it prefers them.
ALTER TABLE workers ADD COLUMN models text[] NOT NULL DEFAULT '{}';
-- Whether it keeps jobs waiting by a bound of the fleet.
ALTER TABLE workers ADD COLUMN bounded boolean NOT NULL DEFAULT false;
-- A call that an operator wants to see: when it was asked for, and what became of it.
ALTER TABLE workers ADD COLUMN trial_asked_at timestamptz, ADD COLUMN trial jsonb;
`;

const DOWN = `
ALTER TABLE workers DROP COLUMN trial, DROP COLUMN trial_asked_at;
ALTER TABLE workers DROP COLUMN bounded;
ALTER TABLE workers DROP COLUMN models;
ALTER TABLE throttles DROP COLUMN untold;
DROP TABLE model_spends;
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
