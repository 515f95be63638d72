import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the database tells of a change of state, with the notes or without. */
const tellOf = (columns: string, values: string) => `
CREATE OR REPLACE FUNCTION generation_jobs_tell() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  told text := CASE NEW.status WHEN 'IN_PROGRESS' THEN 'job.started' WHEN 'DONE' THEN 'job.completed'
    WHEN 'CANCELLED' THEN 'job.cancelled' ELSE 'job.failed' END;
BEGIN
  INSERT INTO webhook_deliveries (id, webhook_id, run, event, job_status, suggestions${columns})
    SELECT uuid_v7_of_now(), webhook.id, NEW.run, told, NEW.status, NEW.error -> 'suggestions'${values}
    FROM job_webhooks AS webhook
    WHERE webhook.job_id = NEW.id AND told = ANY (webhook.events)
      -- A second try does not begin the run again. What ends it twice is a defect, and an error by the unique index.
      AND NOT (told = 'job.started' AND EXISTS (SELECT 1 FROM webhook_deliveries AS earlier
        WHERE earlier.webhook_id = webhook.id AND earlier.run = NEW.run AND (earlier.event = 'job.started')));
  RETURN NULL;
END $$;
`;

const UP = `
-- What keys have noted on a job, by their ids; callers without a key have the nil UUID. NULL: nothing.
ALTER TABLE generation_jobs ADD COLUMN metadata jsonb;
CREATE INDEX generation_jobs_metadata ON generation_jobs USING gin (metadata jsonb_path_ops)
  WHERE metadata IS NOT NULL;
-- What the key of a batch has noted on all of it.
ALTER TABLE batches ADD COLUMN metadata jsonb;
-- What the key of the webhook had noted when it happened: later notes do not change a message.
ALTER TABLE webhook_deliveries ADD COLUMN metadata jsonb;
${tellOf(', metadata', `, NEW.metadata -> COALESCE(webhook.api_key_id, '00000000-0000-0000-0000-000000000000')::text`)}
`;

const DOWN = `
${tellOf('', '')}
ALTER TABLE webhook_deliveries DROP COLUMN metadata;
ALTER TABLE batches DROP COLUMN metadata;
DROP INDEX generation_jobs_metadata;
ALTER TABLE generation_jobs DROP COLUMN metadata;
`;

/** Clients note what they like on their jobs and batches, and find jobs by it. */
export class Metadata1795710000000 implements MigrationInterface {
  name = 'Metadata1795710000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
