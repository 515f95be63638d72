import { DataSource } from 'typeorm';
import { Config } from '../src/config/config.js';
import { dataSourceOptions, migrate } from '../src/database/data-source.js';
import { CONTEXT_TAGS, ENTITIES, ORIGINS, PERSON_ROLES, STAGES, STATUSES } from '../src/jobs/vocabulary.js';
import { JOB_NAMES, QUEUES } from '../src/queue/names.js';
import { cloneDatabase } from './support/server.js';

describe('the schema', () => {
  let db: DataSource;
  let database: Awaited<ReturnType<typeof cloneDatabase>>;

  beforeAll(async () => {
    database = await cloneDatabase();
    db = await new DataSource({ ...dataSourceOptions(database.url), poolSize: 2 }).initialize();
  });

  afterAll(async () => {
    await db.destroy();
    await database.drop();
  });

  const tables = async () => {
    const rows = await db.query(
      `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`,
    );
    return (rows as { table_name: string }[]).map((row) => row.table_name);
  };

  it('goes up, down and up again', async () => {
    const before = await tables();
    expect(before).toEqual(
      expect.arrayContaining([
        'generation_jobs',
        'failed_jobs',
        'movies',
        'movie_descriptions',
        'people',
        'person_bios',
        'movie_people',
        'genres',
      ]),
    );
    while ((await db.query('SELECT 1 FROM migrations')).length > 0) await db.undoLastMigration({ transaction: 'each' });
    expect(await tables()).toEqual(['migrations']);
    await db.runMigrations({ transaction: 'each' });
    expect(await tables()).toEqual(before);
  });

  it('equals the entities', async () => {
    const { upQueries } = await db.driver.createSchemaBuilder().log();
    // Indexes and CHECKs are the database's own business and stated in the migrations alone.
    const differences = upQueries
      .map(({ query }) => query)
      .filter((query) => !/^(DROP INDEX|ALTER TABLE \S+ DROP CONSTRAINT)/.test(query));
    expect(differences).toEqual([]);
  });

  it('is migrated once by several processes that start together', async () => {
    while ((await db.query('SELECT 1 FROM migrations')).length > 0) await db.undoLastMigration({ transaction: 'each' });
    const config = new Config({ DATABASE_URL: database.url, QUEUE_CONNECTION: 'database' });
    await Promise.all([migrate(config), migrate(config), migrate(config)]);
    expect(await db.query('SELECT name FROM migrations')).toEqual(db.migrations.map(({ name }) => ({ name })));
  });

  it.each(['generation_jobs_locale', 'movie_descriptions_locale', 'person_bios_locale'])(
    'leaves the words to the code in %s, so that a locale is one line there',
    async (constraint) => {
      const [check] = (await db.query(
        'SELECT pg_get_expr(conbin, conrelid) AS rule FROM pg_constraint WHERE conname = $1',
        [constraint],
      )) as { rule: string }[];
      const fits = await db.query(
        `SELECT ${check!.rule} AS fits FROM (VALUES (1, 'it-IT'), (2, 'italian'), (3, 'it_IT')) AS word (n, locale) ORDER BY n`,
      );
      expect(fits).toEqual([{ fits: true }, { fits: false }, { fits: false }]);
    },
  );

  const LISTS: [constraint: string, words: readonly string[]][] = [
    ['generation_jobs_entity', ENTITIES],
    ['generation_jobs_status', STATUSES],
    ['generation_jobs_stage', STAGES],
    ['generation_jobs_context_tag', CONTEXT_TAGS],
    ['movie_descriptions_context_tag', CONTEXT_TAGS],
    ['person_bios_context_tag', CONTEXT_TAGS],
    ['movie_descriptions_origin', ORIGINS],
    ['person_bios_origin', ORIGINS],
    ['movie_people_role', PERSON_ROLES],
    ['failed_jobs_queue', QUEUES],
    ['failed_jobs_name', Object.values(JOB_NAMES)],
    ['failed_jobs_connection', ['redis', 'database']],
  ];

  it.each(LISTS)('knows the same words in %s as the code', async (constraint, words) => {
    const [row] = await db.query(
      'SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conname = $1',
      [constraint],
    );
    const known = [...(row as { definition: string }).definition.matchAll(/'([^']+)'/g)].map((match) => match[1]);
    expect(known.sort()).toEqual([...words].sort());
  });
});
