import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The trigger function of foundation.ts, with `more` added. */
const transition = (more: string) => `
CREATE OR REPLACE FUNCTION generation_jobs_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status IN ('DONE', 'CANCELLED', 'EXPIRED') OR (OLD.status = 'FAILED' AND NEW.status <> 'PENDING') THEN
    RAISE EXCEPTION 'job % is % and cannot become %', OLD.id, OLD.status, NEW.status USING ERRCODE = 'check_violation';
  END IF;
  NEW.revision := OLD.revision + 1;${more}
  RETURN NEW;
END $$;
`;

const UP = `
-- A job that is done is in the stage DONE. Its usage is the sum over the calls in its history, also if it FAILED.
ALTER TABLE generation_jobs DROP CONSTRAINT generation_jobs_stage;
UPDATE generation_jobs AS job SET stage = CASE stage WHEN 'SAVING' THEN 'DONE' ELSE stage END, usage = COALESCE((
    SELECT jsonb_build_object('model', (array_agg(call ->> 'model' ORDER BY place DESC))[1], 'calls', count(*),
      'input_tokens', sum((call ->> 'input_tokens')::bigint), 'output_tokens', sum((call ->> 'output_tokens')::bigint),
      'duration_ms', sum((call ->> 'duration_ms')::bigint))
    FROM jsonb_array_elements(job.history) WITH ORDINALITY AS try (call, place)
    WHERE call ? 'model'
    HAVING count(*) > 0),
  usage || '{"calls": 1}')
  WHERE stage = 'SAVING' OR history <> '[]';
ALTER TABLE generation_jobs ADD CONSTRAINT generation_jobs_stage CHECK (stage IN ('QUEUED', 'GENERATING', 'DONE'));
-- During an upgrade, workers of the version before still name that stage SAVING.
${transition(`
  IF NEW.status = 'DONE' THEN
    NEW.stage := 'DONE';
  END IF;`)}
-- When the pause began. A pause that is made longer keeps its beginning.
ALTER TABLE throttles ADD COLUMN since timestamptz NOT NULL DEFAULT now();
`;

const DOWN = `
ALTER TABLE throttles DROP COLUMN since;
${transition('')}
ALTER TABLE generation_jobs DROP CONSTRAINT generation_jobs_stage;
UPDATE generation_jobs SET stage = 'SAVING' WHERE stage = 'DONE';
ALTER TABLE generation_jobs ADD CONSTRAINT generation_jobs_stage CHECK (stage IN ('QUEUED', 'GENERATING', 'SAVING'));
`;

/** What a client sees of a job: its last stage, its usage, and what holds it up. */
export class UsageAndHolds1765300060000 implements MigrationInterface {
  name = 'UsageAndHolds1765300060000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
