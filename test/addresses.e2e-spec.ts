import { join } from 'node:path';
import type { Problem } from '../src/http/problem.js';
import type { MovieDto, MoviePageDto } from '../src/movies/movies.dto.js';
import { describeServer } from './support/server/describe-server.js';
import { Events } from './support/client/events.js';
import { Program } from './support/server/process.js';
import { raw } from './support/client/raw.js';
import { eventually, TestServer } from './support/server/server.js';

const CLI = join(process.cwd(), 'dist/src/cli.js');
const TOKEN = 'a-long-enough-admin-token';
const UNKNOWN_JOB = '019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b';
const line = (text: string) => Buffer.from(`${text} HTTP/1.1\r\nhost: localhost:3000\r\n\r\n`);

describeServer('addresses', { ADMIN_TOKEN: TOKEN }, ({ server }) => {
  beforeAll(async () => {
    for (const film of [
      { title: '千と千尋の神隠し', release_year: 2001 },
      { title: 'The Matrix', release_year: 1999 },
      { title: 'Amélie', release_year: 2001 },
    ])
      await server.generate('movies', film);
  });

  const ask = <Body = Problem>(text: string) => raw<Body>(server.url, line(text));

  describe('with letters as they are', () => {
    it('are read as they are meant, and the connection ends with the answer', async () => {
      const { status, headers, body } = await ask<MoviePageDto>('GET /movies?q=千と千尋');
      expect([status, body.results.map(({ title }) => title)]).toEqual([200, ['千と千尋の神隠し']]);
      expect(headers.get('connection')).toBe('close');
      expect((await ask<MoviePageDto>('GET /movies?q=amélie+%E5')).status).toBe(400);
      expect((await ask<MoviePageDto>('GET /movies?q=am%C3%A9lie+é')).body.total_results).toBe(1);
      const missing = await ask('GET /movies/amélie');
      expect([missing.status, missing.body.instance]).toEqual([404, '/movies/am%C3%A9lie']);
      expect(await ask<string>('HEAD /movies?q=千と千尋')).toMatchObject({ status: 200, body: '' });
    });

    it('do not hide a second request', async () => {
      const two = Buffer.concat([line('GET /movies?q=千'), line(`GET /jobs/${UNKNOWN_JOB}`)]);
      expect((await raw<Problem>(server.url, two)).body).toMatchObject({ status: 400, instance: '/movies' });
      const body = Buffer.from('GET /é HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\nGET /movies HTTP/1.1\r\n\r\n');
      expect((await raw<Problem>(server.url, body)).status).toBe(400);
      const pieces = [Buffer.from('GET /movies HTTP/1.1\r\nhost: x\r\nx: '), line('GET /movies?q=千')];
      expect((await raw(server.url, { pieces, everyMs: 100 })).status).not.toBe(500);
    });

    it.each([
      [
        'a byte that is no UTF-8',
        Buffer.from('GET /movies?q=am\xe9lie HTTP/1.1\r\nhost: x\r\n\r\n', 'latin1'),
        '/movies',
      ],
      ['a control character', line('GET /movies/x\u007f/?q=1'), '/movies/x%7F/'],
      ['a space', line('GET /movies/the matrix?q=1'), '/movies/the%20matrix'],
      ['a letter, in a request that changes something', line('POST /movies/générer'), '/movies/g%C3%A9n%C3%A9rer'],
      ['a letter, in a request to a proxy', line('GET http://localhost:3000/movies?q=千'), '/movies'],
    ])('are told to be percent-encoded where they cannot be read: %s', async (_, request, instance) => {
      const { status, body, headers } = await raw<Problem>(server.url, request);
      expect([status, body.instance, body.request_id]).toEqual([400, instance, headers.get('x-request-id')]);
      expect(body.detail).toContain('percent-encode the address');
    });
  });

  it('may be percent-encoded where they need not be, have plus signs for spaces, and name the host', async () => {
    for (const path of ['/movies/th%65-m%61trix-1999', '/%6dovies/the-matrix-1999', '/movies/the%2Dmatrix-1999'])
      expect([path, (await server.get<MovieDto>(path)).body.slug]).toEqual([path, 'the-matrix-1999']);
    for (const q of ['the+matrix', 'the%20matrix', '%2Bthe+matrix'])
      expect([q, (await server.get<MoviePageDto>(`/movies?q=${q}`)).body.total_results]).toEqual([q, 1]);
    for (const target of [
      `GET ${server.url}/movies/the-matrix-1999`,
      'GET HTTP://other.example/movies/the-matrix-1999',
    ])
      expect([target, (await ask<MovieDto>(target)).body.slug]).toEqual([target, 'the-matrix-1999']);
    expect((await ask(`GET ${server.url}/nowhere?a=1`)).body).toMatchObject({ status: 404, instance: '/nowhere' });
    expect((await ask('GET http://other.example')).status).toBe(200);
    expect((await ask('GET http://other.example?a=1')).body).toMatchObject({ status: 422, instance: '/' });
  });

  it.each([
    ['GET', '/movies/The-Matrix-1999', '/movies/the-matrix-1999'],
    ['GET', '/movies/The-Matrix-1999?locale=pl-PL&x=A', '/movies/the-matrix-1999?locale=pl-PL&x=A'],
    ['HEAD', '/people/Keanu-Reeves/bios', '/people/keanu-reeves/bios'],
    ['GET', '/movies/', '/movies'],
    ['GET', '/movies/?q=a//b/', '/movies?q=a//b/'],
    ['POST', '/movies/generate/', '/movies/generate'],
    ['GET', '//movies//the-matrix-1999', '/movies/the-matrix-1999'],
    ['GET', '///', '/'],
    ['GET', '/Movies', '/movies'],
    ['DELETE', `/webhooks/disabled/${UNKNOWN_JOB}/`, `/webhooks/disabled/${UNKNOWN_JOB}`],
    ['GET', '/docs/', '/docs'],
    ['GET', '//health//live', '/health/live'],
  ])('have one spelling: %s %s leads to %s', async (method, path, location) => {
    const { status, headers, body } = await raw<string>(server.url, line(`${method} ${path}`));
    expect([status, headers.get('location'), body]).toEqual([308, location, '']);
    expect((await server.send(method, location)).status).not.toBe(308);
  });

  it.each([
    '//evil.example/',
    '//evil.example',
    '/\\evil.example/',
    '//evil.example/%2e%2e',
    '/%2f%2fevil.example/',
    'http://evil.example//evil.example/',
    '/films/',
  ])('that lead nowhere lead to no other host either: %s', async (path) => {
    const { status, headers } = await ask(`GET ${path}`);
    expect([status, headers.get('location')]).toEqual([404, null]);
  });

  it.each(['//evil.example/..//movies/', '/movies//evil.example', '//movies/\\evil.example/'])(
    'lead to this host whatever is in them: %s',
    async (path) => {
      const { status, headers } = await ask(`GET ${path}`);
      expect(status).toBeLessThan(500);
      expect(headers.get('location') ?? '/movies').toMatch(/^\/movies(\/|$)/);
    },
  );

  it.each([
    ['GET', '/movies/generate', 'POST, OPTIONS'],
    ['PUT', '/movies/x', 'GET, HEAD, PATCH, DELETE, OPTIONS'],
    ['PUT', '/jobs', 'GET, HEAD, OPTIONS'],
    ['GET', `/jobs/${UNKNOWN_JOB}/cancel`, 'POST, OPTIONS'],
    ['PATCH', '/movies/generate/batch', 'POST, OPTIONS'],
    ['DELETE', '/admin/failed-jobs/retry', 'POST, OPTIONS'],
    ['POST', '/health/live', 'GET, HEAD, OPTIONS'],
    ['POST', '/openapi.json', 'GET, HEAD, OPTIONS'],
    ['POST', '/', 'GET, HEAD, OPTIONS'],
    ['PROPFIND', '/movies', 'GET, HEAD, OPTIONS'],
    ['TRACE', '/movies', 'GET, HEAD, OPTIONS'],
  ])('say which methods they have: %s %s', async (method, path, allow) => {
    const { status, headers, body } = await raw<Problem>(
      server.url,
      `${method} ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TOKEN}\r\n\r\n`,
    );
    expect([status, headers.get('allow'), body.instance]).toEqual([405, allow, path]);
    expect(body.type).toBe('urn:moviemind:problem:method-not-allowed');
  });

  it('are read though they are spelled as one that takes another method', async () => {
    expect((await server.get('/movies/generate')).status).toBe(405);
    await server.generate('movies', { slug: 'generate' });
    const [film] = await server.rows<{ slug: string }>(`SELECT slug FROM movies WHERE title = 'Generate'`);
    expect((await server.get<MovieDto>('/movies/generate')).body.slug).toBe(film!.slug);
  });

  it('answer OPTIONS with their methods', async () => {
    const allow = async (path: string) => {
      const { status, headers } = await ask<string>(`OPTIONS ${path}`);
      return [status, headers.get('allow')];
    };
    expect(await allow('/movies/generate')).toEqual([204, 'POST, OPTIONS']);
    expect(await allow('/movies/x')).toEqual([204, 'GET, HEAD, PATCH, DELETE, OPTIONS']);
    expect(await allow('*')).toEqual([204, 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS']);
    expect(await allow('/nowhere')).toEqual([404, null]);
  });

  it('answer HEAD as GET, without a body, wherever there is a GET', async () => {
    const key = { authorization: `Bearer ${TOKEN}` };
    const { body: job } = await server.post('/movies/generate', { title: 'Looked At', release_year: 2000 });
    await server.finished(job.job_id);
    const paths = [
      ...server.api.operations
        .filter(({ method }) => method === 'GET')
        .map(({ path }) => path.replace('{slug}', 'the-matrix-1999').replace('{id}', job.job_id)),
      '/docs',
      '/openapi.json',
      '/openapi-3.0.json',
      '/openapi.yaml',
      '/favicon.ico',
      '/admin/board/',
    ];
    expect(paths.length).toBeGreaterThan(25);
    for (const path of paths) {
      const [got, looked] = [await server.get(path, key), await server.send<unknown>('HEAD', path, key)];
      const told = (name: string) => [got.headers.get(name), looked.headers.get(name)];
      expect([path, looked.status, looked.body]).toEqual([path, got.status, '']);
      for (const [get, head] of [told('content-type'), told('etag')]) expect([path, head]).toEqual([path, get]);
    }
  });

  it('begin with one that leads on, and browsers find no fault with the icon', async () => {
    const { status, body } = await server.get<{ links: Record<string, string> }>('/');
    expect([status, body.links.docs]).toEqual([200, '/docs']);
    for (const link of Object.values(body.links)) expect([link, (await server.get(link)).status]).toEqual([link, 200]);
    const icon = await server.get('/favicon.ico');
    expect([icon.status, icon.headers.get('cache-control')]).toEqual([204, 'public, max-age=86400']);
  });
});

const SETTINGS = {
  ADMIN_TOKEN: TOKEN,
  BASE_PATH: '/api/',
  TRUSTED_PROXIES: '127.0.0.1',
  WEBHOOK_ALLOW_PRIVATE: 'true',
};

describeServer('below a path', SETTINGS, ({ server, receiver }) => {
  const PROXY = { 'x-forwarded-prefix': '/films' };

  it.each([
    ['whether a proxy takes it away', '', {}, '/api'],
    ['or leaves it there', '/api', {}, '/api'],
    ['or says itself what it has taken away', '', PROXY, '/films'],
  ])('everything is found, and every address in an answer is below it: %s', async (_, before, headers, prefix) => {
    const hook = { webhook_url: receiver.url('/told'), webhook_events: ['job.completed'] };
    const film = { title: `Below ${prefix}${before}`.replace(/\W+/g, ' ').trim(), release_year: 2000 };
    const ask = async <Body>(path: string) => {
      const answer = await raw<Body>(
        server.url,
        [
          `GET ${before}${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TOKEN}`,
          ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
        ].join('\r\n') + '\r\n\r\n',
      );
      return answer;
    };
    const accepted = await server.post(`${before}/movies/generate`, { ...film, ...hook }, headers);
    const { job_id } = accepted.body;
    expect(accepted.status).toBe(202);
    const self = `${prefix}/jobs/${job_id}`;
    const links = { self, events: `${self}/events`, cancel: `${self}/cancel` };
    expect(accepted.headers.get('location')).toBe(self);
    expect(accepted.body.links).toMatchObject(links);
    const job = await eventually(async () => {
      const { body } = await ask<{ status: string; links: { result: string } }>(`/jobs/${job_id}`);
      return body.status === 'DONE' && body;
    });
    const slug = job.links.result.split('/').at(-1)!.split('?')[0]!;
    expect(job.links).toMatchObject({ ...links, result: expect.stringContaining(`${prefix}/movies/${slug}`) });
    expect((await ask<MovieDto>(`/movies/${slug}`)).body.links.self).toBe(`${prefix}/movies/${slug}`);
    const listed = await ask<{ results: { links: object }[] }>('/jobs?limit=1');
    expect(listed.body.results[0]!.links).toMatchObject(links);
    const [told] = await (await Events.open(server.url + before, job_id, headers)).all();
    expect(told!.job.links).toMatchObject(links);
    expect((await ask<{ links: object }>('/')).body.links).toMatchObject({ docs: `${prefix}/docs` });
    expect((await ask('/movies/')).headers.get('location')).toBe(`${prefix}/movies`);
    expect((await ask<Problem>('/nowhere')).body.instance).toBe(`${prefix}/nowhere`);
    expect((await ask<{ servers: object[] }>('/openapi.json')).body.servers).toMatchObject([{ url: prefix }]);
    expect((await ask<{ servers: object[] }>('/openapi-3.0.json')).body.servers).toMatchObject([{ url: prefix }]);
    expect((await ask<string>('/docs/swagger-ui-init.js')).body).toContain(`curl x${prefix}/`);
    expect((await ask<string>('/admin/board/')).body).toContain(`<base href="${prefix}/admin/board/"`);
    // No request is there to say it: a message knows BASE_PATH alone.
    const message = await eventually(async () => receiver.at('/told').find((one) => one.job_id === job_id));
    expect((JSON.parse(message.body) as { data: { links: object } }).data.links).toMatchObject({
      self: `/api/jobs/${job_id}`,
    });
  });

  it('the commands follow links that begin with the path of their URL', async () => {
    const words = ['generate', 'movie', 'Commanded Below', '--year', '2000', '--wait', '--url', `${server.url}/api`];
    const program = new Program({}, CLI, words);
    expect([await program.exited, program.stderr]).toEqual([0, expect.stringContaining('DONE')]);
    expect(program.stdout).toContain(`${server.url}/api/movies/commanded-below-2000?`);
  });

  it.each(['//evil.example', 'https://evil.example', '/a/../b', '/a b', '/a,/b', '"/a"', '/\\evil', 'x'.repeat(5000)])(
    'is nothing that is no path',
    async (prefix) => {
      const { headers } = await server.get('/movies/', { 'x-forwarded-prefix': prefix });
      expect(headers.get('location')).toBe('/api/movies');
    },
  );

  it('an answer given once is given below the path of whoever asks again', async () => {
    const film = { title: 'Asked Twice', release_year: 2001 };
    const key = { 'idempotency-key': 'asked-twice' };
    const first = await server.post('/movies/generate', film, key);
    const second = await server.post('/movies/generate', film, { ...key, ...PROXY });
    const path = `/jobs/${first.body.job_id}`;
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect([first, second].map(({ headers }) => headers.get('location'))).toEqual([`/api${path}`, `/films${path}`]);
    expect(second.body.links.self).toBe(`/films${path}`);
  });

  it('is believed of a proxy that is named, alone', async () => {
    const open = await TestServer.start({ ROLE: 'api' });
    expect((await open.get('/movies/', PROXY)).headers.get('location')).toBe('/movies');
    expect((await open.get('/api/movies')).status).toBe(404);
    await open.stop();
  });
});
