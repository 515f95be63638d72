import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the database tells of a change of state, with the suggestions or without. */
const tellOf = (columns: string, values: string) => `
CREATE OR REPLACE FUNCTION generation_jobs_tell() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  told text := CASE NEW.status WHEN 'IN_PROGRESS' THEN 'job.started' WHEN 'DONE' THEN 'job.completed'
    WHEN 'CANCELLED' THEN 'job.cancelled' ELSE 'job.failed' END;
BEGIN
  INSERT INTO webhook_deliveries (id, webhook_id, run, event, job_status${columns})
    SELECT uuid_v7_of_now(), webhook.id, NEW.run, told, NEW.status${values} FROM job_webhooks AS webhook
    WHERE webhook.job_id = NEW.id AND told = ANY (webhook.events)
      -- A second try does not begin the run again. What ends it twice is a defect, and an error by the unique index.
      AND NOT (told = 'job.started' AND EXISTS (SELECT 1 FROM webhook_deliveries AS earlier
        WHERE earlier.webhook_id = webhook.id AND earlier.run = NEW.run AND (earlier.event = 'job.started')));
  RETURN NULL;
END $$;
`;

const UP = `
-- What may have been meant, of the run that the message tells of: a later run has an error of its own, or none.
ALTER TABLE webhook_deliveries ADD COLUMN suggestions jsonb;
${tellOf(', suggestions', `, NEW.error -> 'suggestions'`)}
`;

const DOWN = `
${tellOf('', '')}
ALTER TABLE webhook_deliveries DROP COLUMN suggestions;
`;

/** A message to a webhook names what may have been meant. */
export class ToldSuggestions1795600060000 implements MigrationInterface {
  name = 'ToldSuggestions1795600060000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
