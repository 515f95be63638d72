import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where a title comes from, before and now. */
const SOURCES = `'ASKED', 'ORIGINAL', 'OTHER', 'FORMER'`;
const sourcesOf = (list: string) => `
ALTER TABLE movie_titles DROP CONSTRAINT movie_titles_source;
ALTER TABLE movie_titles ADD CONSTRAINT movie_titles_source CHECK (source IN (${list}));
`;

/** The title of a film in each language: shown with its texts, and found as its other titles are. */
export class LocalTitles1795740000000 implements MigrationInterface {
  name = 'LocalTitles1795740000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
CREATE TABLE movie_local_titles (
  movie_id   uuid NOT NULL CONSTRAINT movie_local_titles_owner REFERENCES movies (id) ON DELETE CASCADE,
  locale     text NOT NULL CONSTRAINT movie_local_titles_locale CHECK (locale ~ '^[a-z]{2}-[A-Z]{2}$'),
  title      text NOT NULL CONSTRAINT movie_local_titles_title CHECK (length(title) BETWEEN 1 AND 200),
  CONSTRAINT movie_local_titles_pkey PRIMARY KEY (movie_id, locale)
);
${sourcesOf(`${SOURCES}, 'LOCAL'`)}`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
DROP TABLE movie_local_titles;
DELETE FROM movie_titles WHERE source = 'LOCAL';
${sourcesOf(SOURCES)}`);
  }
}
