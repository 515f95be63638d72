import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- Processes of every role, each kept alive by its own beat. Those that run jobs are in the table workers, too.
CREATE TABLE processes (
  id          uuid PRIMARY KEY,
  host        text NOT NULL,
  pid         integer NOT NULL,
  role        text NOT NULL CONSTRAINT processes_role CHECK (role ~ '^[a-z]{1,20}$'),
  -- Most connections to PostgreSQL that its settings let it open.
  connections integer NOT NULL CONSTRAINT processes_connections CHECK (connections >= 1),
  -- Seconds that its clock is ahead of PostgreSQL's; negative: behind. NULL: not known yet.
  clock_ahead double precision,
  started_at  timestamptz NOT NULL DEFAULT now(),
  seen_at     timestamptz NOT NULL DEFAULT now(),
  -- A process that is silent until then counts as dead.
  expires_at  timestamptz NOT NULL
);
`;

const DOWN = `
DROP TABLE processes;
`;

/** What every process needs of PostgreSQL, and what its clock says. */
export class Processes1795783000000 implements MigrationInterface {
  name = 'Processes1795783000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
