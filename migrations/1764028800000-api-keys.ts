import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- Who may call. The key itself is shown once, when it is made; this table has only its SHA-256.
-- A slow hash would protect nothing more, because a key is 256 random bits.
CREATE TABLE api_keys (
  id           uuid PRIMARY KEY,
  name         text NOT NULL CONSTRAINT api_keys_name CHECK (length(name) BETWEEN 1 AND 100),
  hash         bytea NOT NULL CONSTRAINT api_keys_hash_unique UNIQUE CONSTRAINT api_keys_hash CHECK (length(hash) = 32),
  scopes       text[] NOT NULL CONSTRAINT api_keys_scopes
                 CHECK (scopes <@ ARRAY['generate', 'read', 'admin'] AND cardinality(scopes) >= 1),
  created_at   timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz,
  revoked_at   timestamptz
);

-- The key that made the job; NULL: no key was needed, or it was the bootstrap token.
ALTER TABLE generation_jobs ADD COLUMN api_key_id uuid
  CONSTRAINT generation_jobs_api_key REFERENCES api_keys (id) ON DELETE SET NULL;
`;

const DOWN = `
ALTER TABLE generation_jobs DROP COLUMN api_key_id;
DROP TABLE api_keys;
`;

/** Keys of callers, and the key that made each job. */
export class ApiKeys1764028800000 implements MigrationInterface {
  name = 'ApiKeys1764028800000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
