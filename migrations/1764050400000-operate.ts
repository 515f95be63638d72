import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- Queues that an operator has paused. They are kept here because a pause must outlive the loss of the queue itself.
CREATE TABLE queue_pauses (
  -- Checks the form only: the names are in src/domain/queues.ts.
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
  -- A worker that is silent until then counts as dead. As with leases, the worker's own settings decide.
  expires_at  timestamptz NOT NULL
);

-- Totals since the beginning, over all processes.
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
