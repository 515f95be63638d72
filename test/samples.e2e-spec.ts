import { parse } from 'csv-parse/sync';
import { globSync, readFileSync } from 'node:fs';
import { describeServer } from './support/server/describe-server.js';
import { type Answer, TestServer } from './support/server/server.js';
import { queryOf } from './support/document/documented.js';
import { answerTo, readLine, requestLines } from './support/document/shell.js';

const KEY = 'a-long-enough-admin-token';
const VARIABLES = { ADMIN_TOKEN: KEY, MOVIEMIND_TOKEN: KEY, MOVIEMIND_KEY: KEY, KEY };
/** What an example may be answered: it may name what is not there, or not in the state it needs. */
const FINE = [200, 201, 202, 204, 404, 409];
/** The key is left out where the text speaks of a server without keys. */
const withKey = (line: string) =>
  `${line.split(' #')[0]} ${line.startsWith('curl') ? '-H ' : ''}'authorization:Bearer ${KEY}'`;

interface Found {
  job_id: string;
  batch_id: string;
  status: string;
  jobs: { job_id: string }[];
  results: { title?: string; name?: string; status?: string }[];
}

interface Expected {
  like: RegExp;
  status: number;
  /** What the page says or implies beside the line. */
  check?: (answer: Answer<Found>, known: Known) => unknown;
}

interface Known {
  page: string;
  /** What stands for the placeholders of the page. */
  told: Map<string, string>;
  server: TestServer;
}

const JOB = '019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b';
const BATCH = '019ab1d2-7c3e-7000-8000-0b0a0c0d0e0f';
const TAG = '47DEQpj8HBSa';
const EXAMPLE_ID = '019ab1d2-84f1-7000-8000-0a0b0c0d0e0f';

const found =
  (...wanted: string[]) =>
  ({ body }: Answer<Found>) =>
    expect(body.results.map(({ title, name }) => title ?? name)).toEqual(expect.arrayContaining(wanted));

/** The tag of the pages is none; what is there now stands for it. */
const tagAt = async ({ told, server }: Known, path: string) => {
  const key: Record<string, string> = server.config.authRequired ? { authorization: `Bearer ${KEY}` } : {};
  const { headers } = await server.get(path, key);
  told.set(TAG, headers.get('etag')!.replaceAll('"', ''));
};

/** The answer that is shown below the first line, which says that it is shortened. */
const asShown = async ({ body }: Answer<Found>, known: Known) => {
  const { job_id, links, ...shown } = JSON.parse(/```json\n([\s\S]*?)```/.exec(known.page)![1]!) as Found & {
    links: Record<string, string | null>;
  };
  expect(job_id).toBe(JOB);
  const real = Object.entries(links).map(([name, link]) => [name, link && link.replace(JOB, body.job_id)]);
  expect(body).toMatchObject({ ...shown, links: Object.fromEntries(real) as object });
  known.told.set(JOB, body.job_id);
  await known.server.finished(body.job_id, 15_000, { authorization: `Bearer ${KEY}` });
  await tagAt(known, `/jobs/${body.job_id}`);
};

const tellJob = ({ body }: Answer<Found>, { told }: Known) => told.set(JOB, body.job_id);
const tellBatch = ({ body }: Answer<Found>, { told }: Known) => told.set(BATCH, body.batch_id);
const hasText = ({ body }: Answer<Found>) => expect(body).toHaveProperty('description.text');
const isDone = ({ body }: Answer<Found>) => expect(body.status).toBe('DONE');
const hasResults = ({ body }: Answer<Found>) => expect(body.results.length).toBeGreaterThan(0);
const withTexts = ({ body }: Answer<Found>) => expect(body.results[0]).toHaveProperty('description.text');
const streamsDone = ({ body }: Answer<Found>) => expect(body).toContain('"status":"DONE"');

/** A text that was asked for: the next lines read it. */
const waited = async ({ body }: Answer<Found>, { server }: Known) => {
  await server.finished(body.job_id, 15_000);
};

/** The second answer that the README shows: the error of the job. */
const errorAsShown = async ({ body }: Answer<Found>, { page, server }: Known) => {
  const [, , shown] = page.split('```json\n');
  const { error } = await server.finished(body.job_id, 15_000, { authorization: `Bearer ${KEY}` });
  expect(error).toMatchObject(JSON.parse(shown!.split('```')[0]!) as object);
};

/** Every line of every page that calls the API, in its order; a page that is not here has none. */
const PAGES: Record<string, Expected[]> = {
  'README.md': [
    { like: /generate -H .*The Matrix/, status: 202, check: asShown },
    { like: /jobs\/019.*3b +#/, status: 200, check: isDone },
    { like: /movies\/the-matrix-1999 +#/, status: 200, check: hasText },
    { like: /"title":"Dune"/, status: 202, check: errorAsShown },
    { like: /"slug":"dune-2021"/, status: 202 },
    { like: /webhooks\/secret/, status: 200, check: ({ body }) => expect(body).toHaveProperty('secret') },
    { like: /webhook_url/, status: 202 },
  ],
  'docs/api.md': [
    { like: /Salt Harbor/, status: 202 },
    { like: /generate .*wait=20/, status: 200, check: isDone },
    { like: /jobs.*wait=20/, status: 200, check: isDone },
    { like: /include=text/, status: 200, check: ({ body }) => expect(body).toHaveProperty('text.text') },
    { like: /curl -N .*events/, status: 200, check: streamsDone },
    { like: /jobs\/019.*if-none-match/, status: 304 },
    { like: /"metadata":/, status: 202 },
    { like: /metadata\.order=42/, status: 200, check: hasResults },
    { like: /curl .*import-42-heat/, status: 202 },
    {
      like: /http .*import-42-heat/,
      status: 202,
      check: ({ headers }) => expect(headers.get('idempotent-replayed')).toBe('true'),
    },
    { like: /dry_run/, status: 200, check: ({ body }) => expect(body).toMatchObject({ total: 4 }) },
    { like: /curl .*batch/, status: 202, check: tellBatch },
    { like: /http .*batch/, status: 202 },
    {
      like: /batches/,
      status: 200,
      check: ({ body }) => expect(body).toMatchObject({ total: 2, counts: { FAILED: 0 } }),
    },
    {
      like: /jobs\?status=DONE/,
      status: 200,
      check: ({ body }) => expect(body.results[0]).toMatchObject({ status: 'DONE' }),
    },
    { like: /slug==the-matrix/, status: 200, check: hasResults },
    { like: /q=amlie/, status: 200, check: found('Amélie') },
    { like: /q=千と千尋/, status: 200, check: found('千と千尋の神隠し') },
    { like: /genre=drama/, status: 200, check: found('Fight Club') },
    { like: /director=lana/, status: 200 },
    { like: /include=description&locale/, status: 200, check: withTexts },
    { like: /slugs=heat/, status: 200, check: found('Heat') },
    { like: /updated_since=7d/, status: 200 },
    { like: /missing=de-DE/, status: 200, check: hasResults },
    { like: /q=reeves/, status: 200, check: found('Keanu Reeves') },
    { like: /context_tag=humorous/, status: 200, check: hasText },
    { like: /imdb:tt0133093/, status: 404 },
    {
      like: /descriptions/,
      status: 200,
      check: async (answer, known) => {
        hasResults(answer);
        await tagAt(known, '/movies/the-matrix-1999');
      },
    },
    { like: /curl -i .*if-none-match/, status: 304 },
    { like: /export\/movies +#/, status: 200, check: ({ body }) => expect(body).toContain('"title":"Fight Club"') },
    { like: /export\/people/, status: 200, check: ({ body }) => expect(body).toContain(',Keanu Reeves,1964,') },
    { like: /export.*updated_since=1d/, status: 200 },
    {
      like: /import\/movies/,
      status: 200,
      check: ({ body }) => expect(body.results[0]).toMatchObject({ slug: 'heat-1995', outcome: 'CHANGED' }),
    },
    { like: /PUT .*descriptions/, status: 201, check: ({ body }) => expect(body).toMatchObject({ origin: 'HUMAN' }) },
    { like: /PATCH .*release_year/, status: 200 },
    { like: /PATCH .*hidden/, status: 200, check: ({ body }) => expect(body).toMatchObject({ hidden: true }) },
    { like: /restore/, status: 404 },
    { like: /DELETE .*block=true/, status: 404 },
  ],
  'docs/webhooks.md': [
    { like: /webhooks\/secret/, status: 200, check: ({ body }) => expect(body).toHaveProperty('secret') },
    { like: /webhook_url/, status: 202, check: tellJob },
    { like: /deliveries/, status: 200, check: ({ body }) => expect(body).toHaveProperty('results') },
    { like: /webhooks\/disabled/, status: 200, check: ({ body }) => expect(body).toEqual({ results: [] }) },
  ],
  'docs/operate.md': [
    { like: /\$KEY/, status: 202 },
    { like: /admin\/queues +#/, status: 200 },
    { like: /pause/, status: 200 },
    { like: /resume/, status: 200 },
    // Nobody could say which Dune was meant.
    { like: /admin\/failed-jobs +#/, status: 200, check: ({ body }) => expect(body.results).toHaveLength(1) },
    { like: /failed-jobs\/retry/, status: 200, check: ({ body }) => expect(body).toEqual({ retried: 0 }) },
    { like: /DELETE .*older_than/, status: 200, check: ({ body }) => expect(body).toEqual({ forgotten: 0 }) },
    { like: /admin\/audit\?action/, status: 200, check: hasResults },
    { like: /admin\/audit\?target_kind/, status: 200, check: hasResults },
    { like: /admin\/blocks/, status: 200 },
  ],
  'docs/backup.md': [
    { like: /admin\/backups/, status: 201, check: ({ body }) => expect(body).toMatchObject({ tool: 'pgBackRest' }) },
  ],
  'docs/runbook.md': [
    { like: /health\/live/, status: 200 },
    { like: /health\/ready/, status: 200 },
    { like: /failed-jobs\?since=1h/, status: 200, check: hasResults },
    { like: /failed-jobs\/retry/, status: 200, check: ({ body }) => expect(body).toEqual({ retried: 0 }) },
  ],
};

/** The page that a reader follows from top to bottom, on a server of its own where nobody needs a key. */
const FILM_SITE: Expected[] = [
  {
    like: /batch .*seed-1/,
    status: 202,
    check: async (answer, known) => {
      tellBatch(answer, known);
      for (const { job_id } of answer.body.jobs) await known.server.finished(job_id, 15_000);
    },
  },
  {
    like: /batches/,
    status: 200,
    check: ({ body }) => expect(body).toMatchObject({ total: 3, counts: { DONE: 3 }, done: true }),
  },
  { like: /per_page=12/, status: 200, check: found('Heat', 'Amélie', '千と千尋の神隠し') },
  { like: /q=amlie/, status: 200, check: found('Amélie') },
  { like: /include=description&locale/, status: 200, check: withTexts },
  { like: /slugs=heat/, status: 200, check: found('Heat', 'Amélie') },
  { like: /genres\?locale/, status: 200, check: hasResults },
  { like: /heat-1995\?locale=en-US/, status: 200, check: hasText },
  { like: /alien-1979 .*404/, status: 404 },
  { like: /visit-alien-1979/, status: 202, check: tellJob },
  { like: /wait=20/, status: 200, check: isDone },
  { like: /alien-1979 .*200/, status: 200, check: hasText },
  { like: /curl -N .*events/, status: 200, check: streamsDone },
  { like: /Salt Harbor/, status: 200, check: isDone },
  { like: /"metadata":/, status: 202, check: waited },
  { like: /metadata\.film=4711/, status: 200, check: hasResults },
  { like: /pl-PL.*humorous.*reuse/, status: 202, check: waited },
  { like: /heat-1995\?locale=pl-PL/, status: 200, check: hasText },
  { like: /dry_run/, status: 200, check: ({ body }) => expect(body).toMatchObject({ total: 4, new: 4 }) },
  { like: /heat-1995\/people/, status: 200, check: hasResults },
  { like: /has_text=false/, status: 200, check: hasResults },
  { like: /people\/generate/, status: 202, check: waited },
  {
    like: /people\/keanu-reeves/,
    status: 200,
    check: async ({ body }, known) => {
      expect(body).toHaveProperty('bio.text');
      await tagAt(known, '/movies/heat-1995');
    },
  },
  { like: /if-none-match/, status: 304 },
  { like: /per_page=100/, status: 200, check: ({ body }) => expect(body.results[0]).toHaveProperty('updated_at') },
  { like: /updated_since=1d/, status: 200, check: hasResults },
  { like: /generate .*"slug":"heat-1995"}/, status: 202, check: waited },
  {
    like: /heat-1995\/descriptions +#/,
    status: 200,
    check: ({ body }) => expect(body.results[0]).toMatchObject({ version: 2 }),
  },
  { like: /PUT .*descriptions/, status: 201, check: ({ body }) => expect(body).toMatchObject({ version: 3 }) },
  { like: /access-token/, status: 201, check: ({ body }) => expect(body).toHaveProperty('links.events') },
];

/** Sends every line of a page in its order, each as `prepared`, and holds it against what is expected. */
async function follow(
  file: string,
  expected: Expected[],
  { told, server }: Omit<Known, 'page'>,
  prepared: (line: string) => string,
): Promise<void> {
  const page = readFileSync(file, 'utf8');
  const unused = [...expected];
  for (const written of requestLines(page)) {
    const line = [...told].reduce((text, [placeholder, real]) => text.replaceAll(placeholder, real), written);
    const at = unused.findIndex(({ like }) => like.test(written));
    expect([file, written, at]).not.toEqual([file, written, -1]);
    const [{ status, check }] = unused.splice(at, 1) as [Expected];
    const sent = line.includes('uthorization') ? line : prepared(line);
    const answer = await answerTo(sent, server.url, VARIABLES);
    expect([file, written, answer.status]).toEqual([file, written, status]);
    await check?.(answer as Answer<Found>, { page, told, server });
  }
  expect(unused.map(({ like }) => like)).toEqual([]);
}

describeServer('the lines for a shell', { AUTH_REQUIRED: 'true', ADMIN_TOKEN: KEY }, ({ server }) => {
  beforeAll(async () => {
    // What the pages read has been written: it is in the files of examples/.
    await written('movies', 'films.csv', (row) => ['Amélie', 'Fight Club', '千と千尋の神隠し'].includes(row[0]!));
    await written('people', 'people.csv', (row) => row[0] === 'Keanu Reeves');
  });

  async function written(kind: 'movies' | 'people', file: string, wanted: (row: string[]) => boolean) {
    const rows = parse(readFileSync(`examples/${file}`)).filter(wanted);
    expect(rows.length).toBeGreaterThan(0);
    const [text, year] = kind === 'movies' ? ['title', 'release_year'] : ['name', 'birth_year'];
    for (const row of rows) {
      const body = { [text]: row[0], [year]: Number(row[1]) };
      const { body: job } = await server.post(`/${kind}/generate`, body, { authorization: `Bearer ${KEY}` });
      await server.finished(job.job_id, 15_000, { authorization: `Bearer ${KEY}` });
    }
  }

  async function send(line: string) {
    const { method, path, headers, body } = readLine(line, VARIABLES);
    const { status, body: answer } = await server.send(method, path, headers, body);
    return { line, method, path, headers, body, status, answer };
  }

  it('of every operation, for curl and for HTTPie, are taken, and both send the same', async () => {
    const page = (await server.get<string>('/docs/swagger-ui-init.js')).body;
    for (const operation of server.api.operations) {
      const lines = operation['x-codeSamples']!.map(({ source }) => source);
      expect([operation.operationId, lines.length]).toEqual([operation.operationId, 2]);
      // The page shows them below the description, with the address where it was opened.
      const block = `\`\`\`sh\n${lines.join('\n')}\n\`\`\``.replaceAll('localhost:3000', new URL(server.url).host);
      expect([operation.operationId, page.includes(JSON.stringify(block).slice(1, -1))]).toEqual([
        operation.operationId,
        true,
      ]);
      const [curl, httpie] = [await send(lines[0]!), await send(lines[1]!)];
      expect(server.api.operationAt(curl.method, curl.path)?.operationId).toBe(operation.operationId);
      expect([curl.line, FINE.includes(curl.status), curl.status]).toEqual([curl.line, true, expect.any(Number)]);
      expect([httpie.method, httpie.path]).toEqual([curl.method, curl.path]);
      expect(JSON.parse(httpie.body ?? '{}')).toEqual(JSON.parse(curl.body ?? '{}'));
      expect([httpie.line, FINE.includes(httpie.status)]).toEqual([httpie.line, true]);
    }
  });

  it('of the pages are answered as they say, and what they look for is found', async () => {
    const told = new Map<string, string>();
    for (const [file, expected] of Object.entries(PAGES)) await follow(file, expected, { told, server }, withKey);
  }, 60_000);

  it('of the film site work from top to bottom on a fresh server', async () => {
    const fresh = await TestServer.start();
    try {
      await follow('docs/film-site.md', FILM_SITE, { told: new Map(), server: fresh }, (line) => line.split(' #')[0]!);
    } finally {
      await fresh.stop();
    }
  }, 60_000);

  it('are on no page that is not tried', () => {
    const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', ...globSync('docs/*.md')];
    const tried = pages.filter((file) => requestLines(readFileSync(file, 'utf8')).length > 0);
    expect(tried.sort()).toEqual([...Object.keys(PAGES), 'docs/film-site.md'].sort());
  });

  it('have parameters that find something, one by one and all at once', async () => {
    await server.rows(
      `WITH genre AS (INSERT INTO genres (id, slug, name) VALUES (uuid_v7_of_now(), 'science-fiction', 'Science Fiction')
         ON CONFLICT (slug) DO UPDATE SET name = excluded.name RETURNING id)
       INSERT INTO movie_genres (movie_id, genre_id) SELECT movies.id, genre.id FROM movies, genre WHERE movies.slug = 'the-matrix-1999'`,
    );
    const key = { authorization: `Bearer ${KEY}` };
    for (const [kind, subject] of [
      ['movies', { slug: 'the-matrix-1999' }],
      ['people', { slug: 'keanu-reeves-1964' }],
    ] as const) {
      const request = { ...subject, locale: 'pl-PL', tone: 'humorous', metadata: { order: '42' } };
      const { body } = await server.post(`/${kind}/generate`, request, key);
      await server.finished(body.job_id, 15_000, key);
    }
    // What is found by the id of the examples, and the director of the examples.
    await server.rows(
      `INSERT INTO movies (id, slug, title_slug, title) VALUES ($1, 'found-by-id', 'found-by-id', 'Found By Id')`,
      [EXAMPLE_ID],
    );
    await server.rows(
      `WITH person AS (INSERT INTO people (id, slug, name_slug, name)
         VALUES ($1, 'lana-wachowski', 'lana-wachowski', 'Lana Wachowski') RETURNING id)
       INSERT INTO movie_people (movie_id, person_id, role, by_movie)
         SELECT movies.id, person.id, 'DIRECTOR', '{}' FROM movies, person WHERE movies.slug = 'the-matrix-1999'`,
      [EXAMPLE_ID],
    );
    for (const id of ['listMovies', 'listPeople', 'listJobs']) {
      const { path, parameters } = server.api.operation(id);
      const queries = parameters
        .filter(({ in: place, name }) => place === 'query' && name !== 'cursor')
        .flatMap(({ name, schema }) =>
          queryOf(name, schema.example).map(([key, value]) => `${key}=${encodeURIComponent(value)}`),
        );
      expect(queries.length).toBeGreaterThan(3);
      for (const query of [...queries, queries.join('&')]) {
        const { status, body } = await server.get<Found>(`${path}?${query}`, { authorization: `Bearer ${KEY}` });
        expect([path, query, status, body.results?.length]).not.toEqual([path, query, status, 0]);
        expect([path, query, status]).toEqual([path, query, 200]);
      }
    }
  });
});
