import type { MigrationInterface, QueryRunner } from 'typeorm';

const KINDS = [
  { table: 'movies', texts: 'movie_descriptions', owner: 'movie_id', base: 'title_slug', year: 'release_year' },
  { table: 'people', texts: 'person_bios', owner: 'person_id', base: 'name_slug', year: 'birth_year' },
];
type Kind = (typeof KINDS)[number];

/** The indexes of lists, of all rows or of those that are shown. */
const indexesOf = ({ table, base, year }: Kind, where: string) => `
DROP INDEX ${table}_listed, ${table}_counted, ${table}_by_name, ${table}_by_year;
CREATE INDEX ${table}_listed ON ${table} (has_text, updated_at DESC, id)${where};
CREATE INDEX ${table}_counted ON ${table} (${year}, has_text)${where};
CREATE INDEX ${table}_by_name ON ${table} (has_text, ${base}, id)${where};
CREATE INDEX ${table}_by_year ON ${table} (has_text, ${year} DESC NULLS LAST, id)${where};
`;

/** A text that somebody wrote says nothing of facts: they are still to be asked for. */
const keptOf = ({ table, texts, owner }: Kind, known: string, unless: string) => `
CREATE OR REPLACE FUNCTION ${texts}_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    UPDATE ${table} SET has_text = true, known = ${known} WHERE id = NEW.${owner} AND NOT ${unless};
  ELSE
    UPDATE ${table} SET has_text = false
      WHERE id = OLD.${owner} AND NOT EXISTS (SELECT 1 FROM ${texts} WHERE ${owner} = OLD.${owner});
  END IF;
  RETURN NULL;
END $$;
`;

const upOf = (kind: Kind) => {
  const { table, texts, owner } = kind;
  return `
ALTER TABLE ${texts} DROP CONSTRAINT ${texts}_origin;
ALTER TABLE ${texts} ADD CONSTRAINT ${texts}_origin CHECK (origin IN ('GENERATED', 'HUMAN'));
ALTER TABLE ${texts} ALTER COLUMN ai_model DROP NOT NULL;
ALTER TABLE ${texts} ADD CONSTRAINT ${texts}_writer CHECK ((ai_model IS NULL) = (origin = 'HUMAN'));
-- Somebody wrote or chose it: it is served in place of newer ones.
ALTER TABLE ${texts} ADD COLUMN pinned boolean NOT NULL DEFAULT false;
CREATE UNIQUE INDEX ${texts}_one_pinned ON ${texts} (${owner}, locale, context_tag) WHERE pinned;
CREATE INDEX ${texts}_current ON ${texts} (${owner}, locale, context_tag, pinned, version);
-- What somebody corrected, by the names of the fields: no model changes it.
ALTER TABLE ${table} ADD COLUMN edited text[] NOT NULL DEFAULT '{}';
-- Not shown in lists, credits and searches.
ALTER TABLE ${table} ADD COLUMN hidden boolean NOT NULL DEFAULT false;
${indexesOf(kind, ' WHERE NOT hidden')}
${keptOf(kind, `known OR NEW.origin = 'GENERATED'`, `(has_text AND (known OR NEW.origin <> 'GENERATED'))`)}`;
};

const downOf = (kind: Kind) => {
  const { table, texts } = kind;
  return `
${keptOf(kind, 'true', '(has_text AND known)')}
${indexesOf(kind, '')}
ALTER TABLE ${table} DROP COLUMN edited, DROP COLUMN hidden;
DROP INDEX ${texts}_one_pinned, ${texts}_current;
ALTER TABLE ${texts} DROP CONSTRAINT ${texts}_writer, DROP CONSTRAINT ${texts}_origin, DROP COLUMN pinned;
UPDATE ${texts} SET origin = 'GENERATED', ai_model = COALESCE(ai_model, 'human') WHERE origin = 'HUMAN';
ALTER TABLE ${texts} ALTER COLUMN ai_model SET NOT NULL;
ALTER TABLE ${texts} ADD CONSTRAINT ${texts}_origin CHECK (origin IN ('GENERATED'));
`;
};

const UP = `
ALTER TABLE api_keys DROP CONSTRAINT api_keys_scopes;
ALTER TABLE api_keys ADD CONSTRAINT api_keys_scopes
  CHECK (scopes <@ ARRAY['generate', 'read', 'edit', 'admin'] AND cardinality(scopes) >= 1);
${KINDS.map(upOf).join('')}
-- What somebody changed, written with the change.
CREATE TABLE audit_log (
  id         uuid CONSTRAINT audit_log_pkey PRIMARY KEY,
  at         timestamptz NOT NULL DEFAULT now(),
  api_key_id uuid CONSTRAINT audit_log_api_key REFERENCES api_keys (id) ON DELETE SET NULL,
  request_id text NOT NULL,
  action     text NOT NULL CONSTRAINT audit_log_action CHECK (action ~ '^[a-z_]{3,40}$'),
  entity     text NOT NULL CONSTRAINT audit_log_entity CHECK (entity IN ('MOVIE', 'PERSON')),
  entity_id  uuid NOT NULL,
  slug       text NOT NULL,
  details    jsonb NOT NULL CONSTRAINT audit_log_details CHECK (length(details::text) <= 32768)
);
CREATE INDEX audit_log_slug ON audit_log (slug, id);

-- What is never made again, and what it is known by: names as they are compared, slugs, and ids of others.
CREATE TABLE blocks (
  id         uuid CONSTRAINT blocks_pkey PRIMARY KEY,
  entity     text NOT NULL CONSTRAINT blocks_entity CHECK (entity IN ('MOVIE', 'PERSON')),
  entity_id  uuid NOT NULL,
  name       text NOT NULL,
  year       smallint,
  slug       text NOT NULL,
  slugs      text[] NOT NULL,
  keys       text[] NOT NULL,
  imdb_id    text,
  tmdb_id    integer,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX blocks_slugs ON blocks USING gin (slugs) WITH (fastupdate = off);
CREATE INDEX blocks_keys ON blocks USING gin (keys) WITH (fastupdate = off);
CREATE INDEX blocks_imdb_id ON blocks (imdb_id) WHERE imdb_id IS NOT NULL;
CREATE INDEX blocks_tmdb_id ON blocks (tmdb_id) WHERE tmdb_id IS NOT NULL;
`;

const DOWN = `
DROP TABLE blocks, audit_log;
${KINDS.map(downOf).join('')}
UPDATE api_keys SET scopes = array_remove(scopes, 'edit') WHERE scopes <> ARRAY['edit'];
DELETE FROM api_keys WHERE scopes = ARRAY['edit'];
ALTER TABLE api_keys DROP CONSTRAINT api_keys_scopes;
ALTER TABLE api_keys ADD CONSTRAINT api_keys_scopes
  CHECK (scopes <@ ARRAY['generate', 'read', 'admin'] AND cardinality(scopes) >= 1);
`;

/** Texts and facts of one's own, what is hidden and what is blocked, and who changed what. */
export class Edits1795720000000 implements MigrationInterface {
  name = 'Edits1795720000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
