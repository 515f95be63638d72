import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- Counts the runs of a job: an explicit retry of a FAILED one begins the next. Each run ends once and is reported once.
ALTER TABLE generation_jobs ADD COLUMN run integer NOT NULL DEFAULT 1;

CREATE FUNCTION generation_jobs_next_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.run := OLD.run + 1;
  RETURN NEW;
END $$;
CREATE TRIGGER generation_jobs_next_run BEFORE UPDATE OF status ON generation_jobs
  FOR EACH ROW WHEN (OLD.status = 'FAILED' AND NEW.status = 'PENDING') EXECUTE FUNCTION generation_jobs_next_run();

-- Secrets that sign a key's messages. They are kept in clear, because signing needs them.
-- api_key_id NULL: the secret of callers that need no key.
CREATE TABLE webhook_secrets (
  id         uuid PRIMARY KEY,
  api_key_id uuid CONSTRAINT webhook_secrets_api_key REFERENCES api_keys (id) ON DELETE CASCADE,
  secret     text NOT NULL CONSTRAINT webhook_secrets_secret CHECK (secret ~ '^whsec_[A-Za-z0-9+/]{43}=$'),
  created_at timestamptz NOT NULL DEFAULT now(),
  -- After a rotation the old secret signs too until then; NULL: the current one.
  expires_at timestamptz
);
CREATE UNIQUE INDEX webhook_secrets_one_current
  ON webhook_secrets (COALESCE(api_key_id, '00000000-0000-0000-0000-000000000000')) WHERE expires_at IS NULL;
CREATE INDEX webhook_secrets_expiry ON webhook_secrets (expires_at) WHERE expires_at IS NOT NULL;

-- Which endpoints are told of a job, and of which events.
CREATE TABLE job_webhooks (
  id         uuid PRIMARY KEY,
  job_id     uuid NOT NULL CONSTRAINT job_webhooks_job REFERENCES generation_jobs (id) ON DELETE CASCADE,
  api_key_id uuid CONSTRAINT job_webhooks_api_key REFERENCES api_keys (id) ON DELETE CASCADE,
  url        text NOT NULL CONSTRAINT job_webhooks_url CHECK (url ~ '^https?://' AND length(url) <= 2048),
  events     text[] NOT NULL CONSTRAINT job_webhooks_events
               CHECK (
                 events <@ ARRAY['job.started', 'job.completed', 'job.failed', 'job.cancelled']
                 AND cardinality(events) >= 1
               ),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX job_webhooks_once
  ON job_webhooks (job_id, url, COALESCE(api_key_id, '00000000-0000-0000-0000-000000000000'));

-- The outbox of messages. The statement that changes the job's state writes them.
CREATE TABLE webhook_deliveries (
  id            uuid PRIMARY KEY,
  webhook_id    uuid NOT NULL CONSTRAINT webhook_deliveries_webhook REFERENCES job_webhooks (id) ON DELETE CASCADE,
  run           integer NOT NULL,
  event         text NOT NULL CONSTRAINT webhook_deliveries_event
                  CHECK (event IN ('job.started', 'job.completed', 'job.failed', 'job.cancelled')),
  job_status    text NOT NULL CONSTRAINT webhook_deliveries_job_status
                  CHECK (job_status IN ('IN_PROGRESS', 'DONE', 'FAILED', 'CANCELLED', 'EXPIRED')),
  status        text NOT NULL DEFAULT 'PENDING' CONSTRAINT webhook_deliveries_status
                  CHECK (status IN ('PENDING', 'DELIVERED', 'FAILED', 'DISABLED')),
  attempts      smallint NOT NULL DEFAULT 0 CONSTRAINT webhook_deliveries_attempts CHECK (attempts >= 0),
  run_at        timestamptz NOT NULL DEFAULT now(),
  in_hand       boolean NOT NULL DEFAULT false,
  dispatch      integer NOT NULL DEFAULT 1,
  dispatched_at timestamptz,
  last_status   smallint,
  last_error    text CONSTRAINT webhook_deliveries_last_error CHECK (length(last_error) <= 300),
  attempted_at  timestamptz,
  created_at    timestamptz NOT NULL DEFAULT now(),
  finished_at   timestamptz,
  CONSTRAINT webhook_deliveries_finished CHECK ((finished_at IS NULL) = (status = 'PENDING')),
  CONSTRAINT webhook_deliveries_in_hand CHECK (NOT in_hand OR status = 'PENDING')
);
-- An endpoint gets one start and one end of each run, even if the code has a defect.
CREATE UNIQUE INDEX webhook_deliveries_once ON webhook_deliveries (webhook_id, run, (event = 'job.started'));
CREATE INDEX webhook_deliveries_to_dispatch ON webhook_deliveries (run_at)
  WHERE status = 'PENDING' AND dispatched_at IS NULL;
CREATE INDEX webhook_deliveries_dispatched ON webhook_deliveries (dispatched_at)
  WHERE status = 'PENDING' AND dispatched_at IS NOT NULL;

-- Endpoints that answered 410: nothing is sent to them for that key until they are enabled again.
CREATE TABLE webhook_disabled_endpoints (
  id          uuid PRIMARY KEY,
  api_key_id  uuid CONSTRAINT webhook_disabled_endpoints_api_key REFERENCES api_keys (id) ON DELETE CASCADE,
  url         text NOT NULL,
  disabled_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX webhook_disabled_endpoints_once
  ON webhook_disabled_endpoints (url, COALESCE(api_key_id, '00000000-0000-0000-0000-000000000000'));

CREATE INDEX webhook_disabled_endpoints_disabled_at ON webhook_disabled_endpoints (disabled_at);

-- UUID version 7, for rows that the database makes itself (PostgreSQL has its own from version 18 on).
CREATE FUNCTION uuid_v7_of_now() RETURNS uuid LANGUAGE sql VOLATILE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '7'
    || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid
$$;

-- An EXPIRED job is reported as job.failed; the message has its status.
CREATE FUNCTION generation_jobs_tell() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  told text := CASE NEW.status WHEN 'IN_PROGRESS' THEN 'job.started' WHEN 'DONE' THEN 'job.completed'
    WHEN 'CANCELLED' THEN 'job.cancelled' ELSE 'job.failed' END;
BEGIN
  INSERT INTO webhook_deliveries (id, webhook_id, run, event, job_status)
    SELECT uuid_v7_of_now(), webhook.id, NEW.run, told, NEW.status FROM job_webhooks AS webhook
    WHERE webhook.job_id = NEW.id AND told = ANY (webhook.events)
      -- A second try does not begin the run again. What ends it twice is a defect, and an error by the unique index.
      AND NOT (told = 'job.started' AND EXISTS (SELECT 1 FROM webhook_deliveries AS earlier
        WHERE earlier.webhook_id = webhook.id AND earlier.run = NEW.run AND (earlier.event = 'job.started')));
  RETURN NULL;
END $$;
CREATE TRIGGER generation_jobs_tell AFTER UPDATE OF status ON generation_jobs
  FOR EACH ROW WHEN (NEW.status <> 'PENDING') EXECUTE FUNCTION generation_jobs_tell();
`;

const DOWN = `
DROP TRIGGER generation_jobs_tell ON generation_jobs;
DROP TRIGGER generation_jobs_next_run ON generation_jobs;
DROP FUNCTION generation_jobs_tell();
DROP FUNCTION generation_jobs_next_run();
DROP FUNCTION uuid_v7_of_now();
DROP TABLE webhook_disabled_endpoints, webhook_deliveries, job_webhooks, webhook_secrets;
ALTER TABLE generation_jobs DROP COLUMN run;
`;

/** Who is told of a job, what the message says, and which secret signs it. */
export class Webhooks1764043200000 implements MigrationInterface {
  name = 'Webhooks1764043200000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
