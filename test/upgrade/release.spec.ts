import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { RELEASED } from '../../migrations/released.js';
import { breaking, type Document } from '../../release/breaking.js';
import { complaintsAbout } from '../../release/expanding.js';
import { editedSince, migrationsIn, unreleased } from '../../release/migrations.js';

const RELEASES = Object.keys(RELEASED);
const migrations = migrationsIn('migrations');

async function complaints(file: string, name: string): Promise<string[]> {
  const module = (await import(pathToFileURL(resolve('migrations', file)).href)) as Record<
    string,
    new () => MigrationInterface & { contracts?: string }
  >;
  const migration = new module[name]!();
  const statements: string[] = [];
  const query = (text: string) => Promise.resolve(void statements.push(text));
  await migration.up({ query } as unknown as QueryRunner);
  return complaintsAbout({ statements, transaction: migration.transaction, contracts: migration.contracts }, RELEASES);
}

describe('migrations', () => {
  it('stay as they were released', () => {
    expect(editedSince(migrations)).toEqual([]);
    const [first, ...others] = migrations;
    const touched = [{ ...first!, sha256: 'other' }, ...others.slice(1)];
    expect(editedSince(touched)).toEqual([
      expect.stringMatching(/^1763856000000-foundation\.ts is not as 0\.1\.0 has released it$/),
      expect.stringMatching(/ of 0\.1\.0 is gone$/),
    ]);
  });

  it('that are new add, and take nothing away; or they say which release has stopped to use it', async () => {
    const found = await Promise.all(
      unreleased(migrations).map(async ({ file, name }) => [file, await complaints(file, name)] as const),
    );
    expect(found.filter(([, lines]) => lines.length > 0)).toEqual([]);
  });

  const about = (sql: string, more: object = {}) => complaintsAbout({ statements: [sql], ...more }, ['0.1.0']);

  it.each([
    'DROP TABLE movies',
    'ALTER TABLE movies DROP COLUMN title',
    'ALTER TABLE movies RENAME COLUMN title TO name',
    'ALTER TABLE movies RENAME TO films',
    'ALTER TABLE movies ALTER COLUMN title TYPE varchar(20)',
    'ALTER TABLE movies ALTER COLUMN title SET DATA TYPE varchar(20)',
    'ALTER TABLE movies ALTER COLUMN title SET NOT NULL',
    'ALTER TABLE movies ALTER COLUMN title DROP DEFAULT',
    'ALTER TABLE movies ADD COLUMN rating integer NOT NULL',
    'ALTER TABLE movies ADD CONSTRAINT movies_title CHECK (length(title) < 9)',
    'ALTER TABLE movies ADD CONSTRAINT movies_one UNIQUE (title)',
    'CREATE INDEX movies_title ON movies (title)',
    'CREATE INDEX CONCURRENTLY movies_title ON movies (title)',
    'DROP TRIGGER movies_kept ON movies',
    'TRUNCATE movies',
    'LOCK TABLE movies',
    `UPDATE deployment SET least_program = '0.1.0'`,
  ])('may not say %s', (sql) => {
    expect(about(sql)).not.toEqual([]);
  });

  it.each([
    'CREATE TABLE awards (id uuid PRIMARY KEY, won boolean NOT NULL); CREATE INDEX awards_won ON awards (won)',
    `ALTER TABLE movies ADD COLUMN rating integer, ADD COLUMN seen integer NOT NULL DEFAULT 0 -- DROP COLUMN`,
    'ALTER TABLE movies ADD CONSTRAINT movies_title CHECK (length(title) < 9) NOT VALID',
    'ALTER TABLE movies VALIDATE CONSTRAINT movies_title',
    'ALTER TABLE movies DROP CONSTRAINT movies_title, ALTER COLUMN title DROP NOT NULL',
    'CREATE INDEX workers_model ON workers (model)',
    `ALTER TABLE movies ALTER COLUMN title SET DEFAULT ''; ALTER TABLE movies ALTER COLUMN title SET NOT NULL`,
    'CREATE FUNCTION kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DROP TABLE x; END $$',
  ])('may say %s', (sql) => {
    expect(about(sql)).toEqual([]);
  });

  it('build an index beside others alone, outside of a transaction, and again after it has failed', () => {
    const statements = ['DROP INDEX CONCURRENTLY IF EXISTS one', 'CREATE INDEX CONCURRENTLY one ON movies (title)'];
    expect(complaintsAbout({ statements, transaction: false }, [])).toEqual([]);
    expect(complaintsAbout({ statements: [statements.join(';')], transaction: false }, [])).toHaveLength(1);
  });

  it('contract what a release has stopped to use, and shut out those before it', () => {
    const drop = 'ALTER TABLE movies DROP COLUMN director';
    const shut = `INSERT INTO deployment (least_program) VALUES ('0.1.0') ON CONFLICT (one_row) DO UPDATE SET least_program = EXCLUDED.least_program`;
    expect(about(`${drop}; ${shut}`, { contracts: '0.1.0' })).toEqual([]);
    expect(about(drop, { contracts: '0.1.0' })).toEqual([`set least_program of deployment to '0.1.0'`]);
    expect(about(`${drop}; ${shut.replace('0.1.0', '0.9.0')}`, { contracts: '0.9.0' })).toEqual([
      'contracts names no release: 0.9.0',
    ]);
  });
});

describe('the comparison of two documents', () => {
  const answer = (schema: object) => ({ 200: { content: { 'application/json': { schema } } } });
  const document = (operation: object): Document => ({ paths: { '/films': { post: operation } } });
  const film = { type: 'object', properties: { id: { type: 'string' }, year: { type: 'integer' } }, required: ['id'] };
  const asked = (schema: object, more: object = {}) =>
    document({ requestBody: { content: { 'application/json': { schema } } }, responses: answer(film), ...more });

  it('finds what a client would miss', () => {
    const before = asked(film, { parameters: [{ name: 'page', in: 'query' }] });
    const after = asked(
      { type: 'object', properties: { id: { type: 'integer' }, tag: { type: 'string' } }, required: ['id', 'tag'] },
      {
        parameters: [{ name: 'locale', in: 'query', required: true }],
        responses: answer({ type: 'object', properties: { id: { type: ['string', 'null'] } } }),
      },
    );
    expect(breaking(before, after).map((line) => line.replace('POST /films: ', ''))).toEqual([
      'the parameter page is gone',
      'the parameter locale has to be given',
      'in the request: year is gone',
      'in the request: tag has to be given',
      'in the request: id is integer, was string',
      'in the answer 200: year is gone',
      'in the answer 200: id may be missing',
      'in the answer 200: id is string or null, was string',
    ]);
    expect(breaking(before, { paths: {} })).toEqual(['POST /films is gone']);
  });

  it('is content with what is only new', () => {
    const more = {
      ...film,
      properties: { ...film.properties, rating: { type: 'number' } },
      required: ['id', 'rating'],
    };
    const after = asked({ ...film, properties: more.properties }, { responses: answer(more) });
    expect(breaking(asked(film), after)).toEqual([]);
  });
});
