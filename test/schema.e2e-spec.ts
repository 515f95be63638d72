import { ENTITIES, KINDS, ROWS } from '../src/domain/kinds.js';
import { readdirSync, readFileSync } from 'node:fs';
import { DataSource, type EntityTarget } from 'typeorm';
import { LongerHashes1765800120000 } from '../migrations/1765800120000-longer-hashes.js';
import { Config } from '../src/config/config.js';
import { dataSourceOptions, migrate, TABLES } from '../src/server/data-source.js';
import { baseOf, slugOf } from '../src/domain/slug.js';
import { ACTORS } from '../src/audit/actions.js';
import { FACTS_ORIGINS } from '../src/domain/given-facts.js';
import { ORIGINS, PERSON_ROLES, STAGES, STATUSES, TEXT_VERDICTS } from '../src/domain/vocabulary.js';
import { QUEUES } from '../src/domain/queues.js';
import { MIGRATION_LOCK } from '../src/database/lock-holder.js';
import { withMigrationLock } from '../src/database/migration-lock.js';
import { StartError } from '../src/database/start-error.js';
import { extrasOf, migrationsOf, RELEASES, takeBack } from '../src/server/take-back.js';
import { parseAllDocuments } from 'yaml';
import { ago, fromNow, insertJobs } from './support/ledger/insert-job.js';
import { cloneDatabase } from './support/server/server.js';

interface ScaledObject {
  spec: { triggers: { metadata: { query: string } }[] };
}

/** The program itself needs none of them: it speaks SQL. */
async function entities(): Promise<EntityTarget<object>[]> {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.entity.ts'));
  const loaded = await Promise.all(files.map((file) => import(`../src/${file}`) as Promise<object>));
  return loaded.flatMap((one) => Object.values(one) as EntityTarget<object>[]);
}

describe('the schema', () => {
  let db: DataSource;
  let database: Awaited<ReturnType<typeof cloneDatabase>>;

  beforeAll(async () => {
    database = await cloneDatabase();
    const options = { ...dataSourceOptions(database.url), entities: (await entities()) as never, poolSize: 2 };
    db = await new DataSource(options).initialize();
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

  /** Down to the version before that migration, whatever has come after it. */
  const undo = async (name: string) => {
    const done = () => db.query('SELECT 1 FROM migrations WHERE starts_with(name, $1)', [name]);
    while ((await done()).length > 0) await db.undoLastMigration({ transaction: 'each' });
  };

  it('has the tables whose rights are checked at the start, and its own record besides', async () => {
    expect(await tables()).toEqual(['migrations', ...TABLES].sort());
  });

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

  it('is taken back to a release: it says what is lost, and does so when no newer program runs any more', async () => {
    const kept = migrationsOf('0.1.0').slice(0, -3);
    const before = await tables();
    const beat = (version: string | null) =>
      db.query(
        `INSERT INTO processes (id, host, pid, role, connections, expires_at, version)
         VALUES (gen_random_uuid(), 'here', 7, 'worker', 1, now() + interval '1 minute', $1)`,
        [version],
      );
    expect(RELEASES[0]).toBe('0.1.0');
    await beat('0.2.0-dev');
    await beat('0.1.7');
    await beat(null);
    const extras = await extrasOf(db, kept);
    expect(extras.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Upgrades1795783300000', 'Audit1795783060000', 'Processes1795783000000']),
    );
    expect(extras.flatMap(({ loses }) => loses)).toEqual(
      expect.arrayContaining([
        { what: 'column processes.version', rows: 2 },
        { what: 'table processes', rows: 3 },
        { what: 'rows of audit_log', rows: null },
        { what: 'values of movies.facts_origin', rows: 0 },
      ]),
    );
    const refused = takeBack(db, kept, '0.1.0');
    await expect(refused).rejects.toThrow(
      'programs newer than 0.1.0 still run: end them first (worker here:7 of 0.2.0-dev, worker here:7 of 0.1.7)',
    );
    await expect(refused).rejects.toBeInstanceOf(StartError);
    expect(await tables()).toEqual(before);
    await db.query(`DELETE FROM processes WHERE version IS NOT NULL`);
    expect(await takeBack(db, kept, '0.1.0')).toEqual(extras.map(({ name }) => name));
    expect(await tables()).toEqual(
      before.filter((table) => !['facts_cache', 'processes', 'text_reviews'].includes(table)),
    );
    expect(await extrasOf(db, kept)).toEqual([]);
    await db.runMigrations({ transaction: 'each' });
    expect(await tables()).toEqual(before);
  });

  it('is not migrated beside another for ever: the wait for the lock ends in a line that says who has it', async () => {
    const holder = db.createQueryRunner();
    const [{ pid }] = (await holder.query('SELECT pg_backend_pid() AS pid, pg_advisory_lock($1)', [
      MIGRATION_LOCK,
    ])) as [{ pid: number }];
    try {
      const other = await new DataSource({ ...dataSourceOptions(database.url), poolSize: 2 }).initialize();
      const refused = withMigrationLock(other, async () => undefined, 1000).finally(() => void other.destroy());
      await expect(refused).rejects.toThrow(
        new RegExp(
          `^the lock of the migrations was not to be had for 1 s: PostgreSQL process ${pid} \\(moviemind, idle`,
        ),
      );
      await expect(refused).rejects.toBeInstanceOf(StartError);
    } finally {
      await holder.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
      await holder.release();
    }
  });

  it('gives films titles by language, and takes them back, with the titles that were there before', async () => {
    await undo('LocalTitles');
    const id = '019ab1d2-84f1-7000-8000-000000000015';
    await db.query(`INSERT INTO movies (id, slug, title_slug, title) VALUES ($1, 'local', 'local', 'Local')`, [id]);
    const title = (source: string) =>
      db.query(`INSERT INTO movie_titles (movie_id, title, title_slug, keys, source) VALUES ($1, $2, $2, '{}', $2)`, [
        id,
        source,
      ]);
    await title('OTHER');
    await expect(title('LOCAL')).rejects.toThrow('movie_titles_source');
    await db.runMigrations({ transaction: 'each' });
    await title('LOCAL');
    await db.query(`INSERT INTO movie_local_titles VALUES ($1, 'pl-PL', 'LOCAL')`, [id]);
    await undo('LocalTitles');
    expect(await db.query('SELECT title FROM movie_titles WHERE movie_id = $1', [id])).toEqual([{ title: 'OTHER' }]);
    await db.runMigrations({ transaction: 'each' });
    await db.query('DELETE FROM movies WHERE id = $1', [id]);
  });

  it('brings jobs of the version before along: their last stage, and what all of their calls used', async () => {
    const usage = '{"model":"m","input_tokens":1,"output_tokens":2,"duration_ms":3}';
    const history = `[{"attempt":1,"outcome":"FAILED","model":"l","input_tokens":10,"output_tokens":20,"duration_ms":30},
      {"attempt":2,"outcome":"CRASHED"},{"attempt":2,"outcome":"DONE","model":"m","input_tokens":1,"output_tokens":2,"duration_ms":3}]`;
    // By hand here and below: insertJob() writes the columns of this version.
    const insert = (slug: string, status: string, more: Record<string, string>) =>
      db.query(
        `INSERT INTO generation_jobs (id, entity, requested_slug, locale, context_tag, request, max_attempts, request_id, status,
           finished_at, ${Object.keys(more).join(', ')})
         VALUES (gen_random_uuid(), 'MOVIE', $1, 'en-US', 'DEFAULT', '{}', 3, 'test', $2, CASE $2 WHEN 'PENDING' THEN NULL ELSE now() END,
           ${Object.values(more)
             .map((value) => `'${value}'`)
             .join(', ')})`,
        [slug, status],
      );
    await undo('UsageAndHolds');
    await insert('done-before', 'DONE', { stage: 'SAVING', usage, history, result: '{}' });
    await insert('done-at-once', 'DONE', { stage: 'SAVING', usage, result: '{}' });
    await insert('reused-before', 'DONE', { stage: 'SAVING', result: '{}' });
    await insert('failed-before', 'FAILED', { stage: 'GENERATING', history, error: '{}' });
    await insert('waits-since-before', 'PENDING', { history: '[{"attempt":1,"outcome":"CRASHED"}]' });
    await db.runMigrations({ transaction: 'each' });
    const rows = await db.query('SELECT requested_slug, stage, usage FROM generation_jobs ORDER BY requested_slug');
    const summed = { model: 'm', calls: 2, input_tokens: 11, output_tokens: 22, duration_ms: 33 };
    expect(rows).toEqual([
      {
        requested_slug: 'done-at-once',
        stage: 'DONE',
        usage: { model: 'm', calls: 1, input_tokens: 1, output_tokens: 2, duration_ms: 3 },
      },
      { requested_slug: 'done-before', stage: 'DONE', usage: summed },
      { requested_slug: 'failed-before', stage: 'GENERATING', usage: summed },
      { requested_slug: 'reused-before', stage: 'DONE', usage: null },
      { requested_slug: 'waits-since-before', stage: 'QUEUED', usage: null },
    ]);
    const [[ended]] = (await db.query(
      `UPDATE generation_jobs SET status = 'DONE', stage = 'SAVING', result = '{}', finished_at = now()
       WHERE requested_slug = 'waits-since-before' RETURNING stage`,
    )) as [[object]]; // as a worker of that version writes it
    expect(ended).toEqual({ stage: 'DONE' });
    await db.query('DELETE FROM generation_jobs');
  });

  it('leaves the usage of jobs of the version before as it is, and adds it up for operators', async () => {
    await undo('Spending');
    const insert = (slug: string, usage: string | null) =>
      db.query(
        `INSERT INTO generation_jobs (id, entity, requested_slug, locale, context_tag, request, max_attempts, request_id,
           status, result, stage, usage, started_at, created_at, finished_at)
         VALUES (gen_random_uuid(), 'MOVIE', $1, 'en-US', 'DEFAULT', '{}', 3, 'test', 'DONE', '{}', 'DONE', $2,
           '2026-01-02T23:30:00Z', '2026-01-02T23:30:00Z', '2026-01-03T00:30:00Z')`,
        [slug, usage],
      );
    const usage = { model: 'm', calls: 2, input_tokens: 10, output_tokens: 20, duration_ms: 30 };
    await insert('one', JSON.stringify(usage));
    await insert('two', JSON.stringify(usage));
    await insert('none', null);
    await db.runMigrations({ transaction: 'each' });
    const jobs = await db.query('SELECT usage FROM generation_jobs ORDER BY requested_slug');
    expect(jobs).toEqual([{ usage: null }, { usage }, { usage }]);
    const uses = await db.query(
      `SELECT day::text, api_key_id, model, entity, calls::int, input_tokens::int, output_tokens::int, cost FROM model_uses
       WHERE day = '2026-01-03'`,
    );
    const sums = { calls: 4, input_tokens: 20, output_tokens: 40, cost: null };
    expect(uses).toEqual([{ day: '2026-01-03', api_key_id: null, model: 'm', entity: 'MOVIE', ...sums }]);
    await db.query('DELETE FROM generation_jobs; DELETE FROM model_uses');
  });

  it('brings the times of tries of the version before along, each in its bucket alone, and takes them back', async () => {
    const NAME = 'generation_duration_seconds';
    const counted = async (suffix: string) => {
      const rows = await db.query(
        `SELECT labels ->> 'le' AS le, value::int FROM counters WHERE name = $1 ORDER BY (labels ->> 'le')::float8`,
        [`${NAME}_${suffix}`],
      );
      return (rows as { le: string | null; value: number }[]).map(({ le, value }) => [le, value]);
    };
    const bucket = [
      ['0.25', 1],
      ['0.5', 1],
      ['1', 4],
      ['+Inf', 5],
    ];
    await undo('Figures');
    await db.query(
      `INSERT INTO counters (name, labels, value)
       SELECT '${NAME}_bucket', jsonb_build_object('entity', 'MOVIE', 'le', row ->> 0), (row ->> 1)::float8
       FROM jsonb_array_elements($1::jsonb) AS row
       UNION ALL SELECT '${NAME}_count', '{"entity": "MOVIE"}', 5`,
      [JSON.stringify(bucket)],
    );
    await db.runMigrations({ transaction: 'each' });
    expect(await counted('band')).toEqual([
      ['0.25', 1],
      ['0.5', 0],
      ['1', 3],
      ['+Inf', 1],
    ]);
    expect([await counted('bucket'), await counted('count')]).toEqual([[], []]);
    await undo('Figures');
    expect([await counted('bucket'), await counted('count')]).toEqual([bucket, [[null, 5]]]);
    await db.runMigrations({ transaction: 'each' });
    await db.query('DELETE FROM counters');
  });

  it('brings what waits since the version before along: how far ahead that is', async () => {
    await undo('Waits');
    await db.query(
      `WITH job AS (INSERT INTO generation_jobs (id, entity, requested_slug, locale, context_tag, request, max_attempts, request_id, attempts, run_at)
         VALUES (gen_random_uuid(), 'MOVIE', 'waits', 'en-US', 'DEFAULT', '{}', 3, 'test', 1, now() + interval '1 minute') RETURNING id),
       webhook AS (INSERT INTO job_webhooks (id, job_id, url, events)
         SELECT gen_random_uuid(), id, 'https://example.com/', '{job.failed}' FROM job RETURNING id),
       pause AS (INSERT INTO throttles (name, until) VALUES ('model', now() + interval '1 minute'))
       INSERT INTO webhook_deliveries (id, webhook_id, run, event, job_status, attempts, run_at)
         SELECT gen_random_uuid(), id, 1, 'job.failed', 'FAILED', 1, now() + interval '1 minute' FROM webhook`,
    );
    await db.runMigrations({ transaction: 'each' });
    const rows = (await db.query(
      `SELECT wait_seconds FROM generation_jobs UNION ALL SELECT wait_seconds FROM webhook_deliveries
       UNION ALL SELECT wait_seconds FROM throttles`,
    )) as { wait_seconds: number }[];
    expect(rows.map(({ wait_seconds }) => wait_seconds > 10 && wait_seconds <= 60)).toEqual([true, true, true]);
    await db.query('DELETE FROM throttles; DELETE FROM generation_jobs');
  });

  it('brings films and people of the version before along: whether they have a text', async () => {
    await undo('HasText');
    await db.query(
      `INSERT INTO movies (id, slug, title_slug, title) VALUES (gen_random_uuid(), 'told', 'told', 'Told'), (gen_random_uuid(), 'untold', 'untold', 'Untold');
       INSERT INTO movie_descriptions (id, movie_id, locale, context_tag, version, text, origin, ai_model)
         SELECT gen_random_uuid(), id, 'de-DE', 'modern', 1, 'Text', 'GENERATED', 'm' FROM movies WHERE slug = 'told'`,
    );
    await db.runMigrations({ transaction: 'each' });
    const rows = await db.query('SELECT slug, has_text FROM movies ORDER BY slug');
    expect(rows).toEqual([
      { slug: 'told', has_text: true },
      { slug: 'untold', has_text: false },
    ]);
    await db.query('DELETE FROM movies');
  });

  it('brings films, people and credits of the version before along: what has a text is known, and is itself', async () => {
    await undo('Facts');
    await db.query(
      `INSERT INTO movies (id, slug, title_slug, title, director) VALUES
         (gen_random_uuid(), 'old-part-ii-1974', 'old-part-ii', 'Old: Part II', 'Old Director'),
         (gen_random_uuid(), 'only-named', 'only-named', 'Only Named', NULL);
       INSERT INTO people (id, slug, name_slug, name) VALUES (gen_random_uuid(), 'old-director', 'old-director', 'Old Director'),
         (gen_random_uuid(), 'old-actor', 'old-actor', 'Old Actor');
       INSERT INTO movie_descriptions (id, movie_id, locale, context_tag, version, text, origin, ai_model)
         SELECT gen_random_uuid(), id, 'de-DE', 'modern', 1, 'Text', 'GENERATED', 'm' FROM movies WHERE director IS NOT NULL;
       INSERT INTO movie_people (movie_id, person_id, role, character_name, billing_order)
         SELECT movies.id, people.id, 'ACTOR', 'Hero', CASE WHEN director IS NULL THEN NULL ELSE 1 END
         FROM movies, people WHERE people.slug = 'old-actor';
       INSERT INTO genres (id, slug, name) VALUES (gen_random_uuid(), 'romantic-comedy', 'Romantic Comedy'),
         (gen_random_uuid(), 'drama', 'Drama'), (gen_random_uuid(), 'dramat', 'Dramat'),
         (gen_random_uuid(), 'space-opera', 'Space Opera');
       INSERT INTO movie_genres (movie_id, genre_id) SELECT movies.id, genres.id FROM movies, genres`,
    );
    await db.runMigrations({ transaction: 'each' });
    const genres = await db.query(
      `SELECT slug, name, (SELECT count(*)::int FROM movie_genres WHERE genre_id = genres.id) AS films
       FROM genres ORDER BY slug`,
    );
    expect(genres).toEqual([
      { slug: 'comedy', name: 'Comedy', films: 2 },
      { slug: 'drama', name: 'Drama', films: 2 },
      { slug: 'romance', name: 'Romance', films: 2 },
      { slug: 'space-opera', name: 'Space Opera', films: 2 },
    ]);
    const films = await db.query('SELECT slug, known, cardinality(keys) > 0 AS folded FROM movies ORDER BY slug');
    expect(films).toEqual([
      { slug: 'old-part-ii-1974', known: true, folded: true },
      { slug: 'only-named', known: false, folded: true },
    ]);
    const credits = await db.query(
      `SELECT movies.slug AS film, people.slug AS person, role, by_movie, by_person FROM movie_people
       JOIN movies ON movies.id = movie_id JOIN people ON people.id = person_id ORDER BY 1, 2`,
    );
    expect(credits).toEqual([
      { film: 'old-part-ii-1974', person: 'old-actor', role: 'ACTOR', by_movie: ['Hero'], by_person: null },
      { film: 'old-part-ii-1974', person: 'old-director', role: 'DIRECTOR', by_movie: [], by_person: null },
      { film: 'only-named', person: 'old-actor', role: 'ACTOR', by_movie: null, by_person: ['Hero'] },
    ]);
    await undo('Facts');
    expect(await db.query('SELECT 1 FROM movie_people')).toHaveLength(3);
    await db.runMigrations({ transaction: 'each' });
    await db.query('DELETE FROM movies; DELETE FROM people; DELETE FROM genres');
  });

  it('takes what a worker of the version before writes after it: its credits are told, and its film is known', async () => {
    const part = (role: string, character_name: string | null, billing_order: number | null) =>
      db.query(
        `INSERT INTO movie_people (movie_id, person_id, role, character_name, billing_order)
         SELECT movies.id, people.id, $1, $2, $3 FROM movies, people
         ON CONFLICT (movie_id, person_id, role) DO UPDATE SET
           character_name = COALESCE(EXCLUDED.character_name, movie_people.character_name),
           billing_order = COALESCE(EXCLUDED.billing_order, movie_people.billing_order)`,
        [role, character_name, billing_order],
      );
    await db.query(
      `INSERT INTO movies (id, slug, title_slug, title, director)
         VALUES (gen_random_uuid(), 'by-old', 'by-old', 'By Old', 'Maker');
       INSERT INTO people (id, slug, name_slug, name) VALUES (gen_random_uuid(), 'maker', 'maker', 'Maker');
       INSERT INTO movie_descriptions (id, movie_id, locale, context_tag, version, text, origin, ai_model)
         SELECT gen_random_uuid(), id, 'de-DE', 'modern', 1, 'Text', 'GENERATED', 'm' FROM movies`,
    );
    await part('DIRECTOR', null, null);
    await part('ACTOR', 'Hero', null);
    await part('WRITER', null, 3);
    const told = async () =>
      db.query('SELECT role, character_name, by_movie, by_person FROM movie_people ORDER BY role');
    expect(await told()).toEqual([
      { role: 'ACTOR', character_name: 'Hero', by_movie: null, by_person: ['Hero'] },
      { role: 'DIRECTOR', character_name: null, by_movie: [], by_person: null },
      { role: 'WRITER', character_name: null, by_movie: [], by_person: null },
    ]);
    await part('ACTOR', 'Villain', 1);
    expect((await told())[0]).toEqual({
      role: 'ACTOR',
      character_name: 'Villain',
      by_movie: ['Villain'],
      by_person: ['Hero'],
    });
    expect(await db.query('SELECT known FROM movies')).toEqual([{ known: true }]);
    await db.query('DELETE FROM movies; DELETE FROM people');
  });

  it('gives rows of the version before the longer hash in their slug, and takes it back', async () => {
    const rows = [
      ['千と千尋の神隠し', 'qiantoqianxunnoshenyinshi-3146d995', 'qiantoqianxunnoshenyinshi-3146d995-2001'],
      ['Amélie', 'amelie', 'amelie-2001'],
      ['Up', 'up', 'up-75a288c0'],
      ['No Hash Of It', 'x-aaaaaaaa', 'x-aaaaaaaa-2001'],
    ];
    for (const [title, base, slug] of rows)
      await db.query('INSERT INTO movies (id, title, title_slug, slug) VALUES (gen_random_uuid(), $1, $2, $3)', [
        title,
        base,
        slug,
      ]);
    const migration = new LongerHashes1765800120000();
    const runner = db.createQueryRunner();
    const slugs = async () => {
      const found = (await db.query('SELECT title, title_slug, slug FROM movies')) as Record<string, string>[];
      return Object.fromEntries(found.map(({ title, title_slug, slug }) => [title, [title_slug, slug]]));
    };
    const before = await slugs();
    await migration.up(runner);
    expect(await slugs()).toEqual({
      ...before,
      千と千尋の神隠し: [baseOf('千と千尋の神隠し'), slugOf('千と千尋の神隠し', 2001)],
      Up: ['up', slugOf('Up', null)],
    });
    await migration.down(runner);
    expect(await slugs()).toEqual(before);
    await runner.release();
    await db.query('DELETE FROM movies');
  });

  it('equals the entities', async () => {
    const described = db.entityMetadatas.map(({ tableName }) => tableName);
    expect(described).toEqual(expect.arrayContaining(ROWS.flatMap(({ table, texts }) => [table, texts])));
    const { upQueries } = await db.driver.createSchemaBuilder().log();
    // Indexes and CHECKs are the database's own business and stated in the migrations alone.
    const differences = upQueries
      .map(({ query }) => query)
      .filter((query) => !/^(DROP INDEX|ALTER TABLE \S+ DROP CONSTRAINT)/.test(query));
    expect(differences).toEqual([]);
  });

  it('answers KEDA for how long the oldest job waits that more workers could run', async () => {
    const file = 'deploy/kubernetes/keda/scaled-object.yaml';
    const [scaled] = parseAllDocuments(readFileSync(file, 'utf8')).map((one) => one.toJS() as ScaledObject);
    const waits = async () => {
      const rows = await db.query(scaled!.spec.triggers[0]!.metadata.query);
      return Math.round((rows as { seconds: number }[])[0]!.seconds);
    };
    expect(await waits()).toBe(0);
    await insertJobs(db, [{ run_at: ago(300) }, { entity: 'PERSON', run_at: ago(3600) }, { run_at: fromNow(60) }]);
    expect(await waits()).toBe(3600);
    await db.query(`INSERT INTO queue_pauses (queue) VALUES ('people')`);
    expect(await waits()).toBe(300);
    const pause = (name: string) =>
      `INSERT INTO throttles (name, until) VALUES ('${name}', now() + interval '1 minute');`;
    /** Of a worker that asks two models. */
    const hold = (model: string) => `INSERT INTO model_breakers (model, models, opened_at, next_probe_at, wait_seconds,
      message) VALUES ('${model}', '{first,second}', now(), now() + interval '30 seconds', 30, 'away');`;
    const worker = (tokens: number | null, lasts = '1 minute') => `INSERT INTO workers (id, name, host, pid, queues,
      concurrency, expires_at, daily_tokens) VALUES
      (gen_random_uuid(), 'here:1', 'here', 1, '{movies}', 10, now() + interval '${lasts}', ${tokens});`;
    const use = (tokens: number) => `INSERT INTO model_uses (model, entity, calls, input_tokens, output_tokens,
      duration_ms) VALUES ('first', 'MOVIE', 1, ${tokens}, 0, 1);`;
    const STATES: [statements: string, seconds: number][] = [
      [pause('model'), 0],
      // The provider of facts has its turns and pauses there. Jobs go on without it.
      [pause('facts') + pause('facts-away') + pause('facts-turn'), 300],
      // Another model is asked.
      [hold('first'), 300],
      [hold('first') + hold('second'), 0],
      [worker(100) + use(100), 0],
      [worker(100) + use(99), 300],
      // Another worker has no such bound.
      [worker(100) + worker(null) + use(100), 300],
      // That of a worker which is gone does not count.
      [worker(100, '-1 minute') + use(100), 300],
      [use(100), 300],
    ];
    for (const [statements, seconds] of STATES) {
      await db.query(statements);
      expect([statements, await waits()]).toEqual([statements, seconds]);
      await db.query('DELETE FROM throttles; DELETE FROM model_breakers; DELETE FROM workers; DELETE FROM model_uses');
    }
    expect(await waits()).toBe(300);
    await db.query('DELETE FROM generation_jobs; DELETE FROM queue_pauses');
  });

  it('is migrated once by several processes that start together', async () => {
    while ((await db.query('SELECT 1 FROM migrations')).length > 0) await db.undoLastMigration({ transaction: 'each' });
    const config = new Config({ DATABASE_URL: database.url, QUEUE_CONNECTION: 'database' });
    await Promise.all([migrate(config), migrate(config), migrate(config)]);
    expect(await db.query('SELECT name FROM migrations ORDER BY id')).toEqual(
      db.migrations.map(({ name }) => ({ name })),
    );
  });

  const FORMS = [
    { column: 'locale', fitting: ['it-IT'], others: ['italian', 'it_IT'] },
    { column: 'context_tag', fitting: ['DEFAULT', 'film-noir_2'], others: ['', '2nd', 'a b', 'x'.repeat(41)] },
  ].flatMap((form) => ['generation_jobs', ...ROWS.map(({ texts }) => texts)].map((table) => ({ table, ...form })));

  it.each(FORMS)('leaves the words to the code in $table.$column, and knows their form', async (form) => {
    const { table, column, fitting, others } = form;
    const [check] = (await db.query(
      'SELECT pg_get_expr(conbin, conrelid) AS rule FROM pg_constraint WHERE conname = $1',
      [`${table}_${column}`],
    )) as { rule: string }[];
    const rows = await db.query(
      `SELECT ${check!.rule} AS fits FROM unnest($1::text[]) WITH ORDINALITY AS word (${column}, n) ORDER BY n`,
      [[...fitting, ...others]],
    );
    expect((rows as { fits: boolean }[]).map(({ fits }) => fits)).toEqual([
      ...fitting.map(() => true),
      ...others.map(() => false),
    ]);
  });

  const LISTS: [constraint: string, words: readonly string[]][] = [
    ['generation_jobs_entity', ENTITIES],
    ['generation_jobs_status', STATUSES],
    ['generation_jobs_stage', STAGES],
    ...ROWS.flatMap(({ texts }): [string, readonly string[]][] => [[`${texts}_origin`, ORIGINS]]),
    // What somebody corrected is told by another column.
    ...ROWS.map(({ table }): [string, readonly string[]] => [
      `${table}_facts_origin`,
      FACTS_ORIGINS.filter((origin) => origin !== 'HUMAN'),
    ]),
    ['movie_people_role', PERSON_ROLES],
    ['failed_jobs_queue', QUEUES],
    ['failed_jobs_name', ENTITIES.map((entity) => KINDS[entity].jobName)],
    ['failed_jobs_connection', ['redis', 'database']],
    ['text_reviews_entity', ENTITIES],
    ['text_reviews_verdict', TEXT_VERDICTS],
    ['text_reviews_actor', ACTORS],
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
