import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The expression that deliveries.service.ts uses: when `run_at` was written, in seconds since 1970. */
const WRITTEN_AT = `date_part('epoch', run_at - timestamptz 'epoch') -
  CASE attempts WHEN 0 THEN COALESCE(wait_seconds, 0) ELSE NULLIF(wait_seconds, 0) END`;

const UP = `
-- How far ahead the row's time was when it was written, seconds.
-- The time is further ahead only after the server's clock was set back.
-- NULL, or 0 after a try: the version before wrote the row and did not say.
ALTER TABLE generation_jobs ADD COLUMN wait_seconds double precision;
ALTER TABLE webhook_deliveries ADD COLUMN wait_seconds double precision;
ALTER TABLE throttles ADD COLUMN wait_seconds double precision;

UPDATE generation_jobs SET wait_seconds = extract(epoch FROM run_at - now())
  WHERE status = 'PENDING' AND run_at > now();
UPDATE webhook_deliveries SET wait_seconds = extract(epoch FROM run_at - now())
  WHERE status = 'PENDING' AND run_at > now();
UPDATE throttles SET wait_seconds = extract(epoch FROM until - now()) WHERE until > now();

-- A receiver that is away for a day leaves millions of messages that rightly wait. This index finds the others.
CREATE INDEX webhook_deliveries_written_at ON webhook_deliveries ((${WRITTEN_AT}))
  WHERE status = 'PENDING' AND dispatched_at IS NULL;
`;

const DOWN = `
DROP INDEX webhook_deliveries_written_at;
ALTER TABLE throttles DROP COLUMN wait_seconds;
ALTER TABLE webhook_deliveries DROP COLUMN wait_seconds;
ALTER TABLE generation_jobs DROP COLUMN wait_seconds;
`;

/** Limits how far ahead the time of a row may lie, so that a clock that is set back delays no row for long. */
export class Waits1765900000000 implements MigrationInterface {
  name = 'Waits1765900000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
