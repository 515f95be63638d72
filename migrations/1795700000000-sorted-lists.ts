import type { MigrationInterface, QueryRunner } from 'typeorm';

const KINDS = [
  { table: 'movies', base: 'title_slug', year: 'release_year', texts: 'movie_descriptions', owner: 'movie_id' },
  { table: 'people', base: 'name_slug', year: 'birth_year', texts: 'person_bios', owner: 'person_id' },
];

/** A page of a list that is sorted by title or year, and what has a text in a language, are found by indexes. */
export class SortedLists1795700000000 implements MigrationInterface {
  name = 'SortedLists1795700000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const { table, base, year, texts, owner } of KINDS)
      await queryRunner.query(`
CREATE INDEX ${table}_by_name ON ${table} (has_text, ${base}, id);
CREATE INDEX ${table}_by_year ON ${table} (has_text, ${year} DESC NULLS LAST, id);
CREATE INDEX ${texts}_variants ON ${texts} (locale, context_tag, ${owner});`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const { table, texts } of KINDS)
      await queryRunner.query(`DROP INDEX ${table}_by_name, ${table}_by_year, ${texts}_variants;`);
  }
}
