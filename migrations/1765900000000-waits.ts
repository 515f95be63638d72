import type { MigrationInterface, QueryRunner } from 'typeorm';

/** As deliveries.service.ts asks for it: when `run_at` was written, in seconds since 1970. */
const WRITTEN_AT = `date_part('epoch', run_at - timestamptz 'epoch') -
  CASE attempts WHEN 0 THEN COALESCE(wait_seconds, 0) ELSE NULLIF(wait_seconds, 0) END`;

const UP = `
-- How far ahead the time that a row waits for lay when it was written, seconds. Further ahead it lies only after the server's
-- clock was set back. NULL, or 0 after a try: by the version before, which does not tell.
ALTER TABLE generation_jobs ADD COLUMN wait_seconds double precision;
ALTER TABLE webhook_deliveries ADD COLUMN wait_seconds double precision;
ALTER TABLE throttles ADD COLUMN wait_seconds double precision;

UPDATE generation_jobs SET wait_seconds = extract(epoch FROM run_at - now()) WHERE status = 'PENDING' AND run_at > now();
UPDATE webhook_deliveries SET wait_seconds = extract(epoch FROM run_at - now()) WHERE status = 'PENDING' AND run_at > now();
UPDATE throttles SET wait_seconds = extract(epoch FROM until - now()) WHERE until > now();

-- A receiver that is away for a day leaves millions of messages that lawfully wait: those that do not are found by this.
CREATE INDEX webhook_deliveries_written_at ON webhook_deliveries ((${WRITTEN_AT}))
  WHERE status = 'PENDING' AND dispatched_at IS NULL;
`;

const DOWN = `
DROP INDEX webhook_deliveries_written_at;
ALTER TABLE throttles DROP COLUMN wait_seconds;
ALTER TABLE webhook_deliveries DROP COLUMN wait_seconds;
ALTER TABLE generation_jobs DROP COLUMN wait_seconds;
`;

/** No time that is waited for lies further ahead than it may, whatever becomes of the server's clock. */
export class Waits1765900000000 implements MigrationInterface {
  name = 'Waits1765900000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
