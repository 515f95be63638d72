import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- What was found lost and was repaired, by the hour: few rows, however much it was.
CREATE TABLE recoveries (
  kind    text NOT NULL CONSTRAINT recoveries_kind CHECK (kind ~ '^[a-z_]{1,40}$'),
  of      text NOT NULL CONSTRAINT recoveries_of CHECK (of IN ('jobs', 'webhooks')),
  hour    timestamptz NOT NULL,
  count   integer NOT NULL CONSTRAINT recoveries_count CHECK (count >= 1),
  last_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT recoveries_pkey PRIMARY KEY (hour, kind, of)
);

-- Backups that operators made with tools of their own, and noted here.
CREATE TABLE backups (
  id          uuid PRIMARY KEY,
  finished_at timestamptz NOT NULL,
  noted_at    timestamptz NOT NULL DEFAULT now(),
  bytes       bigint CONSTRAINT backups_bytes CHECK (bytes >= 0),
  sha256      text CONSTRAINT backups_sha256 CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  tool        text CONSTRAINT backups_tool CHECK (length(tool) <= 100),
  comment     text CONSTRAINT backups_comment CHECK (length(comment) <= 500)
);
CREATE INDEX backups_newest ON backups (finished_at, id);
`;

const DOWN = `
DROP TABLE backups, recoveries;
`;

/** What was repaired, and when a backup was made last. */
export class Backups1795771000000 implements MigrationInterface {
  name = 'Backups1795771000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
