import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A table, the table of its texts, and the column that names the owner of a text. */
const KINDS = [
  { table: 'movies', texts: 'movie_descriptions', owner: 'movie_id', year: 'release_year' },
  { table: 'people', texts: 'person_bios', owner: 'person_id', year: 'birth_year' },
];

const COLUMN = KINDS.map(
  ({ table, texts, owner, year }) => `
ALTER TABLE ${table} ADD COLUMN has_text boolean NOT NULL DEFAULT false;
UPDATE ${table} SET has_text = true WHERE id IN (SELECT ${owner} FROM ${texts});

-- Lists show the rows with a text, last written first, or the rows without. Each is one range of this index.
DROP INDEX ${table}_updated_at;
CREATE INDEX ${table}_listed ON ${table} (has_text, updated_at DESC, id);
-- Counts them, in all or of one year. Many rows share an entry, so this index has a tenth of the other's size.
CREATE INDEX ${table}_counted ON ${table} (${year}, has_text);

CREATE FUNCTION ${texts}_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    UPDATE ${table} SET has_text = true WHERE id = NEW.${owner} AND NOT has_text;
  ELSE
    UPDATE ${table} SET has_text = false
      WHERE id = OLD.${owner} AND NOT EXISTS (SELECT 1 FROM ${texts} WHERE ${owner} = OLD.${owner});
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER ${texts}_kept AFTER INSERT OR DELETE ON ${texts} FOR EACH ROW EXECUTE FUNCTION ${texts}_kept();
`,
);

const UP = `
-- Whether there is a text: films of a filmography and people of a cast have none until a request asks for one.
${COLUMN.join('')}
DROP INDEX movies_release_year_index;
`;

const OLD = KINDS.map(
  ({ table, texts }) => `
DROP TRIGGER ${texts}_kept ON ${texts};
DROP FUNCTION ${texts}_kept();
DROP INDEX ${table}_listed, ${table}_counted;
CREATE INDEX ${table}_updated_at ON ${table} (updated_at DESC, id);
ALTER TABLE ${table} DROP COLUMN has_text;
`,
);

const DOWN = `
${OLD.join('')}
CREATE INDEX movies_release_year_index ON movies (release_year);
`;

/** Lists separate the films and people that have texts from those only mentioned. */
export class HasText1765300000000 implements MigrationInterface {
  name = 'HasText1765300000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
