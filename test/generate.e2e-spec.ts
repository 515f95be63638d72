import type { JobDto } from '../src/jobs/jobs.dto.js';
import { LOCALE_TAGS } from '../src/domain/vocabulary.js';
import { describeServer, WITH_MODEL } from './support/server/describe-server.js';
import { UUID_V7 } from './support/ledger/ids.js';
import { eventually, TestServer } from './support/server/server.js';

interface Movie {
  slug: string;
  title: string;
  release_year: number;
  description: { text: string; locale: string; version: number; ai_model: string } | null;
  variants: { locale: string; context_tag: string; version: number }[];
  people: { slug: string; name: string; role: string; character_name: string | null; billing_order: number | null }[];
  genres: string[];
  ambiguous: boolean;
  alternatives: { slug: string }[];
}

/** The first five, and some of further scripts; a unit test has all of them. */
const TONGUES = [...LOCALE_TAGS.slice(0, 5), ...(['ar-SA', 'bg-BG', 'hi-IN', 'ja-JP', 'th-TH'] as const)];

describeServer('generating', WITH_MODEL, ({ server, model }) => {
  /** Another process of the same deployment. */
  let other: TestServer;

  beforeAll(async () => {
    const { databaseUrl, queuePrefix } = server.config;
    other = await TestServer.start({ ROLE: 'api', QUEUE_PREFIX: queuePrefix }, databaseUrl!);
  });

  afterAll(async () => {
    await other.stop();
  });

  it('answers 202 with the whole job, committed, and where to poll it', async () => {
    const { status, headers, body } = await server.post('/movies/generate', {
      title: 'The Matrix',
      release_year: 1999,
    });
    expect(status).toBe(202);
    expect(headers.get('location')).toBe(`/jobs/${body.job_id}`);
    expect(headers.get('retry-after')).toBe('1');
    expect(body).toEqual({
      job_id: expect.stringMatching(UUID_V7),
      status: 'PENDING',
      entity: 'MOVIE',
      requested_slug: 'the-matrix-1999',
      slug: null,
      locale: 'en-US',
      context_tag: 'DEFAULT',
      stage: 'QUEUED',
      hold: null,
      queue_position: null,
      attempts: 0,
      max_attempts: 3,
      created_at: expect.any(String),
      started_at: null,
      finished_at: null,
      expires_at: null,
      deadline_at: null,
      result: null,
      error: null,
      usage: null,
      links: {
        self: `/jobs/${body.job_id}`,
        events: `/jobs/${body.job_id}/events`,
        cancel: `/jobs/${body.job_id}/cancel`,
        result: null,
      },
      metadata: {},
    });
    const rows = await server.rows('SELECT id FROM generation_jobs WHERE id = $1', [body.job_id]);
    expect(rows).toHaveLength(1);
  });

  it('writes a film with its people, genres and usage', async () => {
    const job = await server.generate('movies', { title: 'Heat', release_year: 1995 });
    expect(job).toMatchObject({
      status: 'DONE',
      slug: 'heat-1995',
      stage: 'DONE',
      hold: null,
      attempts: 1,
      error: null,
      result: { slug: 'heat-1995', version: 1, id: expect.any(String), description_id: expect.any(String) },
      usage: {
        model: 'stub-model-1',
        calls: 1,
        input_tokens: 321,
        output_tokens: 123,
        duration_ms: expect.any(Number),
        cost: null,
      },
      links: { result: '/movies/heat-1995?locale=en-US&context_tag=DEFAULT' },
    });
    expect(Date.parse(job.created_at)).toBeLessThanOrEqual(Date.parse(job.started_at!));
    expect(Date.parse(job.started_at!)).toBeLessThanOrEqual(Date.parse(job.finished_at!));
    expect(Date.parse(job.expires_at!) - Date.parse(job.finished_at!)).toBe(30 * 86_400_000);
    const { body, headers } = await server.get<Movie>('/movies/heat-1995');
    expect(headers.get('content-language')).toBe('en-US');
    expect(body).toMatchObject({
      slug: 'heat-1995',
      title: 'Heat',
      release_year: 1995,
      genres: ['Drama', 'Science Fiction'],
    });
    expect(body.description).toMatchObject({
      text: expect.stringContaining('An original description of Heat.'),
      version: 1,
      ai_model: 'stub-model-1',
    });
    expect(
      body.people.map(({ name, role, character_name, billing_order }) => [name, role, character_name, billing_order]),
    ).toEqual([
      ['Ann Actor', 'ACTOR', 'Lead', 1],
      ['Bob Player', 'ACTOR', null, 2],
      ['Will Writer', 'WRITER', null, 3],
      ['Dana Director', 'DIRECTOR', null, 4],
    ]);
    const person = await server.get<{ bio: null; movies: object[] }>('/people/ann-actor');
    expect(person.body.bio).toBeNull();
    expect(person.body.movies).toContainEqual({
      slug: 'heat-1995',
      title: 'Heat',
      release_year: 1995,
      role: 'ACTOR',
      character_name: 'Lead',
    });
  });

  it('writes a person, and recognises the one known from a cast', async () => {
    await server.generate('movies', { title: 'Casting First', release_year: 2003 });
    const before = await server.get<{ id: string }>('/people/bob-player');
    const job = await server.generate('people', { name: 'Bob Player', birth_year: 1970 });
    expect(job).toMatchObject({
      status: 'DONE',
      entity: 'PERSON',
      requested_slug: 'bob-player-1970',
      slug: 'bob-player-1970',
    });
    expect(job.result).toMatchObject({ version: 1, bio_id: expect.any(String), id: before.body.id });
    const { body } = await server.get<{ bio: { text: string }; movies: { slug: string }[]; birth_date: string }>(
      '/people/bob-player-1970',
    );
    expect(body.bio.text).toContain('An original biography of Bob Player.');
    expect(body.birth_date).toBe('1970-09-02');
    expect(body.movies.map(({ slug }) => slug)).toEqual(
      expect.arrayContaining(['casting-first-2003', 'known-film-2001', 'other-film']),
    );
    expect((await server.get('/people/bob-player')).status).toBe(200);
  });

  it('takes a slug beside the title that it is of', async () => {
    const { body } = await server.post('/movies/generate', {
      title: 'Señor Exact',
      slug: 'senor-exact',
      release_year: 1999,
    });
    expect(await server.finished(body.job_id)).toMatchObject({ status: 'DONE', slug: 'senor-exact-1999' });
  });

  it('lets the model fill in the year that the request left open', async () => {
    const job = await server.generate('movies', { title: 'Open Year' });
    expect(job).toMatchObject({ status: 'DONE', requested_slug: 'open-year', slug: 'open-year-1999' });
    const bySlug = await server.generate('movies', { slug: 'open-year-two' });
    expect(bySlug).toMatchObject({ status: 'DONE', requested_slug: 'open-year-two', slug: 'open-year-two-1999' });
  });

  it('keeps every version and serves the newest', async () => {
    const request = { title: 'Twice Told', release_year: 2000 };
    await server.generate('movies', request);
    const second = await server.generate('movies', request);
    expect(second.result).toMatchObject({ version: 2 });
    const { body } = await server.get<Movie>('/movies/twice-told-2000');
    expect(body.variants).toEqual([expect.objectContaining({ locale: 'en-US', context_tag: 'DEFAULT', version: 2 })]);
    const versions = await server.rows(
      `SELECT version FROM movie_descriptions JOIN movies ON movies.id = movie_id WHERE slug = 'twice-told-2000' ORDER BY version`,
    );
    expect(versions).toEqual([{ version: 1 }, { version: 2 }]);
  });

  const KINDS = ['movies', 'people'] as const;
  const subject = (path: 'movies' | 'people', name: string) =>
    path === 'movies' ? { title: name, release_year: 1970 } : { name, birth_year: 1970 };

  it.each(KINDS)('reuses the finished text of %s without a model call when asked to', async (path) => {
    const name = `Once Is Enough For ${path}`;
    const request = { ...subject(path, name), if_exists: 'reuse' };
    const first = await server.generate(path, request);
    const { status, body } = await server.post(`/${path}/generate`, request);
    expect(status).toBe(200);
    expect(body).toEqual(first);
    expect(model.callsFor(name)).toHaveLength(1);
    const polish = await server.post(`/${path}/generate`, { ...request, locale: 'pl-PL' });
    expect(polish.status).toBe(202);
  });

  it('reuses by DEFAULT_IF_EXISTS what is asked for without if_exists, in batches too', async () => {
    const { databaseUrl, queuePrefix } = server.config;
    const settings = { ...WITH_MODEL, OPENAI_BASE_URL: model.url, DEFAULT_IF_EXISTS: 'reuse', ROLE: 'api' };
    const sparing = await TestServer.start({ ...settings, QUEUE_PREFIX: queuePrefix }, databaseUrl!);
    try {
      const request = { title: 'Spared', release_year: 2003 };
      const first = await sparing.generate('movies', request);
      const again = await sparing.post('/movies/generate', request);
      expect([again.status, again.body]).toEqual([200, first]);
      const batch = await sparing.post<{ jobs: JobDto[] }>('/movies/generate/batch', { items: [request] });
      expect(batch.body.jobs).toEqual([first]);
      for (const [one, body] of [
        [sparing, { ...request, if_exists: 'regenerate' }],
        [server, request],
      ] as const) {
        const anew = await one.post('/movies/generate', body);
        expect([anew.status, anew.body.job_id === first.job_id]).toEqual([202, false]);
        await server.finished(anew.body.job_id);
      }
    } finally {
      await sparing.stop();
    }
  });

  it('takes tone for context_tag, alone or beside the same', async () => {
    const request = { title: 'Tuned', release_year: 2003, locale: 'de-DE' };
    for (const manner of [{ tone: 'humorous' }, { tone: 'humorous', context_tag: 'humorous' }]) {
      const job = await server.generate('movies', { ...request, ...manner });
      expect(job).toMatchObject({ status: 'DONE', context_tag: 'humorous' });
      expect(job.links.result).toBe('/movies/tuned-2003?locale=de-DE&context_tag=humorous');
      const { body } = await server.get<{ description: object }>(job.links.result!);
      expect(body.description).toMatchObject({
        id: job.result!.description_id,
        locale: 'de-DE',
        context_tag: 'humorous',
      });
    }
  });

  it('reuses a text whose job was forgotten, with another job that is finished already', async () => {
    for (const [path, subject, textId] of [
      ['movies', { title: 'Outlives Its Job', release_year: 2001 }, 'description_id'],
      ['people', { name: 'Outlives Her Job' }, 'bio_id'],
    ] as const) {
      const first = await server.generate(path, subject);
      await server.rows(
        `UPDATE generation_jobs SET created_at = created_at - interval '31 days', started_at = started_at - interval '31 days',
           finished_at = finished_at - interval '31 days' WHERE id = $1`,
        [first.job_id],
      );
      await eventually(
        async () => (await server.rows(`SELECT 1 FROM generation_jobs WHERE id = $1`, [first.job_id])).length === 0,
      );
      const request = { ...subject, if_exists: 'reuse' };
      const answers = await Promise.all(Array.from({ length: 10 }, () => server.post(`/${path}/generate`, request)));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      const [{ body }] = answers as [(typeof answers)[number]];
      expect(new Set(answers.map(({ body }) => body.job_id))).toEqual(new Set([body.job_id]));
      expect(body).toMatchObject({ status: 'DONE', slug: first.slug, result: first.result, error: null });
      expect(body.result).toHaveProperty(textId);
      expect(body.job_id).not.toBe(first.job_id);
      expect((await server.get(body.links.self)).body).toEqual(body);
      expect(model.callsFor(Object.values(subject)[0] as string)).toHaveLength(1);
    }
  });

  it('reuses the text of a film whose year was found out later', async () => {
    await server.generate('movies', { title: 'Year Unknown' });
    const [row] = await server.rows<{ id: string }>(
      `UPDATE movies SET slug = 'year-unknown-1998', release_year = 1998 WHERE title = 'Year Unknown' RETURNING id`,
    );
    const { status, body } = await server.post('/movies/generate', {
      title: 'Year Unknown',
      release_year: 1998,
      if_exists: 'reuse',
    });
    expect([status, body.result?.id]).toEqual([200, row!.id]);
  });

  it.each(KINDS)('writes of %s in languages of every script of the table, and serves it', async (path) => {
    const name = `Every Tongue Of ${path}`;
    const jobs = await Promise.all(TONGUES.map((locale) => server.generate(path, { ...subject(path, name), locale })));
    expect(jobs.map(({ status, locale }) => [status, locale])).toEqual(TONGUES.map((locale) => ['DONE', locale]));
    for (const locale of TONGUES) {
      const { headers, body } = await server.get<{ [text: string]: { locale: string } }>(
        `/${path}/${jobs[0]!.slug}?locale=${locale}`,
      );
      expect(headers.get('content-language')).toBe(locale);
      expect((body.description ?? body.bio)!.locale).toBe(locale);
    }
  });

  it.each(KINDS)(
    'links of %s to the very text a job wrote, not to the English one, wherever the job is shown',
    async (path) => {
      const asked = subject(path, `Two Texts Of ${path}`);
      const english = await server.generate(path, asked);
      const variant = { locale: 'de-DE', context_tag: 'humorous' };
      const { body } = await server.post<{ jobs: JobDto[] }>(`/${path}/generate/batch`, {
        items: [{ ...asked, ...variant }],
      });
      const german = await server.finished(body.jobs[0]!.job_id);
      const link = `/${path}/${german.slug}?locale=de-DE&context_tag=humorous`;
      const [listed] = (await server.get<{ results: JobDto[] }>(`/jobs?slug=${german.slug}&limit=1`)).body.results;
      const { body: reused } = await server.post(`/${path}/generate`, { ...asked, ...variant, if_exists: 'reuse' });
      expect([german, listed!, reused].map(({ links }) => links.result)).toEqual([link, link, link]);
      const read = async ({ links }: JobDto) => (await server.get<Record<string, object>>(links.result!)).body;
      const texts = [await read(german), await read(english)].map((film) => film.description ?? film.bio);
      expect(texts).toEqual([
        expect.objectContaining({ ...variant, id: german.result!.description_id ?? german.result!.bio_id }),
        expect.objectContaining({ locale: 'en-US', context_tag: 'DEFAULT' }),
      ]);
    },
  );

  it('writes about those who were born long before film, by name or by slug, and finds them by their year', async () => {
    model.script('William Shakespeare', { kind: 'answer', output: { birth_date: '1564-04-26' } });
    const born = await server.generate('people', { name: 'William Shakespeare' });
    const again = await server.generate('people', { name: 'William Shakespeare', birth_year: 1564 });
    expect([born, again].map(({ slug }) => slug)).toEqual(['william-shakespeare-1564', 'william-shakespeare-1564']);
    expect(again.result).toMatchObject({ id: born.result!.id, version: 2 });
    expect((await server.generate('people', { slug: 'jane-austen-1775' })).slug).toBe('jane-austen-1775');
    expect((await server.generate('people', { name: 'Leif Erikson', birth_year: 1000 })).slug).toBe(
      'leif-erikson-1000',
    );
    for (const path of ['/people/william-shakespeare', '/people/william-shakespeare-1564'])
      expect((await server.get(path)).body).toMatchObject({ birth_year: 1564, ambiguous: false });
    const { body } = await server.get<{ results: { slug: string }[] }>('/people?year=1775');
    expect(body.results.map(({ slug }) => slug)).toEqual(['jane-austen-1775']);
    const reused = { name: 'William Shakespeare', birth_year: 1564, if_exists: 'reuse' };
    expect((await server.post('/people/generate', reused)).status).toBe(200);
  });

  it('writes once more what is known, by the slug that it was given, however little that tells', async () => {
    model.script('Up', { kind: 'answer', output: { release_year: null } });
    const first = await server.generate('movies', { title: 'Up' });
    expect(first.slug).toMatch(/^up-[\da-f]{16}$/);
    const again = await server.generate('movies', { slug: first.slug });
    expect(again.result).toMatchObject({ id: first.result!.id, version: 2 });
    model.script('Up', { kind: 'answer', output: { release_year: 2009 } });
    const dated = await server.generate('movies', { title: 'Up', refresh_facts: true });
    expect(dated.result).toMatchObject({ id: first.result!.id, slug: 'up-2009' });
    // What the first job links to stays there.
    for (const { links } of [first, dated])
      expect((await server.get<{ id: string }>(links.result!)).body.id).toBe(first.result!.id);
    // Also under the shorter hash that slugs had once, without the year and with it.
    const former = first.slug!.slice(0, -8);
    expect((await server.get<{ id: string }>(`/movies/${former}`)).body.id).toBe(first.result!.id);
    const spirited = await server.generate('movies', { title: '千と千尋の神隠し', release_year: 2001 });
    const shorter = spirited.slug!.replace(/[\da-f]{8}(?=-2001$)/, '');
    for (const address of [shorter, shorter.replace(/-2001$/, '')]) {
      const film = await server.get<{ id: string; slug: string }>(`/movies/${address}`);
      expect([address, film.status, film.body.slug]).toEqual([address, 200, spirited.slug]);
    }
    const again8 = { slug: shorter, title: '千と千尋の神隠し' };
    expect((await server.post('/movies/generate', again8)).body.requested_slug).toBe(spirited.slug);
    for (const address of ['up-00000000', 'up-0000000000000000', shorter.replace('2001', '2002')])
      expect([address, (await server.get(`/movies/${address}`)).status]).toEqual([address, 404]);
  });

  it('tells the cast and the directors as the facts have them that were asked for last, somebody with two parts twice', async () => {
    const title = 'Recast';
    const actor = (name: string, character_name: string) => ({ name, role: 'ACTOR', character_name });
    model.script(
      title,
      {
        kind: 'answer',
        output: { directors: ['First Director'], cast: [actor('Una Uno', 'A'), actor('Dua Due', 'B')] },
      },
      {
        kind: 'answer',
        output: {
          directors: ['Second Director'],
          cast: [actor('Tria Tre', 'C'), actor('Una Uno', 'A'), actor('Tria Tre', 'D')],
        },
      },
    );
    for (const refresh_facts of [false, true])
      await server.generate('movies', { title, release_year: 2001, refresh_facts });
    const { body } = await server.get<{ people: { name: string; billing_order: number; character_name: string }[] }>(
      '/movies/recast-2001',
    );
    expect(body.people.map(({ name, billing_order, character_name }) => [name, billing_order, character_name])).toEqual(
      [
        ['Tria Tre', 1, 'C'],
        ['Tria Tre', 1, 'D'],
        ['Una Uno', 2, 'A'],
        ['Second Director', 4, null],
      ],
    );
  });

  it('serves the variant asked for, and says so when it falls back', async () => {
    const film = { title: 'Many Tongues', release_year: 2002 };
    await server.generate('movies', film);
    await server.generate('movies', { ...film, locale: 'de-DE', context_tag: 'humorous' });
    const german = await server.get<Movie>('/movies/many-tongues-2002?locale=de-DE&context_tag=humorous');
    expect(german.body.description?.locale).toBe('de-DE');
    const french = await server.get<Movie>('/movies/many-tongues-2002?locale=fr-FR');
    expect(french.body.description?.locale).toBe('en-US');
    expect(french.headers.get('content-language')).toBe('en-US');
    expect(french.body.variants).toHaveLength(2);
  });

  it('answers the newest of several films of one title, and names the others', async () => {
    await server.generate('movies', { title: 'Dune', release_year: 1984 });
    await server.generate('movies', { title: 'Dune', release_year: 2021 });
    const { body } = await server.get<Movie>('/movies/dune');
    expect(body).toMatchObject({
      slug: 'dune-2021',
      ambiguous: true,
      alternatives: [{ slug: 'dune-1984', title: 'Dune', release_year: 1984 }],
    });
    expect((await server.get<Movie>('/movies/dune-1984')).body).toMatchObject({ slug: 'dune-1984', ambiguous: false });
  });

  it.each(KINDS)(
    'has one active job per subject of %s, however many ask at once, and whichever server',
    async (path) => {
      const name = `Crowded ${path}`;
      const request = subject(path, name);
      model.script(name, { kind: 'hang' });
      const asked = await Promise.all(
        Array.from({ length: 50 }, (_, n) => (n % 2 ? other : server).post(`/${path}/generate`, request)),
      );
      expect(new Set(asked.map(({ status }) => status))).toEqual(new Set([202]));
      const ids = new Set(asked.map(({ body }) => body.job_id));
      expect(ids.size).toBe(1);
      await eventually(async () => model.callsFor(name).length === 1);
      for (const variant of [{ locale: 'fr-FR' }, { context_tag: 'modern' }]) {
        const { body } = await other.post(`/${path}/generate`, { ...request, ...variant });
        expect([ids.has(body.job_id), (await server.finished(body.job_id)).status]).toEqual([false, 'DONE']);
      }
      expect(model.callsFor(name)).toHaveLength(3);
      await server.send('POST', asked[0]!.body.links.cancel);
      const next = await server.generate(path, request);
      expect([ids.has(next.job_id), next.result?.version]).toEqual([false, 1]);
    },
  );

  it('runs two hundred films and people at once, each to one result', async () => {
    const requests = Array.from({ length: 100 }, (_, n) => n);
    const accepted = await Promise.all(
      requests.flatMap((n) => [
        server.post('/movies/generate', { title: `Bulk Film ${n}`, release_year: 2011 }),
        server.post('/people/generate', { name: `Bulk Person ${n}`, birth_year: 1970 }),
      ]),
    );
    const jobs = await Promise.all(accepted.map(({ body }) => server.finished(body.job_id, 60_000)));
    expect(jobs.filter(({ status }) => status !== 'DONE')).toEqual([]);
    const [row] = await server.rows<{ results: number }>(
      `SELECT (SELECT count(*) FROM movie_descriptions WHERE job_id = ANY($1)) + (SELECT count(*) FROM person_bios WHERE job_id = ANY($1)) AS results`,
      [jobs.map(({ job_id }) => job_id)],
    );
    expect(Number(row?.results)).toBe(200);
  }, 90_000);

  it('carries the request id and the trace context into the ledger', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const { body, headers } = await server.post(
      '/movies/generate',
      { title: 'Traced', release_year: 2012 },
      { 'x-request-id': 'client-id-42', traceparent },
    );
    expect(headers.get('x-request-id')).toBe('client-id-42');
    const rows = await server.rows('SELECT request_id, traceparent FROM generation_jobs WHERE id = $1', [body.job_id]);
    expect(rows).toEqual([{ request_id: 'client-id-42', traceparent }]);
    const junk = await server.get('/health/live', { 'x-request-id': 'bad id\twith junk'.repeat(20) });
    expect(junk.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('shows a poller the way from PENDING over IN_PROGRESS to DONE, never backwards', async () => {
    model.script('Watched', { kind: 'answer', delayMs: 1500 });
    const { body } = await server.post('/movies/generate', { title: 'Watched', release_year: 2013 });
    const seen: string[] = [body.status];
    await eventually(async () => {
      const { status } = (await server.get<JobDto>(`/jobs/${body.job_id}`)).body;
      if (status !== seen.at(-1)) seen.push(status);
      return status === 'DONE';
    });
    expect(seen).toEqual(['PENDING', 'IN_PROGRESS', 'DONE']);
  });
});
