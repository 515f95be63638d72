import type { MigrationInterface, QueryRunner } from 'typeorm';

const OF_JOBS = `ARRAY['job.started', 'job.completed', 'job.failed', 'job.cancelled']`;
const OF_BATCHES = `ARRAY['batch.completed']`;
const eventsAre = (words: string) => `
ALTER TABLE job_webhooks DROP CONSTRAINT job_webhooks_events;
ALTER TABLE job_webhooks ADD CONSTRAINT job_webhooks_events CHECK (events <@ ${words} AND cardinality(events) >= 1);`;
const eventIs = (words: string) => `
ALTER TABLE webhook_deliveries DROP CONSTRAINT webhook_deliveries_event;
ALTER TABLE webhook_deliveries ADD CONSTRAINT webhook_deliveries_event CHECK (event = ANY (${words}));`;

const UP = `
-- When none of its jobs was PENDING or IN_PROGRESS any more, for the first time. NULL: not yet, or not noticed yet.
ALTER TABLE batches ADD COLUMN completed_at timestamptz;
CREATE INDEX batches_open ON batches (id) WHERE completed_at IS NULL;
-- Lists of batches, newest first: ids are UUIDv7.
CREATE INDEX batches_by_api_key ON batches (api_key_id, id) WHERE api_key_id IS NOT NULL;
CREATE INDEX batches_metadata ON batches USING gin (metadata jsonb_path_ops) WHERE metadata IS NOT NULL;

-- An endpoint is told of a job, or of a batch.
ALTER TABLE job_webhooks ALTER COLUMN job_id DROP NOT NULL;
ALTER TABLE job_webhooks ADD COLUMN batch_id uuid
  CONSTRAINT job_webhooks_batch REFERENCES batches (id) ON DELETE CASCADE;
ALTER TABLE job_webhooks ADD CONSTRAINT job_webhooks_subject CHECK (num_nonnulls(job_id, batch_id) = 1);
CREATE INDEX job_webhooks_of_batch ON job_webhooks (batch_id) WHERE batch_id IS NOT NULL;
${eventsAre(`CASE WHEN batch_id IS NULL THEN ${OF_JOBS} ELSE ${OF_BATCHES} END`)}
ALTER TABLE webhook_deliveries ALTER COLUMN job_status DROP NOT NULL;
-- Items of the batch by the status of their job, when it was completed.
ALTER TABLE webhook_deliveries ADD COLUMN counts jsonb;
${eventIs(`${OF_JOBS} || ${OF_BATCHES}`)}
ALTER TABLE webhook_deliveries ADD CONSTRAINT webhook_deliveries_subject
  CHECK ((event = 'batch.completed') = (job_status IS NULL) AND (event = 'batch.completed') = (counts IS NOT NULL));
`;

const DOWN = `
DELETE FROM job_webhooks WHERE batch_id IS NOT NULL;
ALTER TABLE webhook_deliveries DROP CONSTRAINT webhook_deliveries_subject;
${eventIs(OF_JOBS)}
ALTER TABLE webhook_deliveries DROP COLUMN counts;
ALTER TABLE webhook_deliveries ALTER COLUMN job_status SET NOT NULL;
${eventsAre(OF_JOBS)}
DROP INDEX job_webhooks_of_batch;
ALTER TABLE job_webhooks DROP CONSTRAINT job_webhooks_subject, DROP COLUMN batch_id;
ALTER TABLE job_webhooks ALTER COLUMN job_id SET NOT NULL;
DROP INDEX batches_metadata, batches_by_api_key, batches_open;
ALTER TABLE batches DROP COLUMN completed_at;
`;

/** Batches are listed, and tell when they are completed. */
export class WholeBatches1795710060000 implements MigrationInterface {
  name = 'WholeBatches1795710060000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
