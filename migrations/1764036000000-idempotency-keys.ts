import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- Requests that carried an Idempotency-Key, and their answers.
-- id is the SHA-256 of caller, route and key; fingerprint is that of path and body. So no text of a client is kept.
-- The answer is NULL only within the transaction that makes it, so no other session ever sees that.
CREATE TABLE idempotency_keys (
  id          bytea PRIMARY KEY CONSTRAINT idempotency_keys_id CHECK (length(id) = 32),
  fingerprint bytea NOT NULL CONSTRAINT idempotency_keys_fingerprint CHECK (length(fingerprint) = 32),
  status      smallint CONSTRAINT idempotency_keys_status CHECK (status BETWEEN 200 AND 299),
  headers     json,
  -- json, not jsonb: the body as it was sent, in its order.
  body        json,
  created_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT idempotency_keys_answer CHECK ((status IS NULL) = (headers IS NULL) AND (status IS NULL) = (body IS NULL))
);
CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);
`;

const DOWN = `
DROP TABLE idempotency_keys;
`;

/** Recognises a request that is sent again. */
export class IdempotencyKeys1764036000000 implements MigrationInterface {
  name = 'IdempotencyKeys1764036000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
