import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- Queues that an operator has paused. Here, because a pause must outlive whatever happens to the queue itself.
CREATE TABLE queue_pauses (
  -- The form only: the names are in src/queue/names.ts.
  queue     text PRIMARY KEY CONSTRAINT queue_pauses_queue CHECK (queue ~ '^[a-z]+$'),
  paused_at timestamptz NOT NULL DEFAULT now()
);

-- Processes that run jobs, each kept alive by its own heartbeat.
CREATE TABLE workers (
  id          uuid PRIMARY KEY,
  -- host:pid, as in generation_jobs.worker.
  name        text NOT NULL,
  host        text NOT NULL,
  pid         integer NOT NULL,
  queues      text[] NOT NULL,
  concurrency integer NOT NULL CONSTRAINT workers_concurrency CHECK (concurrency >= 1),
  started_at  timestamptz NOT NULL DEFAULT now(),
  seen_at     timestamptz NOT NULL DEFAULT now(),
  -- Silent until then, it counts as dead; as with leases, by the settings of the worker itself.
  expires_at  timestamptz NOT NULL
);

-- What has been counted since the beginning, by all processes together.
CREATE TABLE counters (
  name   text NOT NULL CONSTRAINT counters_name CHECK (name ~ '^[a-z_]+$'),
  labels jsonb NOT NULL DEFAULT '{}',
  value  double precision NOT NULL CONSTRAINT counters_value CHECK (value >= 0),
  CONSTRAINT counters_pkey PRIMARY KEY (name, labels)
);
`;

const DOWN = `
DROP TABLE counters, workers, queue_pauses;
`;

/** What operators see and do: paused queues, live workers, counters. */
export class Operate1764050400000 implements MigrationInterface {
  name = 'Operate1764050400000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
