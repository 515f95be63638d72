import { parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import type { Problem } from '../src/http/problem.js';
import type { JobDto } from '../src/jobs/jobs.dto.js';
import { describeServer } from './support/server/describe-server.js';
import { raw } from './support/client/raw.js';
import { type Answer, eventually } from './support/server/server.js';

const ROUTES = [
  { path: '/movies/generate', text: 'title', year: 'release_year', tooEarly: [1700, 1887, -1999, 0] },
  { path: '/people/generate', text: 'name', year: 'birth_year', tooEarly: [999, -1999, 0] },
];
const UNKNOWN_JOB = '019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b';
const IN_ELEVEN_YEARS = new Date().getFullYear() + 11;
/** What an answer must not give away. */
const INSIDES = /node_modules|\.[cm]?[jt]s:\d|QueryFailed|syntax error|invalid byte|relation "|constraint|\$\d/i;

/** For the name of a test. */
const short = (path: string) => (path.length > 60 ? `${path.slice(0, 20)}… (${path.length} characters)` : path);

const BAD_TEXTS: [description: string, value: string][] = [
  ['an empty text', ''],
  ['spaces only', '   '],
  ['tabs and line breaks only', '\t\r\n'],
  ['Unicode spaces only', '\u00a0\u3000\u2003'],
  ['invisible letters only', '\u3164\u115f'],
  ['201 letters', 'x'.repeat(201)],
  ['201 letters outside the basic plane', '𠮷'.repeat(201)],
  ['a NUL', 'The\u0000 Matrix'],
  ['a bell', 'The\u0007 Matrix'],
  ['an escape sequence', '\u001b[31mThe Matrix'],
  ['a line break inside', 'The\nMatrix'],
  ['a C1 control character', 'The\u0085Matrix'],
  ['a line separator', 'The\u2028Matrix'],
  ['half a surrogate pair', 'The \ud800 Matrix'],
  ['a noncharacter', 'The \uffff Matrix'],
  ['a private-use character', 'The \ue000 Matrix'],
  ['a right-to-left mark', 'The\u200f Matrix'],
  ['a left-to-right mark', '\u200eThe Matrix'],
  ['a right-to-left override', 'The \u202exirtaM'],
  ['a bidi isolate', 'The \u2066Matrix\u2069'],
  ['a zero-width space', 'The\u200bMatrix'],
  ['a blank of Braille only', '\u2800'],
  ['variation selectors and joiners only', '\ufe0f\u200d\u200c'],
];

const NOT_TEXT: [description: string, value: unknown][] = [
  ['a number', 42],
  ['true', true],
  ['a list', ['The Matrix']],
  ['an object', { $ne: '' }],
];

const BAD_SLUGS: [description: string, value: string][] = [
  ['empty', ''],
  ['too short', 'ab'],
  ['256 characters', 'a'.repeat(256)],
  ['with a space', 'the matrix'],
  ['with capitals', 'The-Matrix'],
  ['with an underscore', 'the_matrix'],
  ['with a hyphen at the start', '-the-matrix'],
  ['with a hyphen at the end', 'the-matrix-'],
  ['with two hyphens in a row', 'the--matrix'],
  ['with a line break at the end', 'the-matrix\n'],
  ['with a letter that is not ASCII', 'amélie'],
  ['with a path in it', '../matrix'],
  ['with a NUL', 'the\u0000matrix'],
];

const NOT_INTEGERS: [description: string, value: unknown][] = [
  ['a fraction', 1999.5],
  ['a text', '1999'],
  ['true', true],
  ['a list', [1999]],
  ['an object', {}],
  ['a number beyond every integer', 1e308],
];

const MALFORMED_BODIES: [description: string, body: string | Uint8Array][] = [
  ['an empty body', ''],
  ['a body of spaces', ' \n '],
  ['truncated JSON', '{"title":"The Matrix"'],
  ['a truncated text', '{"title":"The Mat'],
  ['something after the JSON', '{"title":"The Matrix"} x'],
  ['two documents', '{"title":"The Matrix"}{}'],
  ['a trailing comma', '{"title":"The Matrix",}'],
  ['a comment', '{"title":"The Matrix" /* 1999 */}'],
  ['single quotes', "{'title':'The Matrix'}"],
  ['NaN', '{"title":"The Matrix","release_year":NaN}'],
  ['a raw control character in a text', '{"title":"The\u0001Matrix"}'],
  ['invalid UTF-8', Buffer.from('{"title":"Am\xe9lie"}', 'latin1')],
  ['UTF-16', Buffer.from('{"title":"The Matrix"}', 'utf16le')],
  ['a key twice', '{"title":"The Matrix","title":"Heat"}'],
  ['a key twice, once escaped', '{"title":"The Matrix","\\u0074itle":"Heat"}'],
  ['a key twice further in', '{"title":"The Matrix","x":[{"y":1,"y":2}]}'],
  ['the key __proto__', '{"title":"The Matrix","__proto__":{"admin":true}}'],
  ['lists nested 30 000 deep', `{"title":${'['.repeat(30_000)}${']'.repeat(30_000)}}`],
  ['lists that never close', '['.repeat(65_000)],
  ['objects nested 8 000 deep', '{"a":'.repeat(8_000)],
];

/** Method, path, status; the reason is in the path. */
const BAD_ADDRESSES: [method: string, path: string, status: number][] = [
  ['GET', '/films', 404],
  ['GET', '/movies/heat-1995/nothing', 404],
  ['POST', '/nothing', 404],
  ['GET', '/movies/generate', 405],
  ['PUT', '/movies/generate', 405],
  ['DELETE', '/people/generate', 405],
  ['POST', '/movies', 405],
  ['PATCH', `/jobs/${UNKNOWN_JOB}`, 405],
  ['GET', '/movies/%', 400],
  ['GET', '/movies/%zz', 400],
  ['GET', '/people/%E0%A4%A', 400],
  ['GET', '/jobs/%ff', 400],
  ['GET', '/movies?q=%zz', 400],
  ['GET', '/people?q=%ff', 400],
  ['GET', '/movies/%00', 400],
  ['GET', '/movies/heat%00-1995', 400],
  ['GET', '/people/%00', 400],
  ['GET', '/jobs/%00', 400],
  ['GET', '/jobs/1', 400],
  ['GET', '/jobs/not-a-uuid', 400],
  ['GET', `/jobs/${UNKNOWN_JOB}0`, 400],
  ['GET', `/jobs/{${UNKNOWN_JOB}}`, 400],
  ['GET', `/jobs/${UNKNOWN_JOB}`, 404],
  ['GET', `/jobs/${UNKNOWN_JOB.toUpperCase()}`, 404],
  ['GET', '/movies/no-such-film', 404],
  ['GET', `/movies/${UNKNOWN_JOB}`, 404],
  ['GET', "/movies/x'%20OR%20'1'='1", 404],
  ['GET', '/people/%F0%9F%8E%AC', 404],
  ['GET', `/movies/${'a'.repeat(301)}`, 414],
  ['GET', `/people/${'a'.repeat(8000)}`, 414],
  ['GET', `/jobs/${'a'.repeat(1000)}`, 414],
  ['GET', `/movies/${'a'.repeat(20_000)}`, 431],
];

const BAD_QUERIES: [path: string, pointer: string][] = [
  ['/movies?page=0', '/page'],
  ['/movies?page=-1', '/page'],
  ['/movies?page=abc', '/page'],
  ['/movies?page=', '/page'],
  ['/movies?page=1.5', '/page'],
  ['/movies?page=1e3', '/page'],
  ['/movies?page=99999999999999999999', '/page'],
  ['/movies?page=1&page=2', '/page'],
  ['/people?page=abc', '/page'],
  ['/movies?per_page=0', '/per_page'],
  ['/movies?per_page=101', '/per_page'],
  ['/people?per_page=101', '/per_page'],
  ['/movies?year=1700', '/year'],
  ['/people?year=abc', '/year'],
  ['/movies?q=', '/q'],
  ['/movies?q=%00', '/q'],
  ['/people?q=%E2%80%AE', '/q'],
  [`/movies?q=${'x'.repeat(201)}`, '/q'],
  ['/movies?q=a&q=b', '/q'],
  ['/movies?genre=%00', '/genre'],
  ['/movies?colour=red', '/colour'],
  ['/people?genre=Drama', '/genre'],
  ['/movies?__proto__=1', '/__proto__'],
  ['/movies?constructor=1', '/constructor'],
  ['/movies/heat-1995?locale=xx-XX', '/locale'],
  ['/people/al-pacino?context_tag=sad', '/context_tag'],
  ['/movies/heat-1995?colour=red', '/colour'],
  [`/jobs/${UNKNOWN_JOB}?colour=red`, '/colour'],
  [`/batches/${UNKNOWN_JOB}?a/b=1`, '/a~1b'],
  ['/health/live?colour=red', '/colour'],
];

/** Real, or as odd as real ones are. */
const TITLES = `
2001: A Space Odyssey|Amélie|千と千尋の神隠し|Se7en|M|8½|Dumplin'|The Taking of Pelham 123|Exposed|[REC]|$9.99|Steins;Gate
Who's Afraid of Virginia Woolf?|Love & Death|"Crocodile" Dundee|Drop Dead Fred|Alter Ego; or, Select a Partner|$|π|1917
Don't Look Now|I <3 You|شعله|می‌خواهم|Tea; or Something Like It|"Select Me"|Delete from Memory|Union Station|Sleep (Live)
"Weird Al" and Friends (2010)|The Emoji Movie 🎬|A "B" and C|Blade Runner 2049|The War of 1812|You and Me = Us|葛󠄀城
`
  .trim()
  .split(/[|\n]/);
/** Called by signs alone, or like what looks like an attack to those who do not parameterise. */
const ODD_TITLES = [
  '?',
  '!',
  '...',
  '+1',
  '٣',
  '!?…—',
  '*',
  '♥',
  '🎬',
  '👨‍👩‍👧🏳️‍🌈🇵🇱',
  '1️⃣2️⃣ℹ️',
  '(A)sexual',
  '</Scorpion>',
  '<<rewind',
  'R&amp;D',
  "Robert'); DROP TABLE movies;--",
  "'; DROP TABLE generation_jobs;--",
  'DROP TABLE movies;',
  "' OR '1'='1",
  '1 OR 1=1',
  "') OR ('a'='a",
  "admin'--",
  "' UNION SELECT NULL, version()--",
  '1; SELECT pg_sleep(10)',
  "1' AND SLEEP(5)#",
  "x'; UPDATE movies SET title = 'y",
  "'||(SELECT version())||'",
  '<script>alert(1)</script>',
  '&lt;script&gt;',
];
const LONGEST_TITLES = ['x'.repeat(200), '𠮷'.repeat(200)];

describeServer('bad input', { ROLE: 'api' }, ({ server }) => {
  afterEach(() => server.rows('DELETE FROM generation_jobs'));

  /** A complete problem document that names the wrong fields and gives nothing away; and nothing is stored. */
  async function expectRefusal({ status, headers, body }: Answer<Problem>, expected: number, ...pointers: string[]) {
    expect({ status, pointers: body.errors?.map(({ pointer }) => pointer).sort() }).toEqual({
      status: expected,
      pointers: expected === 422 ? pointers.sort() : undefined,
    });
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json(;|$)/);
    expect(body).toEqual({
      type: expect.stringMatching(/^urn:moviemind:problem:[a-z-]+$/),
      title: expect.stringMatching(/^[A-Z]/),
      status,
      detail: expect.stringMatching(/\w/),
      instance: expect.stringMatching(/^\//),
      request_id: headers.get('x-request-id'),
      ...(expected === 422 && {
        errors: pointers.map(() => ({ pointer: expect.anything(), detail: expect.stringMatching(/\w/) })),
      }),
    });
    // The path is the client's own text.
    expect(JSON.stringify({ ...body, instance: '' })).not.toMatch(INSIDES);
    expect(await server.rows('SELECT id FROM generation_jobs')).toEqual([]);
  }

  const post = (path: string, body: unknown, headers?: Record<string, string>) =>
    server.post<Problem>(path, body, headers);

  describe.each(ROUTES)('of $path', ({ path, text, year, tooEarly }) => {
    it.each(BAD_TEXTS)(`is refused: ${text} is %s`, async (_, value) => {
      await expectRefusal(await post(path, { [text]: value }), 422, `/${text}`);
    });

    it.each(
      [text, 'slug', 'locale', 'context_tag', 'if_exists'].flatMap((field) =>
        NOT_TEXT.map(([description, value]) => [field, description, value] as const),
      ),
    )('is refused: %s is %s', async (field, _, value) => {
      await expectRefusal(await post(path, { [text]: 'The Matrix', [field]: value }), 422, `/${field}`);
    });

    it.each(BAD_SLUGS)('is refused: slug is %s', async (_, slug) => {
      await expectRefusal(await post(path, { slug }), 422, '/slug');
    });

    it.each(
      [year, 'deadline_seconds'].flatMap((field) =>
        NOT_INTEGERS.map(([description, value]) => [field, description, value] as const),
      ),
    )('is refused: %s is %s', async (field, _, value) => {
      await expectRefusal(await post(path, { [text]: 'The Matrix', [field]: value }), 422, `/${field}`);
    });

    it.each([...tooEarly, IN_ELEVEN_YEARS])(`is refused: ${year} is %d`, async (value) => {
      await expectRefusal(await post(path, { [text]: 'The Matrix', [year]: value }), 422, `/${year}`);
    });

    it.each([
      ['locale', 'xx-XX'],
      ['locale', 'en'],
      ['locale', 'EN-us'],
      ['locale', 'toString'],
      ['context_tag', 'sad'],
      ['context_tag', 'default'],
      ['tone', 'sad'],
      ['if_exists', 'replace'],
      ['deadline_seconds', 0],
      ['deadline_seconds', -1],
      ['deadline_seconds', 86_401],
      ['colour', 'red'],
      ['Title', 'The Matrix'],
      ['a/b~c', 1],
      ['', 1],
      ['constructor', { name: 'x' }],
      ['prototype', 1],
      ['toString', 1],
      ['hasOwnProperty', 'x'],
      ['then', 1],
    ])('is refused: %s is %j', async (field, value) => {
      const pointer = `/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      await expectRefusal(await post(path, { [text]: 'The Matrix', [field]: value }), 422, pointer);
    });

    it('is refused: null where something is needed, or in a list, or in a field that is not known', async () => {
      await expectRefusal(await post(path, { [text]: null, slug: null, [year]: null }), 422, `/${text}`);
      await expectRefusal(await post(path, { [text]: 'The Matrix', colour: null }), 422, '/colour');
      const events = { webhook_url: 'https://example.com/', webhook_events: [null] };
      await expectRefusal(await post(path, { [text]: 'The Matrix', ...events }), 422, '/webhook_events');
      for (const items of [null, [null]]) await expectRefusal(await post(`${path}/batch`, { items }), 422, '/items');
      await expectRefusal(await post(`${path}/batch`, { items: [{ [text]: null }] }), 422, `/items/0/${text}`);
    });

    it('is cleaned of what no text contains, in facts of several lines', async () => {
      const facts = { synopsis: 'Two\u0000 lines,\ud800\n\u001b and\uffff this.' };
      expect((await post(path, { [text]: 'The Matrix', facts })).status).toBe(202);
      const [row] = await server.rows<{ request: object }>('SELECT request FROM generation_jobs');
      expect(row!.request).toMatchObject({ facts: { synopsis: 'Two lines,\n and this.' } });
      await server.rows('DELETE FROM generation_jobs');
      await expectRefusal(
        await post(path, { [text]: 'The Matrix', facts: { synopsis: '\u0000' } }),
        422,
        '/facts/synopsis',
      );
    });

    it(`needs ${text} or slug`, async () => {
      const empty = await post(path, {});
      await expectRefusal(empty, 422, `/${text}`);
      expect(empty.body.errors).toEqual([{ pointer: `/${text}`, detail: `${text} or slug is required` }]);
      await expectRefusal(await post(path, { [year]: 1999, locale: 'pl-PL' }), 422, `/${text}`);
    });

    it('is refused when the year in slug and the year given differ', async () => {
      await expectRefusal(await post(path, { slug: 'somebody-1979', [year]: 1986 }), 422, `/${year}`);
    });

    it('is refused when the manner has two names that differ, in a batch as well', async () => {
      const differing = { [text]: 'The Matrix', context_tag: 'DEFAULT', tone: 'modern' };
      await expectRefusal(await post(path, differing), 422, '/tone');
      await expectRefusal(await post(`${path}/batch`, { items: [differing] }), 422, '/items/0/tone');
    });

    it('is refused when the slug is that of another text', async () => {
      await expectRefusal(await post(path, { [text]: 'Heat', slug: 'the-matrix-1999' }), 422, '/slug');
    });

    it('is refused when the slug leaves no room for the year', async () => {
      await expectRefusal(await post(path, { slug: 'a'.repeat(255), [year]: 1999 }), 422, '/slug');
    });

    it('is told of every wrong field at once', async () => {
      const body = { [text]: '', [year]: 1, locale: 'xx', deadline_seconds: 0, slug: 'A', colour: 'red' };
      const pointers = [text, year, 'locale', 'deadline_seconds', 'slug', 'colour'].map((field) => `/${field}`);
      await expectRefusal(await post(path, body), 422, ...pointers);
    });

    it.each([['[]'], ['[{"title":"The Matrix"}]'], ['"The Matrix"'], ['42'], ['null'], ['true']])(
      'is refused: the body is %s, not an object',
      async (body) => {
        await expectRefusal(await post(path, body), 422, '');
      },
    );

    it.each(MALFORMED_BODIES)('is malformed and refused at once: %s', async (_, body) => {
      const started = performance.now();
      const answer = await post(path, body);
      expect(performance.now() - started).toBeLessThan(2000);
      await expectRefusal(answer, 400);
    });

    it('is too large from 64 KiB on, whether the length is announced or not', async () => {
      const announced = JSON.stringify({ [text]: 'x'.repeat(65 * 1024) });
      await expectRefusal(await post(path, announced), 413);
      const head = `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`;
      await expectRefusal(await raw<Problem>(server.url, `${head}10400\r\n${' '.repeat(65 * 1024)}\r\n0\r\n\r\n`), 413);
      await expectRefusal(await post(path, `{}${' '.repeat(64 * 1024 - 2)}`), 422, `/${text}`);
    });

    it.each([
      ['text/plain'],
      ['application/x-www-form-urlencoded'],
      ['multipart/form-data; boundary=x'],
      ['application/xml'],
      ['application/jsonp'],
      ['application/json; charset=latin1'],
      ['application/json; charset=utf-16'],
      ['application/json, text/plain'],
      ['json'],
    ])('is refused: its content type is %s', async (type) => {
      await expectRefusal(await post(path, { [text]: 'The Matrix' }, { 'content-type': type }), 415);
    });

    it('is refused when it has no content type', async () => {
      const body = '{"title":"The Matrix"}';
      const request = `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
      await expectRefusal(await raw<Problem>(server.url, request), 415);
    });

    it.each([
      ['application/json;charset=UTF-8'],
      ['Application/JSON; charset="utf-8"'],
      ['application/json ; charset=utf-8'],
      ['application/json; charset=utf8'],
      ['application/json;charset=UTF-8;foo=bar'],
      ['application/json; profile="https://example.com/films"'],
    ])('is read, and only then refused, when its content type is %s', async (type) => {
      await expectRefusal(await post(path, { [text]: '' }, { 'content-type': type }), 422, `/${text}`);
    });
  });

  it.each(BAD_ADDRESSES.map((row) => [short(`${row[0]} ${row[1]}`), row[2], ...row] as const))(
    '%s is answered %d',
    async (_, status, method, path) => {
      // Not fetch, which mends what is broken.
      await expectRefusal(await raw<Problem>(server.url, `${method} ${path} HTTP/1.1\r\nhost: x\r\n\r\n`), status);
    },
  );

  it.each(BAD_QUERIES.map(([path, pointer]) => [short(path), pointer, path] as const))(
    'GET %s is told of %s',
    async (_, pointer, path) => {
      await expectRefusal(await server.get(path), 422, pointer);
    },
  );

  it('is a problem document too when it is no HTTP', async () => {
    await expectRefusal(await raw<Problem>(server.url, 'WHAT / HTTP/1.1\r\nhost: x\r\n\r\n'), 400);
    await expectRefusal(await raw<Problem>(server.url, 'hello\r\n\r\n'), 400);
    await expectRefusal(await raw<Problem>(server.url, 'GET /movies HTTP/1.1\r\n\r\n'), 400);
  });

  it('is refused when it would have to be unpacked', async () => {
    const answer = await post('/movies/generate', { title: 'Packed' }, { 'content-encoding': 'gzip' });
    await expectRefusal(answer, 415);
  });

  it('is refused for a query where the route takes none', async () => {
    await expectRefusal(await post('/movies/generate?colour=red', { title: 'The Matrix' }), 422, '/colour');
    await expectRefusal(await post(`/jobs/${UNKNOWN_JOB}/cancel?force=1`, ''), 422, '/force');
  });

  it.each([[''], [' ']])('is no body at all where the route takes none: %j', async (body) => {
    for (const act of ['cancel', 'retry']) {
      await expectRefusal(await post(`/jobs/${UNKNOWN_JOB}/${act}`, body), 404);
    }
  });

  it('is refused without a body where the route takes one', async () => {
    for (const path of ['/movies/generate', '/people/generate', '/movies/generate/batch'])
      await expectRefusal(await server.send('POST', path), 400);
  });

  it('carries the request id of the client through every kind of refusal', async () => {
    const id = { 'x-request-id': 'client-id-42' };
    const answers = [
      await post('/movies/generate', { title: '' }, id),
      await post('/movies/generate', '{', id),
      await post('/movies/generate', 'x'.repeat(65 * 1024), id),
      await post('/movies/generate', '{}', { ...id, 'content-type': 'text/plain' }),
      await server.get<Problem>('/nothing', id),
      await server.get<Problem>('/movies/%zz', id),
      await server.get<Problem>(`/movies/${'a'.repeat(301)}`, id),
      await server.get<Problem>(`/jobs/${UNKNOWN_JOB}`, id),
    ];
    expect(answers.map(({ status }) => status)).toEqual([422, 400, 413, 415, 404, 400, 414, 404]);
    expect(new Set(answers.map(({ body }) => body.request_id))).toEqual(new Set(['client-id-42']));
  });
});

describeServer('real titles and names', {}, ({ server }) => {
  /** Asks for all, waits for all, and answers what was stored, in the order of the requests. */
  async function written(path: 'movies' | 'people', requests: object[]): Promise<Record<string, unknown>[]> {
    const accepted = await Promise.all(requests.map((request) => server.post(`/${path}/generate`, request)));
    expect(accepted.filter(({ status }) => status !== 202)).toEqual([]);
    expect(new Set(accepted.map(({ body }) => body.job_id)).size).toBe(requests.length);
    const active = `SELECT id FROM generation_jobs WHERE status IN ('PENDING', 'IN_PROGRESS')`;
    await eventually(async () => (await server.rows(active)).length === 0, 60_000);
    const jobs = await Promise.all(accepted.map(({ body }) => server.get<JobDto>(`/jobs/${body.job_id}`)));
    expect(jobs.filter(({ body }) => body.status !== 'DONE')).toEqual([]);
    const stored = [];
    // One after the other: hundreds that are read at once wait for each other, on a busy machine in vain.
    for (const { body } of jobs) stored.push((await server.get(body.links.result!)).body);
    return stored;
  }

  it('are accepted and written, every film of the examples', async () => {
    const films = examples<{ title: string; year: string }>('films.csv');
    expect(films.length).toBeGreaterThan(200);
    const stored = await written(
      'movies',
      films.map(({ title, year }) => ({ title, release_year: Number(year) })),
    );
    expect(stored.map(({ title, release_year }) => ({ title, year: String(release_year) }))).toEqual(films);
  }, 90_000);

  it('are accepted and written, everybody of the examples', async () => {
    const people = examples<{ name: string; birth_year: string }>('people.csv');
    expect(people.length).toBeGreaterThan(90);
    const stored = await written(
      'people',
      people.map(({ name, birth_year }) => ({ name, birth_year: Number(birth_year) })),
    );
    expect(stored.map(({ name, birth_year }) => ({ name, birth_year: String(birth_year) }))).toEqual(people);
  }, 90_000);

  it('are accepted and written without a year, whatever signs they have', async () => {
    const titles = [...TITLES, ...LONGEST_TITLES];
    const stored = await written(
      'movies',
      titles.map((title) => ({ title })),
    );
    expect(stored.map(({ title }) => title)).toEqual(titles);
  }, 60_000);

  it.each(['movies', 'people'] as const)(
    'are, of %s, no statement and no markup but a name: taken, given a slug of their own, read by it, and found',
    async (path) => {
      const text = path === 'movies' ? 'title' : 'name';
      const stored = await written(
        path,
        ODD_TITLES.map((title) => ({ [text]: title })),
      );
      expect(stored.map((one) => one[text])).toEqual(ODD_TITLES);
      expect(new Set(stored.map(({ slug }) => slug)).size).toBe(ODD_TITLES.length);
      for (const [n, title] of ODD_TITLES.entries()) {
        const slug = stored[n]!.slug as string;
        expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
        expect((await server.get(`/${path}/${slug}`)).body).toMatchObject({ [text]: title, ambiguous: false });
        const { body } = await server.get<{ results: object[] }>(`/${path}?q=${encodeURIComponent(title)}`);
        expect([title, body.results]).toEqual([title, expect.arrayContaining([expect.objectContaining({ slug })])]);
      }
    },
    60_000,
  );

  it.each(ROUTES)(
    'are taken with null for whatever is not given, as generated clients send it, by $path',
    async (route) => {
      const { path, text, year } = route;
      const options = ['locale', 'context_tag', 'if_exists', 'deadline_seconds', 'webhook_url', 'webhook_events'];
      const nothing = Object.fromEntries(['slug', text, year, ...options].map((field) => [field, null]));
      const given = { locale: 'en-US', context_tag: 'DEFAULT', deadline_at: null };
      const named = await server.post(path, { ...nothing, [text]: 'Null And Void' });
      expect([named.status, named.body]).toEqual([
        202,
        expect.objectContaining({ ...given, requested_slug: 'null-and-void' }),
      ]);
      const bySlug = await server.post(path, { ...nothing, slug: 'void-1999' });
      expect([bySlug.status, bySlug.body]).toEqual([
        202,
        expect.objectContaining({ ...given, requested_slug: 'void-1999' }),
      ]);
      const items = [{ ...nothing, [text]: 'Null In A Batch' }];
      const batch = await server.post<{ jobs: JobDto[] }>(`${path}/batch`, { items });
      expect([batch.status, batch.body.jobs]).toEqual([202, [expect.objectContaining(given)]]);
    },
  );

  it('are taken without the spaces around them, composed, and at the limits of a slug', async () => {
    const asked = async (body: object) => {
      const answer = await server.post('/movies/generate', body);
      return [answer.status, answer.body.requested_slug];
    };
    expect(await asked({ title: '  Ame\u0301lie \n', release_year: 2002 })).toEqual([202, 'amelie-2002']);
    expect(await asked({ slug: 'abc' })).toEqual([202, 'abc']);
    expect(await asked({ slug: 'a'.repeat(255) })).toEqual([202, 'a'.repeat(255)]);
    expect(await asked({ slug: 'alien-1979', release_year: 1979 })).toEqual([202, 'alien-1979']);
    expect(await asked({ slug: 'the-war-of-1812', release_year: 2012 })).toEqual([202, 'the-war-of-1812-2012']);
    const last = IN_ELEVEN_YEARS - 1;
    expect(await asked({ title: 'Soon', release_year: last, deadline_seconds: 86_400 })).toEqual([202, `soon-${last}`]);
    expect(await asked({ title: 'First', release_year: 1888, deadline_seconds: 1 })).toEqual([202, 'first-1888']);
  });
});

const examples = <Row>(name: string) => parse<Row>(readFileSync(`examples/${name}`), { columns: true });
