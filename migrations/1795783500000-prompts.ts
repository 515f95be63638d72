import type { MigrationInterface, QueryRunner } from 'typeorm';

const TEXTS = ['movie_descriptions', 'person_bios'];

/** Of texts that somebody wrote there is none, and of those of before it is not known. */
const upOf = (texts: string) => `
-- Version of the prompts that it was asked with.
ALTER TABLE ${texts} ADD COLUMN prompt_version text;
ALTER TABLE ${texts} ADD CONSTRAINT ${texts}_prompt
  CHECK (prompt_version IS NULL OR (origin = 'GENERATED' AND prompt_version ~ '^v[1-9][0-9]{0,3}$')) NOT VALID;
`;

const UP = `
${TEXTS.map(upOf).join('')}
-- NULL: counted before there were versions, or by a program of before.
ALTER TABLE model_uses ADD COLUMN prompt_version text;
-- What somebody thought of a text that a model wrote. It outlives the text: it is of the model and the prompts.
CREATE TABLE text_reviews (
  id             uuid CONSTRAINT text_reviews_pkey PRIMARY KEY,
  entity         text NOT NULL CONSTRAINT text_reviews_entity CHECK (entity IN ('MOVIE', 'PERSON')),
  text_id        uuid NOT NULL CONSTRAINT text_reviews_one_a_text UNIQUE,
  slug           text NOT NULL,
  locale         text NOT NULL,
  context_tag    text NOT NULL,
  model          text NOT NULL,
  prompt_version text,
  verdict        text NOT NULL CONSTRAINT text_reviews_verdict CHECK (verdict IN ('good', 'bad')),
  note           text CONSTRAINT text_reviews_note CHECK (length(note) BETWEEN 1 AND 1000),
  at             timestamptz NOT NULL DEFAULT now(),
  actor          text NOT NULL CONSTRAINT text_reviews_actor CHECK (actor IN ('key', 'bootstrap', 'anybody', 'cli')),
  api_key_id     uuid CONSTRAINT text_reviews_api_key REFERENCES api_keys (id) ON DELETE SET NULL
);
CREATE INDEX text_reviews_verdicts ON text_reviews (verdict, id);
CREATE INDEX text_reviews_key ON text_reviews (api_key_id) WHERE api_key_id IS NOT NULL;
`;

const DOWN = `
DROP TABLE text_reviews;
ALTER TABLE model_uses DROP COLUMN prompt_version;
${TEXTS.map((texts) => `ALTER TABLE ${texts} DROP CONSTRAINT ${texts}_prompt, DROP COLUMN prompt_version;`).join('\n')}
`;

/** The version of the prompts of each text and each use, and what people think of texts. */
export class Prompts1795783500000 implements MigrationInterface {
  name = 'Prompts1795783500000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
