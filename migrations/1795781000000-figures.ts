import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- From when on a job that was retried is timed; NULL: it never was.
ALTER TABLE generation_jobs ADD COLUMN retried_at timestamptz;

-- So far each bucket of this histogram counted what the lower ones do, and most of its rows were written for nothing.
INSERT INTO counters (name, labels, value)
SELECT 'generation_duration_seconds_band', labels, GREATEST(0, value - COALESCE(lower, 0)) FROM (
  SELECT labels, value,
    lag(value) OVER (PARTITION BY labels - 'le' ORDER BY (labels ->> 'le')::float8) AS lower
  FROM counters WHERE name = 'generation_duration_seconds_bucket') AS bucket
ON CONFLICT (name, labels) DO UPDATE SET value = counters.value + EXCLUDED.value;
DELETE FROM counters WHERE name IN ('generation_duration_seconds_bucket', 'generation_duration_seconds_count');
`;

const DOWN = `
INSERT INTO counters (name, labels, value)
SELECT 'generation_duration_seconds_bucket', labels,
  sum(value) OVER (PARTITION BY labels - 'le' ORDER BY (labels ->> 'le')::float8)
FROM counters WHERE name = 'generation_duration_seconds_band';
INSERT INTO counters (name, labels, value)
SELECT 'generation_duration_seconds_count', labels - 'le', sum(value)
FROM counters WHERE name = 'generation_duration_seconds_band' GROUP BY labels - 'le';
DELETE FROM counters WHERE name ~ '_band$';
ALTER TABLE generation_jobs DROP COLUMN retried_at;
`;

/** What times are measured from, and how they are counted. */
export class Figures1795781000000 implements MigrationInterface {
  name = 'Figures1795781000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
