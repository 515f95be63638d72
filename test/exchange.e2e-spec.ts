import { parse } from 'csv-parse/sync';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { textOfCell } from '../src/catalog/csv.js';
import type { Problem } from '../src/http/problem.js';
import { describeServer } from './support/server/describe-server.js';
import { makeKey } from './support/client/keys.js';
import { Program } from './support/server/process.js';
import { eventually, TestServer } from './support/server/server.js';

interface Line {
  id: string;
  slug: string;
  title: string;
  name?: string;
  release_year: number | null;
  external_ids: { imdb: string | null; tmdb: number | null };
  texts: { locale: string; context_tag: string; text: string; origin: string; version: number }[];
}

interface Imported {
  texts: number;
  results: { id: string; slug: string; outcome: string }[];
}

const linesIn = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
/** What is the same in every database. */
const carried = ({ slug, title, name, release_year, external_ids, texts }: Line) => ({
  slug,
  title,
  name,
  release_year,
  external_ids,
  texts: texts.map(({ locale, context_tag, text }) => ({ locale, context_tag, text })),
});

describeServer('films that are brought', { ROLE: 'api' }, ({ server }) => {
  const bring = (items: object[], what = 'movies') => server.post<Imported & Problem>(`/import/${what}`, { items });
  const outcomes = async (items: object[], what?: string) => {
    const { status, body } = await bring(items, what);
    return [status, ...body.results.map(({ slug, outcome }) => `${slug} ${outcome}`)];
  };
  const text = (words: string, locale = 'de-DE') => ({ locale, context_tag: 'humorous', text: words });
  const film = (slug: string) => server.get<Line>(`/movies/${slug}?locale=de-DE&context_tag=humorous`);

  it('are stored with their texts and ids, and the same again changes nothing', async () => {
    const items = [
      { title: 'Brought', release_year: 2001, external_ids: { imdb: 'tt0200101' }, texts: [text('Eins.\n\nZwei.')] },
      { title: 'Without A Text', release_year: 2002 },
    ];
    expect(await outcomes(items)).toEqual([200, 'brought-2001 CREATED', 'without-a-text-2002 CREATED']);
    const first = await film('brought-2001');
    expect(first.body).toMatchObject({
      external_ids: { imdb: 'tt0200101', tmdb: null },
      description: {
        text: 'Eins.\n\nZwei.',
        version: 1,
        origin: 'HUMAN',
        pinned: true,
        ai_model: null,
        locale: 'de-DE',
      },
    });
    expect(await outcomes(items)).toEqual([200, 'brought-2001 UNCHANGED', 'without-a-text-2002 UNCHANGED']);
    expect((await film('brought-2001')).headers.get('etag')).toBe(first.headers.get('etag'));
    const changed = [{ ...items[0]!, external_ids: { tmdb: 2001 }, texts: [text('Drei.')] }];
    expect(await outcomes(changed)).toEqual([200, 'brought-2001 CHANGED']);
    expect((await film('brought-2001')).body).toMatchObject({
      external_ids: { imdb: 'tt0200101', tmdb: 2001 },
      description: { text: 'Drei.', version: 2 },
    });
    expect((await server.get('/movies?slugs=without-a-text-2002')).body.total_results).toBe(1);
  });

  it('are known by their ids first, then by their slug, then by title and year', async () => {
    const ids = { imdb: 'tt0068646', tmdb: 238 };
    expect(await outcomes([{ title: 'The Godfather', release_year: 1972, external_ids: ids }])).toEqual([
      200,
      'the-godfather-1972 CREATED',
    ]);
    const same = [
      { title: 'Der Pate', release_year: 1972, external_ids: { tmdb: 238 } },
      { title: 'Godfather, The', release_year: 1972 },
      { title: 'the godfather' },
      { title: 'The Godfather', slug: 'the-godfather-1972' },
    ];
    const found = await bring(same);
    expect(new Set(found.body.results.map(({ slug }) => slug))).toEqual(new Set(['the-godfather-1972']));
    expect((await server.get('/movies?q=der pate&has_text=false')).body.total_results).toBe(1);
    const others = [
      { title: 'The Godfather', release_year: 1991 },
      { title: 'The Godfather', release_year: 1972, external_ids: { imdb: 'tt9999999' } },
    ];
    const [later, twin] = (await bring(others)).body.results;
    expect([later!.slug, later!.outcome, twin!.outcome]).toEqual(['the-godfather-1991', 'CREATED', 'CREATED']);
    expect(twin!.slug).toMatch(/^the-godfather-1972-[\da-f]{16}$/);
  });

  it('may be one film in several items, also a new one', async () => {
    const items = ['pl-PL', 'fr-FR', 'es-ES'].map((locale) => ({
      title: 'In Several Items',
      release_year: 2003,
      texts: [text(`In ${locale}.`, locale)],
    }));
    const { body } = await bring([...items, items[0]!]);
    expect(new Set(body.results.map(({ id }) => id)).size).toBe(1);
    expect(body.texts).toBe(3);
  });

  it('of one id are one film, whatever their names would say', async () => {
    const film = (title: string, tmdb?: number) => ({
      title,
      release_year: 2009,
      ...(tmdb && { external_ids: { tmdb } }),
    });
    const rowsOf = async (items: object[]) => {
      const { status, body } = await bring(items);
      return [status, new Set(body.results.map(({ slug }) => slug))];
    };
    await bring(['Of An Older Row', 'One Of Two Rows', 'Other Of Two Rows'].map((title) => film(title)));
    const made = [film('Made With An Id', 700_001), film('Of An Older Row', 700_001)];
    expect(await rowsOf(made)).toEqual([200, new Set(['made-with-an-id-2009'])]);
    const [deed] = await server.rows(`SELECT details FROM audit_log WHERE slug = 'made-with-an-id-2009'`);
    expect(deed).toMatchObject({ details: { created: true } });
    const known = [film('One Of Two Rows', 700_002), film('Other Of Two Rows', 700_002)];
    expect(await rowsOf(known)).toEqual([200, new Set(['one-of-two-rows-2009'])]);
    expect(await rowsOf(known)).toEqual([200, new Set(['one-of-two-rows-2009'])]);
    await bring([{ ...film('Of Another Id'), external_ids: { imdb: 'tt0700003' } }]);
    const { title, release_year } = film('One Of Two Rows');
    const torn = [
      film('New Again', 700_003),
      { title, release_year, external_ids: { tmdb: 700_003, imdb: 'tt0700003' } },
    ];
    const late = [
      { title: 'Of An Older Row', external_ids: { tmdb: 700_004 } },
      { title: 'Of An Older Row', release_year: 1990, external_ids: { tmdb: 700_004 } },
    ];
    for (const [items, detail] of [
      [torn, /are those of .*of-another-id-2009/],
      [late, /another year/],
    ] as const) {
      const { status, body } = await bring([...items]);
      expect([status, body.errors]).toEqual([
        422,
        [{ pointer: '/items/1/external_ids', detail: expect.stringMatching(detail) }],
      ]);
    }
  });

  it('of one name and two ids are two films, and all ids of one film are kept, also where its row had none', async () => {
    const film = { title: 'Had No Id', release_year: 2008 };
    await bring([film]);
    const ids = [{ tmdb: 700_011 }, { tmdb: 700_012 }, { tmdb: 700_011, imdb: 'tt0700011' }];
    const items = ids.map((external_ids, n) => ({ ...film, external_ids, texts: [text(`Nummer ${n % 2}.`)] }));
    const { status, body } = await bring(items);
    expect([status, body.texts]).toEqual([200, 2]);
    const [first, twin, again] = body.results;
    expect([first!.slug, again!.id]).toEqual(['had-no-id-2008', first!.id]);
    expect(twin).toMatchObject({ outcome: 'CREATED', slug: expect.stringMatching(/^had-no-id-2008-[\da-f]{16}$/) });
    const rows = await server.rows(`SELECT imdb_id, tmdb_id FROM movies WHERE title = 'Had No Id' ORDER BY tmdb_id`);
    expect(rows).toEqual([
      { imdb_id: 'tt0700011', tmdb_id: 700_011 },
      { imdb_id: null, tmdb_id: 700_012 },
    ]);
  });

  it('get a next version where a model has written one, in one film with it', async () => {
    const { headers } = await makeKey(server, 'admin');
    await server.rows(
      `WITH film AS (INSERT INTO movies (id, slug, title_slug, title, release_year, known, keys)
         VALUES (gen_random_uuid(), 'written-2004', 'written', 'Written', 2004, true, '{written}') RETURNING id)
       INSERT INTO movie_descriptions (id, movie_id, locale, context_tag, version, text, origin, ai_model)
       SELECT gen_random_uuid(), id, 'de-DE', 'humorous', 1, 'Vom Modell.', 'GENERATED', 'a-model' FROM film`,
    );
    const item = { title: 'Written', release_year: 2004, texts: [text('Vom Modell.')] };
    expect(await outcomes([item])).toEqual([200, 'written-2004 UNCHANGED']);
    expect(await outcomes([{ ...item, texts: [text('Von Hand.')] }])).toEqual([200, 'written-2004 CHANGED']);
    const { body } = await server.get<{ results: object[] }>('/movies/written-2004/descriptions', headers);
    expect(body.results).toMatchObject([
      { version: 2, origin: 'HUMAN', ai_model: null, text: 'Von Hand.' },
      { version: 1, origin: 'GENERATED', ai_model: 'a-model' },
    ]);
  });

  const WRONG: [name: string, items: object[], pointer: string, detail: RegExp][] = [
    ['no title', [{ release_year: 2000 }], '/items/1/title', /title is required/],
    ['an unknown field', [{ title: 'X', director: 'Y' }], '/items/1/director', /is not a known field/],
    ['an unknown language', [{ title: 'X', texts: [text('x', 'xx-XX')] }], '/items/1/texts/0/locale', /must be one of/],
    ['an empty text', [{ title: 'X', texts: [text('  ')] }], '/items/1/texts/0/text', /something to see/],
    ['a text too long', [{ title: 'X', texts: [text('x'.repeat(5001))] }], '/items/1/texts/0/text', /1\.\.5000/],
    ['markup alone', [{ title: 'X', texts: [text('<p></p>')] }], '/items/1/texts/0/text', /more than markup/],
    [
      'an id of two',
      [{ title: 'Wrong', external_ids: { imdb: 'tt0300001', tmdb: 300002 } }],
      '/items/1/external_ids',
      /are those of wrong-one-2000 and of wrong-two-2010/,
    ],
    [
      'an id of another year',
      [{ title: 'Wrong', release_year: 1950, external_ids: { tmdb: 300002 } }],
      '/items/1/external_ids',
      /of another year/,
    ],
    ['a slug of another', [{ title: 'Elsewhere', slug: 'wrong-one-2000' }], '/items/1/slug', /is that of another/],
    [
      'several that it means',
      [{ title: 'Means Several' }],
      '/items/1/title',
      /means several: means-several-\d+, means-several-/,
    ],
    [
      'two texts of one variant',
      [{ title: 'Twice', texts: [text('a'), text('b')] }],
      '/items/1/texts/1/text',
      /is the second one/,
    ],
    [
      'one id twice',
      [
        { title: 'A', external_ids: { tmdb: 5 } },
        { title: 'B', release_year: 1, external_ids: { tmdb: 5 } },
      ],
      '/items/2/release_year',
      /must be an integer/,
    ],
  ];

  it.each(WRONG)('are all refused for %s, which is named', async (name, wrong, pointer, detail) => {
    await bring([
      { title: 'Wrong One', release_year: 2000, external_ids: { imdb: 'tt0300001' } },
      { title: 'Wrong Two', release_year: 2010, external_ids: { tmdb: 300_002 } },
    ]);
    if (name.startsWith('several'))
      await bring([1980, 1990].map((release_year) => ({ title: 'Means Several', release_year, texts: [text('x')] })));
    const { status, body } = await bring([{ title: `Right Before ${name}` }, ...wrong]);
    expect([status, body.errors]).toEqual([422, [{ pointer, detail: expect.stringMatching(detail) }]]);
    expect(await server.rows('SELECT 1 FROM movies WHERE title = $1', [`Right Before ${name}`])).toEqual([]);
  });

  it('are people too', async () => {
    const item = { name: 'Greta Garbo', birth_year: 1905, external_ids: { imdb: 'nm0001256' }, texts: [text('Sie.')] };
    expect(await outcomes([item], 'people')).toEqual([200, 'greta-garbo-1905 CREATED']);
    expect(await outcomes([{ ...item, name: 'Garbo, Greta' }], 'people')).toEqual([200, 'greta-garbo-1905 CHANGED']);
    expect(await outcomes([item], 'people')).toEqual([200, 'greta-garbo-1905 UNCHANGED']);
  });

  it('are written into the log with what was stored, and are not brought where they are blocked', async () => {
    const item = { title: 'In The Log', release_year: 2006, texts: [text('Eins.')] };
    await bring([item]);
    await bring([item]);
    await bring([{ ...item, texts: [text('Zwei.')] }]);
    const entries = await server.rows(
      `SELECT action, details FROM audit_log WHERE slug = 'in-the-log-2006' ORDER BY id`,
    );
    const stored = (version: number) => [{ locale: 'de-DE', context_tag: 'humorous', version }];
    expect(entries).toEqual([
      { action: 'import', details: { created: true, texts: stored(1) } },
      { action: 'import', details: { created: false, texts: stored(2) } },
    ]);
    await server.rows(
      `INSERT INTO blocks (id, entity, entity_id, name, year, slug, slugs, keys)
       VALUES (gen_random_uuid(), 'MOVIE', gen_random_uuid(), 'Blocked', 2007, 'blocked-2007', '{blocked-2007}', '{blocked}')`,
    );
    const { status, body } = await bring([{ title: 'Fine' }, { title: 'Blocked', release_year: 2007 }]);
    expect([status, body.errors]).toEqual([422, [{ pointer: '/items/1', detail: 'is blocked' }]]);
  });

  it('of one name are one film, however many bring it at once', async () => {
    const item = { title: 'Brought By Many', release_year: 2005, texts: [text('Einmal.')] };
    const answers = await Promise.all(Array.from({ length: 8 }, () => bring([item])));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(answers.filter(({ body }) => body.results[0]!.outcome === 'CREATED')).toHaveLength(1);
    expect(answers.reduce((sum, { body }) => sum + body.texts, 0)).toBe(1);
  });

  it('lack a text in a language and a manner, which a list names', async () => {
    const items = [
      { title: 'Lacks German', texts: [text('Hier.', 'pl-PL')] },
      { title: 'Has German', texts: [text('Da.')] },
      { title: 'Lacks All' },
    ];
    await bring(items);
    const titles = async (query: string) => {
      const { body } = await server.get<{ results: Line[] }>(`/movies?per_page=100&${query}`);
      return body.results.map(({ title }) => title);
    };
    const lacking = await titles('missing=de-DE/humorous');
    expect(lacking).toContain('Lacks German');
    for (const title of ['Has German', 'Lacks All']) expect(lacking).not.toContain(title);
    expect(await titles('missing=de-DE/humorous&has_text=false')).toContain('Lacks All');
    expect(await titles('missing=de-DE/humorous&q=lacks german')).toEqual(['Lacks German']);
    expect(await titles('missing=de-DE/DEFAULT&locale=de-DE')).toContain('Has German');
    expect((await server.get('/people?missing=de-DE/humorous')).status).toBe(200);
    for (const wrong of ['de-DE', 'xx-XX/humorous', 'de-DE/angry', 'de-DE/humorous/x'])
      expect([wrong, (await server.get(`/movies?missing=${wrong}`)).status]).toEqual([wrong, 422]);
  });
});

/** So many that several statements are needed, and so large that no buffer between here and the server holds them. */
const FILMS = 410;
const TEXTS = 5;
const GUARDED = { ROLE: 'api', AUTH_REQUIRED: 'true' };

describeServer('an export', GUARDED, ({ server }) => {
  let read: { authorization: string };
  let folder: string;
  /** A second server with a database of its own. */
  let fresh: TestServer;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'moviemind-exchange-'));
    read = (await makeKey(server, 'read')).headers;
    fresh = await TestServer.start({ ROLE: 'api' });
    await server.rows(
      `WITH films AS (INSERT INTO movies (id, slug, title_slug, title, release_year, imdb_id, keys)
         SELECT uuid_v7_of_now(), 'film-' || n || '-2000', 'film-' || n, 'Film ' || n, 2000,
           'tt' || lpad(n::text, 7, '0'), ARRAY['film' || n] FROM generate_series(1, $1) AS n RETURNING id)
       INSERT INTO movie_descriptions (id, movie_id, locale, context_tag, version, text, origin, ai_model)
       SELECT gen_random_uuid(), films.id, locale, 'DEFAULT', version,
         CASE WHEN version = 2 THEN rpad('=Text', 2400, ' of "some" length, with' || chr(10) || 'lines.') || '.'
           ELSE 'Old.' END, 'GENERATED', 'test'
       FROM films, unnest('{en-US,pl-PL,de-DE,fr-FR,es-ES}'::text[]) AS locale, generate_series(1, 2) AS version`,
      [FILMS],
    );
  }, 60_000);

  afterAll(async () => {
    await fresh.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const whole = async (query = '', from = server, headers: Record<string, string> = read) => {
    const answer = await from.get<string>(`/export/movies${query}`, headers);
    expect(answer.status).toBe(200);
    return answer;
  };
  /** Begins one, and reads no more than its head. */
  const begun = (query = '') =>
    new Promise<IncomingMessage>((done, failed) =>
      get(`${server.url}/export/movies${query}`, { headers: read }, (answer) => done(answer.pause())).once(
        'error',
        failed,
      ),
    );

  it('has every film once with the newest of each text, in the order of ids, and says with which it ends', async () => {
    const { headers, body } = await whole();
    const lines = linesIn(body);
    expect(lines).toHaveLength(FILMS);
    const ids = lines.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(headers.get('export-last-id')).toBe(ids.at(-1));
    expect(headers.get('content-type')).toBe('application/jsonl; charset=utf-8');
    expect(headers.get('content-disposition')).toBe('attachment; filename="movies.jsonl"');
    expect(headers.get('cache-control')).toBe('no-store');
    for (const { texts } of lines) expect(texts.map(({ version }) => version)).toEqual(Array(TEXTS).fill(2));
    expect(lines[0]).toMatchObject({ title: 'Film 1', release_year: 2000, external_ids: { imdb: 'tt0000001' } });
    const rest = linesIn((await whole(`?after=${ids[FILMS - 3]}`)).body);
    expect(rest).toEqual(lines.slice(-2));
    expect(linesIn((await whole(`?after=${ids.at(-1)}`)).body)).toEqual([]);
    const one = linesIn((await whole('?locale=pl-PL&tone=DEFAULT')).body);
    expect(one.map(({ texts }) => texts.length)).toEqual(Array(FILMS).fill(1));
    expect(linesIn((await whole('?locale=pl-PL&context_tag=modern')).body)).toEqual([]);
    expect(linesIn((await whole(`?updated_since=${new Date(Date.now() + 60_000).toISOString()}`)).body)).toEqual([]);
  });

  it('is CSV as well, with a row for each text and no formula', async () => {
    const { headers, body } = await whole('?format=csv');
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    const rows = parse(body, { columns: true }) as Record<string, string>[];
    expect(rows).toHaveLength(FILMS * TEXTS);
    expect(rows[0]).toMatchObject({ slug: 'film-1-2000', title: 'Film 1', release_year: '2000', imdb_id: 'tt0000001' });
    expect(rows.every((row) => row.text!.startsWith("'=Text"))).toBe(true);
    const lines = linesIn((await whole()).body);
    expect(rows.map((row) => textOfCell(row.text!))).toEqual(
      lines.flatMap(({ texts }) => texts.map((one) => one.text)),
    );
  });

  it('is for keys of scope read, although single films are open, and an import for scope edit', async () => {
    for (const [scope, exported, imported] of [
      ['generate', 403, 403],
      ['read', 200, 403],
      ['edit', 403, 200],
    ] as const) {
      const { headers } = await makeKey(server, scope);
      const { status } = await server.send('HEAD', '/export/movies', headers);
      const items = Array.from({ length: 50 }, (_, n) => ({ name: `Somebody ${n}` }));
      const brought = await server.post('/import/people', { items }, headers);
      expect([scope, status, brought.status]).toEqual([scope, exported, imported]);
      // One look at a job, however many items it has.
      if (imported === 200) expect(brought.headers.get('ratelimit')).toMatch(/^"poll";r=599;/);
    }
    expect((await server.get('/export/movies')).status).toBe(401);
  });

  it('is sent to two at once, and to the next as soon as one of them leaves', async () => {
    const [first, second] = [await begun(), await begun('?format=csv')];
    const refused = await server.get('/export/movies', read);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10']);
    expect((await server.get('/movies', read)).status).toBe(200); // others read on
    first.destroy();
    await eventually(async () => (await server.send('HEAD', '/export/movies', read)).status === 200, 5000);
    second.destroy();
  });

  it('breaks off, and does not end, when the database goes away meanwhile', async () => {
    const answer = await begun();
    await server.rows('ALTER TABLE movie_descriptions RENAME TO away');
    let bytes = 0;
    const end = await new Promise<string>((done) => {
      answer.on('data', (chunk: Buffer) => (bytes += chunk.length));
      answer.once('end', () => done('whole'));
      answer.once('aborted', () => done('broken off'));
      answer.once('error', () => done('broken off'));
      answer.resume();
    });
    await server.rows('ALTER TABLE away RENAME TO movie_descriptions');
    expect([end, bytes > 0]).toEqual(['broken off', true]);
    expect(linesIn((await whole()).body)).toHaveLength(FILMS);
  });

  it.each(['jsonl', 'csv'])(
    'is what an import takes, as a file of %s by the commands',
    async (format) => {
      const file = join(folder, `films.${format}`);
      const command = async (url: string, ...args: string[]) => {
        const [, token] = read.authorization.split(' ');
        const env = { MOVIEMIND_URL: url, ...(url === server.url && { MOVIEMIND_TOKEN: token! }) };
        const program = new Program(env, join(process.cwd(), 'dist/src/cli.js'), args);
        return { code: await program.exited, output: program.output, stdout: program.stdout };
      };
      const exported = await command(server.url, 'export', 'movies', '--format', format, '--out', file);
      expect([exported.code, exported.output]).toEqual([0, expect.stringContaining(`${FILMS} movies exported`)]);
      expect(existsSync(`${file}.part`)).toBe(false);
      const imported = await command(fresh.url, 'import', file);
      expect(imported.output).toMatch(/0 lines refused/);
      expect(imported.code).toBe(0);
      const lines = linesIn((await whole()).body).map(carried);
      const there = linesIn((await whole('', fresh, {})).body).map(carried);
      const bySlug = (one: { slug: string }, other: { slug: string }) => (one.slug < other.slug ? -1 : 1);
      expect(there.sort(bySlug)).toEqual(lines.sort(bySlug));
      const again = await command(fresh.url, 'import', file, '--json');
      const unchanged = { created: 0, changed: 0, texts: 0, unchanged: FILMS, refused: [] };
      expect(JSON.parse(again.stdout)).toEqual(unchanged);
      // What an interrupted export has left is gone on with, after its last whole line.
      if (format === 'csv') return;
      const all = readFileSync(file, 'utf8');
      writeFileSync(`${file}.part`, all.slice(0, 500_000));
      const going = await command(server.url, 'export', 'movies', '--out', file);
      expect([going.code, going.output]).toEqual([0, expect.stringMatching(/going on after/)]);
      expect(readFileSync(file, 'utf8')).toBe(all);
      const blocked = await command(server.url, 'export', 'movies', '--out', folder);
      expect([blocked.code, blocked.output]).toEqual([
        2,
        expect.stringMatching(/^[^\n]*it is a folder; name a file\n$/),
      ]);
      const wrong = join(folder, 'wrong.jsonl');
      writeFileSync(
        wrong,
        `{"title":"Old","release_year":1700}\nnothing\n{"title":"Right","release_year":2001}\n{"text":"no title"}\n`,
      );
      const partly = await command(fresh.url, 'import', wrong);
      expect(partly.code).toBe(1);
      for (const told of ['line 1: /release_year must be', 'line 2: is no JSON', 'line 4: has neither', '1 made'])
        expect(partly.output).toContain(told);
    },
    120_000,
  );
});
