import { OPERATOR } from '../src/access/caller.js';
import { BatchReader } from '../src/batches/batch-reader.js';
import { ENTITIES, KINDS } from '../src/domain/kinds.js';
import { Reads } from '../src/database/pools.js';
import { FailedJobsService } from '../src/ledger/failed-jobs.service.js';
import { JobList } from '../src/ledger/job-list.js';
import { NO_READER } from '../src/ledger/notes.js';
import { ERROR_TYPES, STATUSES } from '../src/domain/vocabulary.js';
import { JobsOutbox } from '../src/ledger/jobs-outbox.js';
import { Waits } from '../src/ledger/waits.js';
import { BatchCompletion } from '../src/upkeep/batch-completion.js';
import { moviesOf } from '../src/movies/movies.reader.js';
import { exportStatement } from '../src/catalog/export.js';
import { ExportQuery } from '../src/catalog/export.dto.js';
import { SampledTexts } from '../src/edits/sampled-texts.js';
import { rowsNamed } from '../src/catalog/named.js';
import { type List, listed, searched } from '../src/catalog/search.js';
import { peopleOf } from '../src/people/people.reader.js';
import { AllDeliveries } from '../src/webhooks/all-deliveries.js';
import { DELIVERY_STATUSES } from '../src/webhooks/events.js';
import { DeliveriesOutbox } from '../src/webhooks/deliveries-outbox.js';
import { DeliveryWaits } from '../src/webhooks/delivery-waits.js';
import { describeServer } from './support/server/describe-server.js';
import { Explained } from './support/ledger/explained.js';
import { makeKey } from './support/client/keys.js';

const JOBS = 40_000;
/** Of a page of 20 from a dozen walks; a walk that looks for what is rare among what is frequent reads thousands. */
const MOST_ROWS = 1500;
/** Read as a whole in no time, whatever there is. */
const OF_FEW_ROWS = new Set(
  'genres model_breakers throttles queue_pauses workers api_keys model_uses facts_cache'.split(' '),
);
const PAGE = { has_text: true, page: 1, per_page: 20 };

/**
 * Most jobs are films that are DONE, and all of one key; the newest wait; the rest is rare and old. What is asked for
 * and is not there has to be found missing by an index.
 */
const FILL = `INSERT INTO generation_jobs (id, entity, requested_slug, slug, locale, context_tag, request, max_attempts, request_id,
    status, result, error, created_at, started_at, finished_at, api_key_id)
  SELECT (lpad(to_hex(n), 8, '0') || '-0000-7000-8000-000000000000')::uuid, CASE WHEN n % 5000 = 1 THEN 'PERSON' ELSE 'MOVIE' END,
    CASE WHEN n % 2 = 0 AND status = 'DONE' THEN 'often' ELSE 'job-' || n END, CASE status WHEN 'DONE' THEN 'often-2000' END,
    'en-US', 'DEFAULT', '{}', 3, 'test', status, CASE status WHEN 'DONE' THEN '{}'::jsonb END,
    CASE status WHEN 'FAILED' THEN '{}'::jsonb END, at, at, CASE WHEN status <> 'PENDING' THEN at END, $2
  FROM (SELECT n, CASE WHEN n > $1 * 0.9 THEN 'PENDING' WHEN n % 2000 = 7 THEN 'FAILED' ELSE 'DONE' END AS status,
    now() - interval '1 day' + n * interval '1 ms' AS at FROM generate_series(1, $1::int) AS n) AS made`;

const FILL_FAILED = `WITH job AS (INSERT INTO generation_jobs
    (id, entity, requested_slug, locale, context_tag, request, max_attempts, request_id, status, error, started_at, finished_at)
  SELECT gen_random_uuid(), 'MOVIE', 'failed-' || n, 'en-US', 'DEFAULT', '{}', 3, 'test', 'FAILED', '{}', now(), now()
  FROM generate_series(1, 20000) AS n RETURNING id, requested_slug)
  INSERT INTO failed_jobs (uuid, job_id, connection, queue, name, payload, exception, attempts, failed_at)
  SELECT gen_random_uuid(), id, 'redis', 'movies', 'GenerateMovieJob',
    jsonb_build_object('requested_slug', requested_slug, 'request', jsonb_build_object('subject', 'Title of ' || requested_slug)),
    'AI_API_ERROR: The model service answered 500.', 3, now() - random() * interval '10 days' FROM job`;

/** Most are only mentioned; a text in Polish is rare. */
const FILL_CATALOG = [
  `INSERT INTO movies (id, slug, title_slug, title, release_year)
     SELECT gen_random_uuid(), 'film-' || n, 'film-' || n, 'Film ' || n, 1900 + n % 120 FROM generate_series(1, 20000) AS n`,
  `INSERT INTO people (id, slug, name_slug, name, birth_year)
     SELECT gen_random_uuid(), 'name-' || n, 'name-' || n, 'Name ' || n, 1850 + n % 150 FROM generate_series(1, 20000) AS n`,
  `INSERT INTO genres (id, slug, name) SELECT gen_random_uuid(), 'genre-' || n, 'Genre ' || n FROM generate_series(1, 200) AS n`,
  `INSERT INTO movie_genres (movie_id, genre_id) SELECT movies.id, genres.id FROM movies
     JOIN genres ON genres.slug = 'genre-' || (1 + abs(hashtext(movies.slug)) % 200)`,
  `INSERT INTO movie_titles (movie_id, title, title_slug, keys, source)
     SELECT id, 'Other ' || title, 'other-' || slug, ARRAY[slug], 'OTHER' FROM movies`,
  `INSERT INTO movie_local_titles (movie_id, locale, title) SELECT id, 'pl-PL', 'Local ' || title FROM movies`,
  `INSERT INTO person_names (person_id, name, name_slug, keys, source)
     SELECT id, 'Other ' || name, 'other-' || slug, ARRAY[slug], 'OTHER' FROM people`,
  `INSERT INTO movie_people (movie_id, person_id, role, by_movie) SELECT movies.id, people.id, 'DIRECTOR', '{}'
     FROM movies JOIN people ON people.slug = replace(movies.slug, 'film', 'name')`,
  `INSERT INTO movie_slugs (movie_id, slug) SELECT id, 'former-' || slug FROM movies`,
  ...[
    ['movie_descriptions', 'movie_id', 'movies'],
    ['person_bios', 'person_id', 'people'],
  ].map(
    ([texts, owner, table]) =>
      `INSERT INTO ${texts} (id, ${owner}, locale, context_tag, version, text, origin, ai_model)
       SELECT gen_random_uuid(), id, CASE WHEN n % 1000 = 0 THEN 'pl-PL' ELSE 'en-US' END,
         CASE WHEN n % 1000 = 0 THEN 'modern' ELSE 'DEFAULT' END, 1, 'Text', 'GENERATED', 'test'
       FROM (SELECT id, row_number() OVER () AS n FROM ${table}) AS numbered WHERE n % 10 = 0`,
  ),
];

/** Messages to a receiver that is away for a day. */
const FILL_WAITING = `WITH webhook AS (INSERT INTO job_webhooks (id, job_id, url, events)
    SELECT gen_random_uuid(), id, 'https://example.com/', '{job.failed}' FROM generation_jobs LIMIT 1 RETURNING id)
  INSERT INTO webhook_deliveries (id, webhook_id, run, event, job_status, attempts, run_at, wait_seconds)
  SELECT gen_random_uuid(), webhook.id, n, 'job.failed', 'FAILED', 4, now() + n * interval '200 ms', 7200
  FROM webhook, generate_series(1, 30000) AS n`;

/** One in a thousand is of the key; each has a note of its own. */
const FILL_BATCHES = `INSERT INTO batches (id, api_key_id, total, completed_at, metadata)
  SELECT uuid_v7_of_now(), CASE WHEN n % 1000 = 0 THEN $1::uuid END, 1, now(), jsonb_build_object('order', n::text)
  FROM generate_series(1, 20000) AS n`;

/** One that is open: of its many jobs only the last goes on. And what is completed has jobs, too. */
const FILL_OPEN_BATCH = `WITH told AS (INSERT INTO job_webhooks (id, job_id, url, events)
    SELECT gen_random_uuid(), id, 'https://example.com/of-many', '{job.failed}' FROM generation_jobs LIMIT 5000),
  open AS (INSERT INTO batches (id, total) VALUES (uuid_v7_of_now(), 20000) RETURNING id)
  INSERT INTO batch_jobs (batch_id, job_id, items)
  SELECT open.id, job.id, 1 FROM open, generation_jobs AS job WHERE status = 'DONE' AND job.id < '00005000-0000-0000-0000-000000000000'
  UNION ALL (SELECT open.id, job.id, 1 FROM open, generation_jobs AS job WHERE status = 'PENDING' ORDER BY job.id DESC LIMIT 1)
  UNION ALL SELECT batches.id, (SELECT id FROM generation_jobs WHERE status = 'DONE' LIMIT 1), 1 FROM batches`;

/** With the settings of the planner as they are. */
describeServer('lists with many rows', { ROLE: 'api' }, ({ server }) => {
  let key: string;
  let friend: string;

  beforeAll(async () => {
    key = (await makeKey(server, 'read')).id;
    friend = (await makeKey(server, 'read')).id;
    const other = (await makeKey(server, 'read')).id;
    await server.rows(FILL, [JOBS, other]);
    await server.rows('UPDATE generation_jobs SET api_key_id = $1 WHERE id < $2', [
      key,
      '00006000-0000-0000-0000-000000000000',
    ]);
    const share =
      'INSERT INTO job_requesters SELECT id, $1 FROM generation_jobs WHERE api_key_id = $2 ORDER BY id DESC LIMIT $3';
    await server.rows(share, [key, other, 30]);
    await server.rows(share, [friend, other, 10_000]);
    await server.rows(
      `UPDATE generation_jobs SET metadata = jsonb_build_object(api_key_id, jsonb_build_object('order', requested_slug))
       WHERE requested_slug LIKE 'job-%'`,
    );
    await server.rows(FILL_FAILED);
    for (const fill of FILL_CATALOG) await server.rows(fill);
    await server.rows(FILL_WAITING);
    await server.rows(FILL_BATCHES, [key]);
    await server.rows(FILL_OPEN_BATCH);
    await server.rows('VACUUM ANALYZE');
  }, 60_000);

  const expectIndexed = (what: unknown, { plans }: Explained, most = MOST_ROWS) => {
    expect(plans.length).toBeGreaterThan(0);
    for (const { rows, read } of plans) {
      const large = read.filter((table) => !OF_FEW_ROWS.has(table));
      expect([what, large, rows < most ? 'few' : rows]).toEqual([what, [], 'few']);
    }
  };

  it('of jobs read little more than they show, whatever they are narrowed by', async () => {
    const choices = <T>(...values: T[]) => [undefined, ...values];
    for (const owner of [null, key])
      for (const slug of choices('often', 'often-2000', 'job-39999', 'job-1', 'none'))
        for (const entity of choices(...ENTITIES))
          for (const status of choices(...STATUSES))
            for (const after of [null, '00004000-0000-7000-8000-000000000000']) {
              const explained = new Explained(server.db);
              const reads = { read: (ask: (db: Explained) => unknown) => ask(explained) } as unknown as Reads;
              await new JobList(reads).page({ status, entity, slug, owner, reader: NO_READER }, 21, after);
              // Of a key's jobs of a slug those of the slug are looked through.
              const most = owner && slug ? 24_000 : MOST_ROWS;
              expectIndexed({ status, entity, slug, owner, after }, explained, most);
            }
  }, 120_000);

  it('of jobs of a project read little more, whichever of its keys made them', async () => {
    for (const slug of [undefined, 'often', 'none'])
      for (const status of [undefined, 'PENDING', 'FAILED'] as const) {
        const explained = new Explained(server.db);
        const reads = { read: (ask: (db: Explained) => unknown) => ask(explained) } as unknown as Reads;
        const filter = { status, slug, owner: key, fellows: [key, friend], reader: NO_READER };
        await new JobList(reads).page(filter, 21, null);
        // Of what is narrowed all that a key shares is looked through.
        expectIndexed({ status, slug }, explained, slug || status ? 60_000 : MOST_ROWS);
      }
  });

  it('of jobs with a note read those alone, of a key as of all', async () => {
    for (const scopes of [[], ['admin' as const]])
      for (const order of ['job-39999', 'job-1', 'none'])
        for (const more of [{}, { entity: 'MOVIE' as const }, { status: 'DONE' as const }]) {
          const explained = new Explained(server.db);
          const reads = { read: (ask: (db: Explained) => unknown) => ask(explained) } as unknown as Reads;
          const reader = { key_id: key, scopes };
          await new JobList(reads).page({ ...more, metadata: { order }, owner: key, reader }, 21, null);
          expectIndexed({ scopes, order, more }, explained);
        }
  });

  it('of batches read little more than they show, whoever asks and whatever was noted', async () => {
    const caller = { key_id: key, scopes: ['generate' as const], sees_only: key, changes_only: key };
    for (const asker of [caller, OPERATOR])
      for (const metadata of [undefined, { order: '1000' }, { order: 'none' }]) {
        const explained = new Explained(server.db);
        const reads = { read: (ask: (db: Explained) => unknown) => ask(explained) } as unknown as Reads;
        await new BatchReader(reads).list(asker, metadata, { limit: 21, after: null });
        expectIndexed({ asker, metadata }, explained);
      }
  });

  it('of messages read little more than they show, of a state and page by page', async () => {
    for (const status of [undefined, ...DELIVERY_STATUSES])
      for (const after of [null, 'ffff0000-0000-0000-0000-000000000000']) {
        const explained = new Explained(server.db);
        const reads = { read: (ask: (db: Explained) => unknown) => ask(explained) } as unknown as Reads;
        await new AllDeliveries(reads).page({ status, since: new Date(), limit: 101, after });
        await new AllDeliveries(reads).page({ status, limit: 101, after });
        expectIndexed({ status, after }, explained);
      }
  });

  it('of jobs of batches are not read to see that none is completed', async () => {
    const explained = new Explained(server.db);
    const loops = { open: () => null };
    await new BatchCompletion(explained as never, {} as never, loops as never, {} as never).complete();
    expectIndexed('completion', explained);
  });

  it('of failed jobs read little more than they show, by kind, error, time and text', async () => {
    for (const filter of [
      {},
      ...ENTITIES.map((entity) => ({ entity })),
      ...ERROR_TYPES.map((type) => ({ type })),
      { type: 'NOT_FOUND', entity: 'MOVIE' },
      { q: 'failed-7777' },
      { q: 'nothing like it' },
      { since: new Date(Date.now() - 60_000) },
    ] as object[]) {
      const explained = new Explained(server.db);
      await new FailedJobsService(explained as never, {} as never).list(filter, 21);
      expectIndexed(filter, explained);
    }
  });

  it('of what waits are not read to see that no clock was set back', async () => {
    for (const Kind of [Waits, DeliveryWaits]) {
      const explained = new Explained(server.db);
      await new Kind(explained as never, server.config).shorten(500);
      expectIndexed(Kind.name, explained);
    }
  });

  it('of what waits in queues read the first, to see that none is lost', async () => {
    await server.rows(
      `UPDATE generation_jobs SET dispatched_at = now() - interval '1 minute' WHERE status = 'PENDING'`,
    );
    await server.rows(`UPDATE webhook_deliveries SET dispatched_at = now() - interval '1 minute'`);
    await server.rows('ANALYZE generation_jobs, webhook_deliveries');
    for (const Kind of [JobsOutbox, DeliveriesOutbox]) {
      const explained = new Explained(server.db);
      await new Kind(explained as never, {} as never, {} as never).longestDispatched(15, 20);
      expectIndexed(Kind.name, explained);
    }
  });

  it('of texts at random take some of the pages, and all of them where what is asked for is rare', async () => {
    const texts = new SampledTexts({ query: (text: string, values: unknown[]) => server.rows(text, values) } as never);
    const ids = (await texts.some(20, {})).map(({ text }) => text.id);
    expect(new Set(ids).size).toBe(20);
    await server.rows(
      `UPDATE movie_descriptions SET prompt_version = 'v9' WHERE id = (SELECT id FROM movie_descriptions LIMIT 1)`,
    );
    expect(await texts.some(5, { prompt_version: 'v9' })).toMatchObject([{ text: { prompt_version: 'v9' } }]);
    expect(await texts.some(5, { prompt_version: 'v9', entity: 'PERSON' })).toEqual([]);
  });

  const idsOf = async (table: string) =>
    (await server.rows<{ id: string }>(`SELECT id FROM ${table} ORDER BY slug LIMIT 100`)).map(({ id }) => id);

  it('of films and people named by a hundred slugs read no table to find them', async () => {
    const explained = new Explained(server.db);
    const slugs = Array.from({ length: 100 }, (_, n) => (n % 3 ? `film-${n}` : `other-film-${n}`));
    await rowsNamed(explained, KINDS.MOVIE, slugs);
    expectIndexed('slugs', explained);
  });

  it('of all films and people read no table, page by page', async () => {
    const query = Object.assign(new ExportQuery(), { updated_since: undefined });
    for (const list of [moviesOf(PAGE), peopleOf(PAGE), moviesOf({ ...PAGE, locale: 'pl-PL' })]) {
      const explained = new Explained(server.db);
      const between: [string, string] = [
        '40000000-0000-4000-8000-000000000000',
        'ffffffff-ffff-4fff-8fff-ffffffffffff',
      ];
      const { text, values } = exportStatement(list, query, between);
      await explained.query(text, values);
      expectIndexed(list.table, explained, 100_000);
    }
  });

  it('of films and people read no table when they are narrowed or sorted', async () => {
    const page: [what: string, list: List, q?: string][] = [
      ['year', moviesOf({ ...PAGE, year: 1999 })],
      ['genre', moviesOf({ ...PAGE, genre: 'genre-7' })],
      ['year of birth', peopleOf({ ...PAGE, year: 1964 })],
      ['years', moviesOf({ ...PAGE, year_from: 1950, year_to: 1951 })],
      ['a text that lacks', moviesOf({ ...PAGE, missing: 'pl-PL/modern' })],
      ['a text that nothing has', moviesOf({ ...PAGE, missing: 'de-DE/humorous' })],
      ['a biography that lacks', peopleOf({ ...PAGE, missing: 'pl-PL/modern' })],
      ['a director', moviesOf({ ...PAGE, director: 'name-7777' })],
      ['a language', moviesOf({ ...PAGE, locale: 'pl-PL' })],
      ['a change', moviesOf({ ...PAGE, updated_since: new Date(Date.now() + 60_000) })],
      ['titles in order, with texts', moviesOf({ ...PAGE, sort: 'title', include: 'description', locale: 'pl-PL' })],
      ['years in order, with texts', moviesOf({ ...PAGE, sort: 'year', include: 'description' })],
      ['names', moviesOf(PAGE, await idsOf('movies'))],
      ['language of a biography', peopleOf({ ...PAGE, locale: 'pl-PL', context_tag: 'modern' })],
      ['names of people in order', peopleOf({ ...PAGE, sort: 'title', include: 'bio' })],
      ['a title of a year', moviesOf({ ...PAGE, year_from: 1999, genre: 'genre-7', sort: 'title' }), 'film-7777'],
      ['a title', moviesOf(PAGE), 'film-7777'],
      ['a name', peopleOf(PAGE), 'name-7777'],
    ];
    for (const [what, list, q] of page) {
      const explained = new Explained(server.db, [{ total: 100, place: null }]);
      await (q === undefined ? listed(explained, list, PAGE) : searched(explained, list, q, PAGE));
      expectIndexed(what, explained, 100_000);
    }
  });
});
