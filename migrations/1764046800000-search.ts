import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- Trusted since PostgreSQL 13: the owner of a database may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- A search finds a title or a name by its words in Latin letters, even with typos. Every locale has trigrams for these.
CREATE INDEX movies_search ON movies USING gin (title_slug gin_trgm_ops);
CREATE INDEX people_search ON people USING gin (name_slug gin_trgm_ops);

-- Titles and names in other scripts are found by their letters: in a C locale such text has no trigrams.
CREATE FUNCTION letters_beyond_ascii(text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN string_to_array(regexp_replace($1, '[ -~]', '', 'g'), NULL);
CREATE INDEX movies_letters ON movies USING gin (letters_beyond_ascii(title));
CREATE INDEX people_letters ON people USING gin (letters_beyond_ascii(name));

-- Lists without a search show what was written last.
CREATE INDEX movies_updated_at ON movies (updated_at DESC, id);
CREATE INDEX people_updated_at ON people (updated_at DESC, id);
`;

/** The extension stays: it may have been there before, and others may use it. */
const DOWN = `
DROP INDEX movies_search, people_search, movies_letters, people_letters, movies_updated_at, people_updated_at;
DROP FUNCTION letters_beyond_ascii(text);
`;

/** Searching films and people by name, in any script and with typos. */
export class Search1764046800000 implements MigrationInterface {
  name = 'Search1764046800000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
