import { jest } from '@jest/globals';
import { currentTexts, versionsOf } from '../src/catalog/reading.js';
import { describeServer, WITH_MODEL } from './support/server/describe-server.js';
import { UUID_V7 } from './support/ledger/ids.js';
import { Explained } from './support/ledger/explained.js';
import { TestServer } from './support/server/server.js';

interface Text {
  locale: string;
  context_tag: string;
  version: number;
}
interface Film {
  id: string;
  slug: string;
  title: string;
  description: Text | null;
  variants: Text[];
  ambiguous: boolean;
  alternatives: { slug: string }[];
}
interface Versions {
  slug: string;
  total_results: number;
  total_pages: number;
  results: Text[];
}

/** Of every kind: written, only mentioned, without a year, of none. */
const SLUGS = ['heat-1995', 'known-film-2001', 'crowd-scene-2006', 'other-film', 'nothing-at-all'].join(',');
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
const ID = expect.stringMatching(UUID_V7);
const variant = ({ locale, context_tag }: Text) => `${locale}/${context_tag}`;

describeServer('reading', WITH_MODEL, ({ server, model }) => {
  beforeAll(async () => {
    await server.generate('movies', { title: 'Heat', release_year: 1995 });
    await server.generate('people', { name: 'Ann Actor', birth_year: 1970 });
  });

  it('answers a film with everything the contract names, and nothing else', async () => {
    const { body } = await server.get<Film>('/movies/heat-1995');
    expect(body).toEqual({
      id: ID,
      slug: 'heat-1995',
      title: 'Heat',
      title_localized: null,
      original_title: null,
      other_titles: [],
      external_ids: { imdb: null, tmdb: null },
      release_year: 1995,
      director: 'Dana Director',
      directors: [{ id: ID, slug: 'dana-director', name: 'Dana Director' }],
      genres: ['Drama', 'Science Fiction'],
      genre_slugs: ['drama', 'science-fiction'],
      description: {
        id: ID,
        locale: 'en-US',
        context_tag: 'DEFAULT',
        text: expect.stringContaining('An original description of Heat.'),
        version: 1,
        origin: 'GENERATED',
        ai_model: 'stub-model-1',
        prompt_version: 'v1',
        pinned: false,
        created_at: TIME,
      },
      variants: [{ locale: 'en-US', context_tag: 'DEFAULT', version: 1, description_id: ID }],
      people: [
        { id: ID, slug: 'ann-actor-1970', name: 'Ann Actor', role: 'ACTOR', character_name: 'Lead', billing_order: 1 },
        { id: ID, slug: 'bob-player', name: 'Bob Player', role: 'ACTOR', character_name: null, billing_order: 2 },
        { id: ID, slug: 'will-writer', name: 'Will Writer', role: 'WRITER', character_name: null, billing_order: 3 },
        {
          id: ID,
          slug: 'dana-director',
          name: 'Dana Director',
          role: 'DIRECTOR',
          character_name: null,
          billing_order: 4,
        },
      ],
      hidden: false,
      facts_origin: 'MODEL',
      ambiguous: false,
      alternatives: [],
      created_at: TIME,
      updated_at: TIME,
      people_total: 4,
      links: {
        self: '/movies/heat-1995',
        descriptions: '/movies/heat-1995/descriptions',
        people: '/movies/heat-1995/people',
      },
    });
    const shouted = await server.get(`/movies/${body.id.toUpperCase()}`);
    expect([shouted.status, shouted.headers.get('location')]).toEqual([308, `/movies/${body.id}`]);
  });

  it('answers a person with everything the contract names, the newest film first', async () => {
    const { body } = await server.get<{ id: string }>('/people/ann-actor-1970');
    expect(body).toEqual({
      id: ID,
      slug: 'ann-actor-1970',
      name: 'Ann Actor',
      other_names: [],
      external_ids: { imdb: null, tmdb: null },
      birth_year: 1970,
      birth_date: '1970-09-02',
      birthplace: 'Somewhere',
      bio: expect.objectContaining({ locale: 'en-US', context_tag: 'DEFAULT', version: 1, origin: 'GENERATED' }),
      variants: [{ locale: 'en-US', context_tag: 'DEFAULT', version: 1, bio_id: ID }],
      movies: [
        { slug: 'known-film-2001', title: 'Known Film', release_year: 2001, role: 'ACTOR', character_name: 'Hero' },
        { slug: 'heat-1995', title: 'Heat', release_year: 1995, role: 'ACTOR', character_name: 'Lead' },
        { slug: 'other-film', title: 'Other Film', release_year: null, role: 'PRODUCER', character_name: null },
      ],
      hidden: false,
      facts_origin: 'MODEL',
      ambiguous: false,
      alternatives: [],
      created_at: TIME,
      updated_at: TIME,
      movies_total: 3,
      links: {
        self: '/people/ann-actor-1970',
        bios: '/people/ann-actor-1970/bios',
        movies: '/people/ann-actor-1970/movies',
      },
    });
    expect((await server.get(`/people/${body.id}`)).body).toEqual(body);
    const shouted = await server.get(`/people/${body.id.toUpperCase()}`);
    expect([shouted.status, shouted.headers.get('location')]).toEqual([308, `/people/${body.id}`]);
  });

  it.each(['movies', 'people'] as const)('serves of %s the variant asked for, else en-US and DEFAULT', async (path) => {
    const subject = path === 'movies' ? { title: 'Many Tongues', release_year: 2002 } : { name: 'Poly Glot' };
    const self = path === 'movies' ? '/movies/many-tongues-2002' : '/people/poly-glot-1964';
    const served = async (query: string) => {
      const { headers, body } = await server.get<{ description?: Text; bio?: Text }>(`${self}${query}`);
      const text = (body.description ?? body.bio)!;
      expect(headers.get('content-language')).toBe(text.locale);
      return variant(text);
    };
    await server.generate(path, { ...subject, locale: 'de-DE', context_tag: 'humorous' });
    await server.generate(path, { ...subject, locale: 'pl-PL' });
    // Nothing in en-US: the language asked for, else any.
    expect(await served('?locale=de-DE')).toBe('de-DE/humorous');
    expect(await served('?locale=pl-PL&context_tag=critical')).toBe('pl-PL/DEFAULT');
    expect(await served('')).toBe('de-DE/humorous');
    await server.generate(path, subject);
    expect(await served('')).toBe('en-US/DEFAULT');
    expect(await served('?locale=de-DE&context_tag=humorous')).toBe('de-DE/humorous');
    expect(await served('?locale=pl-PL')).toBe('pl-PL/DEFAULT');
    for (const missing of [
      '?locale=de-DE',
      '?locale=pl-PL&context_tag=humorous',
      '?locale=fr-FR',
      '?context_tag=modern',
    ])
      expect([missing, await served(missing)]).toEqual([missing, 'en-US/DEFAULT']);
  });

  it('answers the newest of several, and names the others; whoever says the year is not asked back', async () => {
    for (const release_year of [1972, 2002]) await server.generate('movies', { title: 'Solaris', release_year });
    for (const birth_year of [1902, 1950]) await server.generate('people', { name: 'Ann Namesake', birth_year });
    expect((await server.get('/movies/solaris')).body).toMatchObject({
      slug: 'solaris-2002',
      ambiguous: true,
      alternatives: [{ slug: 'solaris-1972', title: 'Solaris', release_year: 1972 }],
    });
    expect((await server.get('/people/ann-namesake')).body).toMatchObject({
      slug: 'ann-namesake-1950',
      ambiguous: true,
      alternatives: [{ slug: 'ann-namesake-1902', name: 'Ann Namesake', birth_year: 1902 }],
    });
    for (const path of ['/movies/solaris-1972', '/movies/heat', '/people/ann-namesake-1902'])
      expect((await server.get(path)).body).toMatchObject({ ambiguous: false, alternatives: [] });
    expect((await server.get('/movies/solaris/descriptions')).body).toMatchObject({ slug: 'solaris-2002' });
  });

  it('means by a whole slug that film, and names the others of its title', async () => {
    await server.rows(
      `INSERT INTO movies (id, slug, title_slug, title, release_year) VALUES (gen_random_uuid(), 'no-year', 'no-year', 'No Year', NULL),
         (gen_random_uuid(), 'no-year-1999', 'no-year', 'No Year', 1999)`,
    );
    const { body } = await server.get<Film>('/movies/no-year');
    expect(body).toMatchObject({ slug: 'no-year', ambiguous: true, alternatives: [{ slug: 'no-year-1999' }] });
    expect((await server.get('/movies/no-ye')).status).toBe(404);
  });

  it.each(['movies', 'people'] as const)('lists every version of %s, the newest first', async (path) => {
    const subject = path === 'movies' ? { title: 'Told Again', release_year: 2004 } : { name: 'Vera Versions' };
    const kinds = [{}, { locale: 'pl-PL' }, {}, { context_tag: 'critical' }, {}];
    for (const kind of kinds) await server.generate(path, { ...subject, ...kind });
    const self = path === 'movies' ? '/movies/told-again-2004/descriptions' : '/people/vera-versions-1964/bios';
    const { body } = await server.get<Versions>(self);
    const order = ['en-US/DEFAULT 3', 'en-US/critical 1', 'en-US/DEFAULT 2', 'pl-PL/DEFAULT 1', 'en-US/DEFAULT 1'];
    const seen = (texts: Text[]) => texts.map((text) => `${variant(text)} ${text.version}`);
    expect(seen(body.results)).toEqual(order);
    expect(body).toMatchObject({ page: 1, per_page: 20, total_pages: 1, total_results: 5, slug: self.split('/')[2] });
    expect(Object.keys(body.results[0]!).sort()).toEqual(
      [
        'ai_model',
        'context_tag',
        'created_at',
        'current',
        'id',
        'locale',
        'origin',
        'pinned',
        'prompt_version',
        'text',
        'version',
      ].sort(),
    );
    const of = async (query: string) => (await server.get<Versions>(`${self}?${query}`)).body;
    expect(seen((await of('locale=en-US&context_tag=DEFAULT')).results)).toEqual(order.filter((_, n) => n % 2 === 0));
    expect(seen((await of('locale=pl-PL')).results)).toEqual(['pl-PL/DEFAULT 1']);
    expect(await of('locale=fr-FR')).toMatchObject({ total_pages: 0, total_results: 0, results: [] });
    const second = await of('page=2&per_page=2');
    expect([seen(second.results), second.total_pages, second.total_results]).toEqual([order.slice(2, 4), 3, 5]);
    expect(await of('page=9')).toMatchObject({ total_results: 5, results: [] });
    const wrong = await server.get<{ errors: { pointer: string }[] }>(`${self}?locale=xx-XX&per_page=0`);
    expect([wrong.status, wrong.body.errors.map(({ pointer }) => pointer).sort()]).toEqual([
      422,
      ['/locale', '/per_page'],
    ]);
  });

  describe('by lists with texts', () => {
    const list = async (path: string) => {
      type Listed = Film & { bio: Text | null; locales?: string[] };
      const { status, body } = await server.get<{ results: Listed[]; unknown?: string[] }>(path);
      expect([path, status]).toEqual([path, 200]);
      return body;
    };
    /** Films by the variants that they have, in the order in which they were written. */
    const STORED = {
      'listed-usual-2010': ['fr-FR/DEFAULT', 'en-US/DEFAULT', 'pl-PL/modern'],
      'listed-without-usual-2010': ['pl-PL/humorous', 'de-DE/DEFAULT', 'pl-PL/modern', 'de-DE/critical'],
      'listed-one-2010': ['es-ES/critical'],
      'listed-mentioned-2010': [],
    };

    beforeAll(async () => {
      for (const [slug, variants] of Object.entries(STORED)) {
        await server.rows(
          `INSERT INTO movies (id, slug, title_slug, title, release_year)
           VALUES (gen_random_uuid(), $1, left($1, -5), $1, 2010)`,
          [slug],
        );
        for (const version of [1, 2])
          await server.rows(
            `INSERT INTO movie_descriptions (id, movie_id, locale, context_tag, version, text, origin, ai_model, created_at)
             SELECT gen_random_uuid(), movies.id, split_part(variant, '/', 1), split_part(variant, '/', 2), $3::int,
               'Text ' || $3::int, 'GENERATED', 'test', now() + place::int * interval '1 s' - $3::int * interval '1 day'
             FROM movies, unnest($2::text[]) WITH ORDINALITY AS given (variant, place) WHERE slug = $1`,
            [slug, variants, version],
          );
      }
    });

    afterAll(() => server.rows(`DELETE FROM movies WHERE slug LIKE 'listed-%'`));

    it('answers with each film the text that the film by itself is answered with, whatever there is', async () => {
      const choices = (words: string[]) => [undefined, ...words];
      for (const locale of choices(['en-US', 'pl-PL', 'de-DE', 'fr-FR', 'es-ES']))
        for (const tag of choices(['DEFAULT', 'modern', 'critical', 'humorous'])) {
          const wanted = { ...(locale && { locale }), ...(tag && { context_tag: tag }) };
          const query = new URLSearchParams(wanted).toString();
          const named = Object.keys(STORED).join(',');
          const { results } = await list(`/movies?include=description&slugs=${named}&${query}`);
          expect(results.map(({ slug }) => slug)).toEqual(Object.keys(STORED));
          for (const { description, slug, locales, ...film } of results) {
            const { body } = await server.get<Film>(`/movies/${slug}?${query}`);
            expect([slug, wanted, description]).toEqual([slug, wanted, body.description]);
            expect(body).toMatchObject(film);
            expect(locales).toEqual([...new Set(body.variants.map((variant) => variant.locale))]);
          }
        }
    });

    it('answers none unless asked, and of people the biography', async () => {
      expect(Object.keys((await list('/movies')).results[0]!)).not.toContain('description');
      const [person] = (await list('/people?include=bio&slugs=ann-actor')).results;
      expect(person).toMatchObject({
        slug: 'ann-actor-1970',
        bio: { locale: 'en-US', version: 1 },
        locales: ['en-US'],
      });
      const [bare] = (await list('/people?slugs=ann-actor')).results;
      const { bio: _, locales: __, ...others } = person!;
      expect(bare).toEqual(others);
    });

    it('takes tone for context_tag, wherever a text is chosen', async () => {
      for (const path of ['/movies/listed-without-usual-2010', '/movies/listed-without-usual-2010/descriptions'])
        expect((await server.get(`${path}?locale=pl-PL&tone=modern`)).body).toEqual(
          (await server.get(`${path}?locale=pl-PL&context_tag=modern`)).body,
        );
      const { results } = await list('/movies?include=description&slugs=listed-usual-2010&locale=pl-PL&tone=modern');
      expect(results[0]!.description).toMatchObject({ locale: 'pl-PL', context_tag: 'modern', version: 2 });
    });

    it('names genres in the language of the text, as the film by itself does', async () => {
      await server.generate('movies', { title: 'Named In Polish', release_year: 2011, locale: 'pl-PL' });
      const [film] = (await list('/movies?include=description&slugs=named-in-polish-2011&locale=pl-PL')).results;
      expect(film).toMatchObject({ genres: ['Dramat', 'Science fiction'], genre_slugs: ['drama', 'science-fiction'] });
    });
  });

  it('tells the words that requests may use', async () => {
    const words = async (path: string) => (await server.get<{ results: Record<string, unknown>[] }>(path)).body.results;
    const genres = await words('/genres?locale=de-DE');
    expect(genres).toHaveLength(22);
    expect(genres).toEqual(
      expect.arrayContaining([
        { slug: 'drama', name: 'Drama', in_use: true },
        { slug: 'war', name: 'Kriegsfilm', in_use: false },
      ]),
    );
    expect((await words('/genres')).find(({ slug }) => slug === 'war')).toMatchObject({ name: 'War' });
    expect(await words('/locales')).toContainEqual({ locale: 'pl-PL', name: 'Polish', is_default: false });
    expect((await words('/locales')).filter(({ is_default }) => is_default)).toMatchObject([{ locale: 'en-US' }]);
    expect(await words('/context-tags')).toContainEqual({
      context_tag: 'DEFAULT',
      description: 'neutral and informative',
      is_default: true,
    });
  });

  it('tells who asks for what is not there how to get it', async () => {
    for (const [path, way] of [
      ['/movies/never-written-1999', '/movies/generate'],
      ['/movies/never-written/descriptions', '/movies/generate'],
      ['/movies/019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b', '/movies/generate'],
      ['/people/nobody', '/people/generate'],
      ['/people/nobody/bios', '/people/generate'],
    ] as const) {
      const { status, body, headers } = await server.get<{ detail: string }>(path);
      expect([path, status, headers.get('etag')]).toEqual([path, 404, null]);
      expect(body.detail).toContain(`POST ${way}`);
    }
  });

  describe('again', () => {
    const READS = [
      '/movies/heat-1995',
      '/movies?q=heat',
      '/movies/heat-1995/descriptions',
      '/people?q=ann',
      '/people/ann-actor',
    ];

    it.each(READS)('answers 304 without a body for %s while nothing has changed', async (path) => {
      const { headers, body } = await server.get(path);
      const etag = headers.get('etag')!;
      expect(etag).toMatch(/^"[\w-]{43}"$/);
      expect(headers.get('cache-control')).toBe('public, no-cache');
      expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
      for (const held of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const again = await server.get<unknown>(path, { 'if-none-match': held });
        expect([held, again.status, again.body, again.headers.get('etag')]).toEqual([held, 304, '', etag]);
        expect(again.headers.get('cache-control')).toBe('public, no-cache');
      }
      for (const other of ['"other"', etag.replaceAll('"', ''), '', 'W/"']) {
        const whole = await server.get(path, { 'if-none-match': other });
        expect([other, whole.status, whole.body]).toEqual([other, 200, body]);
      }
    });

    it.each(READS)('answers HEAD of %s like GET, without the body', async (path) => {
      const get = await server.get(path);
      const head = await fetch(server.url + path, { method: 'HEAD' });
      expect([head.status, await head.text()]).toEqual([200, '']);
      for (const name of ['etag', 'cache-control', 'content-type', 'content-language'])
        expect([name, head.headers.get(name)]).toEqual([name, get.headers.get(name)]);
    });

    it('changes the tag with any part of the body', async () => {
      await server.generate('movies', { title: 'Tagged', release_year: 2005 });
      const tag = async () => (await server.get('/movies/tagged-2005')).headers.get('etag');
      const [film] = await server.rows<{ id: string }>(`SELECT id FROM movies WHERE slug = 'tagged-2005'`);
      const seen = [await tag()];
      for (const change of [
        `UPDATE people SET name = 'Ann A. Actor' WHERE slug = 'ann-actor-1970'`,
        `UPDATE movie_people SET by_movie = '{Other}' WHERE movie_id = $1 AND role = 'WRITER'`,
        `DELETE FROM movie_genres WHERE movie_id = $1`,
        `INSERT INTO movie_descriptions (id, movie_id, locale, context_tag, version, text, origin, ai_model)
           VALUES (gen_random_uuid(), $1, 'pl-PL', 'modern', 1, 'Tekst', 'GENERATED', 'x')`,
        `UPDATE movies SET director = 'Somebody Else' WHERE id = $1`,
      ]) {
        await server.rows(change, change.includes('$1') ? [film!.id] : []);
        seen.push(await tag());
      }
      expect(new Set(seen).size).toBe(seen.length);
      expect(await tag()).toBe(seen.at(-1));
    });

    it('is private where reading needs a key', async () => {
      const token = 'a-long-enough-admin-token';
      const closed = await TestServer.start({ AUTH_REQUIRED: 'true', PUBLIC_READS: 'false', ADMIN_TOKEN: token });
      const { status, headers } = await closed.get('/movies', { authorization: `Bearer ${token}` });
      expect([status, headers.get('cache-control')]).toEqual([200, 'private, no-cache']);
      expect((await closed.get('/movies/heat/descriptions')).status).toBe(401);
      await closed.stop();
    });
  });

  it('creates no row, queues no job and calls no model', async () => {
    const tables = await server.rows<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
       AND table_name NOT IN ('workers', 'processes', 'counters', 'sweeps', 'throttles')`, // where processes say how they are, asked or not
    );
    const state = async () => ({
      rows: await Promise.all(
        tables.map(async ({ name }) => [
          name,
          ...(await server.rows(`SELECT count(*), max(xmin::text::bigint) FROM ${name}`)),
        ]),
      ),
      calls: model.calls.length,
    });
    const before = await state();
    for (const subject of [
      '',
      '/heat',
      '/never-heard-of-1999',
      '?q=never',
      '/heat/descriptions',
      '/never/bios',
      '/ann-actor/bios',
    ])
      for (const path of ['movies', 'people']) await server.get(`/${path}${subject}`);
    expect(await state()).toEqual(before);
  });

  it('brings the first hundred credits along, and has all of them page by page', async () => {
    const [{ film, person } = { film: '', person: '' }] = await server.rows<{ film: string; person: string }>(
      `WITH film AS (INSERT INTO movies (id, slug, title_slug, title, release_year)
         SELECT gen_random_uuid(), 'epic-' || n, 'epic-' || n, 'Epic ' || n, 1900 + n % 100 FROM generate_series(1, 150) AS n RETURNING id, slug),
       person AS (INSERT INTO people (id, slug, name_slug, name)
         SELECT gen_random_uuid(), 'extra-' || n, 'extra-' || n, 'Extra ' || n FROM generate_series(1, 150) AS n RETURNING id, slug),
       credit AS (INSERT INTO movie_people (movie_id, person_id, role, billing_order)
         SELECT film.id, person.id, 'ACTOR', CASE WHEN film.slug = 'epic-7' AND person.slug LIKE 'extra-%9' THEN 1 END
         FROM film, person WHERE film.slug = 'epic-7' OR person.slug = 'extra-7')
       SELECT 'epic-7' AS film, 'extra-7' AS person`,
    );
    interface Credits {
      people_total: number;
      movies_total: number;
      people: object[];
      movies: object[];
      results: object[];
      links: Record<'people' | 'movies', string>;
    }
    for (const [path, list, total] of [
      [`/movies/${film}`, 'people', 'people_total'],
      [`/people/${person}`, 'movies', 'movies_total'],
    ] as const) {
      const { body } = await server.get<Credits>(path);
      expect([body[total], body[list].length, body.links[list]]).toEqual([150, 100, `${path}/${list}`]);
      const pages = [1, 2, 3, 4].map((n) => server.get<Credits>(`${body.links[list]}?per_page=60&page=${n}`));
      const bodies = (await Promise.all(pages)).map((answer) => answer.body);
      expect(bodies.map(({ results }) => results.length)).toEqual([60, 60, 30, 0]);
      for (const one of bodies)
        expect(one).toMatchObject({ slug: path.split('/')[2], total_results: 150, total_pages: 3 });
      const all = bodies.flatMap(({ results }) => results);
      expect(all.slice(0, 100)).toEqual(body[list]);
      expect(new Set(all.map((one) => (one as { slug: string }).slug)).size).toBe(150);
      expect((await server.get(`${body.links[list]}?per_page=101`)).status).toBe(422);
    }
    expect((await server.get<Credits>('/movies/none-1999/people')).status).toBe(404);
    await server.rows(`DELETE FROM movies WHERE slug LIKE 'epic-%'`);
    await server.rows(`DELETE FROM people WHERE slug LIKE 'extra-%'`);
  });

  it('reads as little of a film with ten thousand versions as of one with few', async () => {
    await server.rows(
      `INSERT INTO movie_descriptions (id, movie_id, locale, context_tag, version, text, origin, ai_model, created_at)
       SELECT gen_random_uuid(), movies.id, 'de-DE', 'modern', n, 'Text ' || n, 'GENERATED', 'test', now() + n * interval '1 ms'
       FROM movies, generate_series(1, 10000) AS n WHERE slug = 'heat-1995'`,
    );
    await server.rows('ANALYZE movie_descriptions');
    const [{ id } = { id: '' }] = await server.rows<{ id: string }>(`SELECT id FROM movies WHERE slug = 'heat-1995'`);
    const { body } = await server.get<Film>('/movies/heat-1995?locale=de-DE&context_tag=modern');
    expect([body.description!.version, body.variants.length]).toEqual([10_000, 2]);
    const explained = new Explained(server.db, [{ total: 10_001, created_at: new Date() }]);
    await currentTexts(explained, 'movie_descriptions', id);
    await versionsOf(explained, 'movie_descriptions', { id, slug: 'heat-1995' }, { page: 1, per_page: 20 });
    const [newest, , ofPage] = explained.plans;
    expect([newest!.rows < 100, ofPage!.rows < 100]).toEqual([true, true]);
    await server.rows(`DELETE FROM movie_descriptions WHERE ai_model = 'test'`);
  });

  it('takes as many statements for many as for one', async () => {
    const cast = Array.from({ length: 25 }, (_, n) => ({ name: `Many ${n}`, role: 'ACTOR', character_name: null }));
    model.script('Crowd Scene', { kind: 'answer', output: { cast } });
    await server.generate('movies', { title: 'Crowd Scene', release_year: 2006 });
    const query = jest.spyOn(PROGRAM.pg.Client.prototype, 'query');
    const statements = async (path: string) => {
      query.mockClear();
      expect((await server.get(path)).status).toBe(200);
      const texts = query.mock.calls.map(([first]) =>
        typeof first === 'string' ? first : (first as { text: string }).text,
      );
      return texts.filter((text) => /\b(FROM|JOIN) (movies|people|movie_\w+|person_\w+|genres)\b/.test(text)).length;
    };
    try {
      for (const [one, many, most] of [
        ['/movies?per_page=1', '/movies?per_page=100', 2],
        ['/people?per_page=1', '/people?per_page=100', 2],
        [
          '/movies?include=description&per_page=1',
          '/movies?include=description&locale=pl-PL&sort=title&per_page=100',
          2,
        ],
        ['/people?include=bio&per_page=1', '/people?include=bio&tone=modern&updated_since=1d&per_page=100', 2],
        ['/movies?slugs=heat&include=description', `/movies?include=description&slugs=${SLUGS}`, 2],
        ['/people?slugs=ann-actor', '/people?slugs=ann-actor-1970,many-1,many-2,nobody&include=bio', 2],
        ['/movies?q=heat&include=description', '/movies?q=h&genre=drama&include=description&per_page=100', 1],
        ['/genres', '/genres?locale=pl-PL', 1],
        ['/locales', '/context-tags', 0],
        ['/movies?q=heat', '/movies?q=solaris&per_page=100', 1],
        ['/people?q=bob', '/people?q=many&per_page=100', 1],
        ['/movies/known-film-2001', '/movies/crowd-scene-2006', 3],
        ['/people/many-1', '/people/ann-actor', 3],
        ['/movies/heat/descriptions', '/movies/told-again-2004/descriptions', 3],
      ] as const) {
        expect([many, await statements(one), await statements(many)]).toEqual([many, most, most]);
      }
    } finally {
      query.mockRestore();
    }
  });
});
