import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- What all servers of a database know and nobody else: one signs access tokens. Made on first use.
CREATE TABLE server_secrets (
  name       text PRIMARY KEY,
  secret     bytea NOT NULL CONSTRAINT server_secrets_length CHECK (length(secret) >= 32),
  created_at timestamptz NOT NULL DEFAULT now()
);
`;

/** Secrets that all servers of a database share. */
export class ServerSecrets1795730000000 implements MigrationInterface {
  name = 'ServerSecrets1795730000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE server_secrets;');
  }
}
