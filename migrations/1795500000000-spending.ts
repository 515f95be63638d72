import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- What calls of models took, by day (UTC), key, model and kind. Several rows of one group are added up now and then.
CREATE TABLE model_uses (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  day           date NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')::date,
  noted_at      timestamptz NOT NULL DEFAULT now(),
  api_key_id    uuid,
  model         text NOT NULL,
  entity        text NOT NULL,
  calls         bigint NOT NULL,
  input_tokens  bigint NOT NULL,
  output_tokens bigint NOT NULL,
  duration_ms   bigint NOT NULL,
  cost          numeric
);
CREATE INDEX model_uses_day ON model_uses (day, api_key_id) INCLUDE (input_tokens, output_tokens);
-- What jobs told before. Their rows stay as they are, and what they cost is not known.
INSERT INTO model_uses (day, noted_at, api_key_id, model, entity, calls, input_tokens, output_tokens, duration_ms)
  SELECT day, max(ended), api_key_id, model, entity, sum(calls), sum(input_tokens), sum(output_tokens), sum(duration_ms)
  FROM (SELECT COALESCE(finished_at, started_at, created_at) AS ended,
      (COALESCE(finished_at, started_at, created_at) AT TIME ZONE 'UTC')::date AS day, api_key_id, entity,
      COALESCE(usage ->> 'model', '') AS model, COALESCE((usage ->> 'calls')::bigint, 1) AS calls,
      COALESCE((usage ->> 'input_tokens')::bigint, 0) AS input_tokens,
      COALESCE((usage ->> 'output_tokens')::bigint, 0) AS output_tokens,
      COALESCE((usage ->> 'duration_ms')::bigint, 0) AS duration_ms
    FROM generation_jobs WHERE jsonb_typeof(usage) = 'object') AS used
  GROUP BY day, api_key_id, model, entity;
-- Tokens that the jobs of a key may take a day; NULL: as many as they need.
ALTER TABLE api_keys ADD COLUMN daily_tokens bigint CONSTRAINT api_keys_daily_tokens CHECK (daily_tokens > 0);
-- The same for all jobs, as the settings of a worker have it.
ALTER TABLE workers ADD COLUMN daily_tokens bigint;
`;

const DOWN = `
ALTER TABLE workers DROP COLUMN daily_tokens;
ALTER TABLE api_keys DROP COLUMN daily_tokens;
DROP TABLE model_uses;
`;

/** What is spent on models, and how much may be. */
export class Spending1795500000000 implements MigrationInterface {
  name = 'Spending1795500000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
