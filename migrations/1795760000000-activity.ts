import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- What some counters gained in each five minutes. A week of it is a few ten thousand rows, however much is done.
CREATE TABLE counter_gains (
  at     timestamptz NOT NULL,
  name   text NOT NULL,
  labels jsonb NOT NULL,
  value  double precision NOT NULL CONSTRAINT counter_gains_value CHECK (value >= 0),
  CONSTRAINT counter_gains_pkey PRIMARY KEY (at, name, labels)
);
`;

/** What happened in the last hours, for the operators' plots. */
export class Activity1795760000000 implements MigrationInterface {
  name = 'Activity1795760000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE counter_gains;');
  }
}
