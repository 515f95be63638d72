import { Validator } from '@seriousme/openapi-schema-validator';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describeApp } from '../src/server/app.js';
import { Config } from '../src/config/config.js';
import type { JobDto } from '../src/jobs/jobs.dto.js';
import { KINDS } from '../src/domain/kinds.js';
import { STATUSES } from '../src/domain/vocabulary.js';
import { startServer } from '../src/server/server.js';
import { type Documentation, Documented, examplesOf, type Operation, queryOf } from './support/document/documented.js';
import { BATCH_COMPLETED, WEBHOOK_EVENTS } from '../src/webhooks/events.js';
import type { DeliveryListDto, DisabledEndpointListDto } from '../src/webhooks/webhooks.dto.js';
import { raw } from './support/client/raw.js';
import { Receiver } from './support/client/receiver.js';
import { type Answer, cloneDatabase, eventually, TestServer } from './support/server/server.js';
import { StubModel } from './support/model/stub-model.js';

interface ProblemExample {
  title: string;
  instance: string;
  detail: string;
  errors?: { pointer: string; detail: string }[];
}

interface LintReport {
  totals: object;
  problems: { ruleId: string; message: string; location: { pointer?: string }[] }[];
}

const TOKEN = 'a-long-enough-admin-token';
const KEY = { authorization: `Bearer ${TOKEN}` };
/** Refused where nobody needs a key, too. */
const WRONG_KEY = { authorization: 'Bearer wrong' };
const JSON_BODY = { ...KEY, 'content-type': 'application/json' };
const BIG = '{}'.padEnd(64 * 1024 + 1);
/**
 * They need more than a wrong request (a scope, a conflict, a limit that is reached, a database that is away), or an
 * overlong one.
 */
const PROVOKED_ELSEWHERE = ['403', '409', '414', '429', '431', '503'];

describe('the documentation', () => {
  let model: StubModel;
  let server: TestServer;
  let guarded: TestServer;
  let api: Documented;

  beforeAll(async () => {
    model = await StubModel.start();
    const stub = { OPENAI_API_KEY: 'test-key-0123456789', OPENAI_BASE_URL: model.url };
    server = await TestServer.start({ ...stub, ADMIN_TOKEN: TOKEN, WEBHOOK_ALLOW_PRIVATE: 'true' });
    guarded = await TestServer.start({ ...stub, AUTH_REQUIRED: 'true', PUBLIC_READS: 'false', ADMIN_TOKEN: TOKEN });
    // Of the server that asks for every key there is.
    api = new Documented((await guarded.get<Documentation>('/openapi.json')).body);
  });

  afterAll(async () => {
    await server.stop();
    await guarded.stop();
    await model.stop();
  });

  it('is valid OpenAPI 3.1 to a third-party validator', async () => {
    expect(api.document.openapi).toMatch(/^3\.1\.\d$/);
    const { valid, errors } = await new Validator().validate({ ...api.document });
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
  });

  it('has nothing that a linter with its strict ruleset finds fault with', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'moviemind-openapi-'));
    const file = join(folder, 'openapi.json');
    writeFileSync(file, JSON.stringify(api.document));
    const args = ['node_modules/@redocly/cli/bin/cli.js', 'lint', file, '--config', 'redocly.yaml', '--format', 'json'];
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
    const { stdout } = await promisify(execFile)(process.execPath, args, { env, timeout: 60_000 }).catch(
      (error: { stdout: string }) => error,
    );
    const { totals, problems } = JSON.parse(stdout) as LintReport;
    const found = problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer]);
    expect([totals, ...found]).toEqual([{ errors: 0, warnings: 0, ignored: 0 }]);
    rmSync(folder, { recursive: true });
  }, 90_000);

  it('says what operations have in common once: 3.6 kB for each, as it is served', async () => {
    const { byteLength } = await (await fetch(`${guarded.url}/openapi.json`)).arrayBuffer();
    expect(byteLength / api.operations.length).toBeLessThanOrEqual(3600);
  });

  it('is made without a database as it is served, save for what depends on the server: keys, and its address', async () => {
    const bare = (document: unknown) =>
      JSON.parse(JSON.stringify(document), (name, value: unknown) => {
        return name === 'security' || name === 'x-codeSamples' ? undefined : value;
      }) as object;
    expect(bare(await describeApp())).toEqual(bare(api.document));
  });

  it('is there in OpenAPI 3.0 too, valid to a third-party validator, with the same operations', async () => {
    const { status, body } = await server.get<Documentation>('/openapi-3.0.json');
    expect([status, body.openapi]).toEqual([200, '3.0.3']);
    const { valid, errors } = await new Validator().validate({ ...body });
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
    expect(Object.keys(body.paths)).toEqual(Object.keys(api.document.paths));
    expect(JSON.stringify(body)).not.toMatch(/"type":"null"|"type":\[/);
  });

  it('asks for a key only where this server does, on its page and in its lines for a shell', async () => {
    const locked = async (one: TestServer) => {
      const { operations } = new Documented((await one.get<Documentation>('/openapi.json')).body);
      const sampled = operations.filter((operation) =>
        operation['x-codeSamples']![0]!.source.includes('Authorization'),
      );
      const ids = operations.filter(({ security }) => security!.length > 0).map(({ operationId }) => operationId);
      expect(sampled.map(({ operationId }) => operationId)).toEqual(ids);
      return ids;
    };
    const [open, all] = [await locked(server), await locked(guarded)];
    expect(open).toContain('listFailedJobs');
    expect(open.filter((id) => !/^\/(admin|health|metrics)/.test(api.operation(id).path))).toEqual([]);
    expect(all).toEqual(expect.arrayContaining(['generateMovie', 'listMovies', ...open]));
  });

  it('has lines for a shell that call the address it was opened at, as far as that can be believed', async () => {
    // Without auth the server answers to names of its own machine alone.
    const page = async (headers: Record<string, string>) =>
      (await raw<string>(guarded.url, request(headers))).body.match(/curl '?[^\s']*\/health\/live/)?.[0];
    const request = (headers: Record<string, string>) =>
      [
        'GET /docs/swagger-ui-init.js HTTP/1.1',
        ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
        '',
        '',
      ].join('\r\n');
    expect(await page({ host: 'films.example:8080' })).toBe('curl films.example:8080/health/live');
    expect(await page({ host: '[::1]:3000' })).toContain('[::1]:3000/health/live');
    expect(await page({ host: '"><script>alert(1)</script>' })).toBe('curl localhost:3000/health/live');
    const forwarded = { host: 'inside:3000', 'x-forwarded-host': 'films.example', 'x-forwarded-proto': 'https' };
    expect(await page(forwarded)).toBe('curl inside:3000/health/live');
  });

  it('names, explains and tags every operation, and says whether it takes a key', () => {
    const ids = api.operations.map(({ operationId }) => operationId);
    expect(ids).toEqual(expect.arrayContaining(['generateMovie', 'generatePerson', 'getJob', 'getMovie', 'getPerson']));
    expect(new Set(ids).size).toBe(ids.length);
    const tags = api.document.tags.map(({ name }) => name);
    const poor = api.operations.filter(
      ({ summary, tags: [tag] = [], security }) => !summary || !tag || !tags.includes(tag) || !security,
    );
    expect(poor.map(({ operationId }) => operationId)).toEqual([]);
  });

  it('has a description, an example and the request id wherever there is something to send or to receive', () => {
    const gaps = api.operations.flatMap(({ operationId, parameters, requestBody, responses }) => [
      ...parameters
        .filter(({ description, schema }) => !description || schema.example === undefined)
        .map(({ name }) => `${operationId} ${name}`),
      ...(requestBody && examplesOf(requestBody.content['application/json']).length === 0
        ? [`${operationId} body`]
        : []),
      ...Object.entries(responses)
        .filter(
          ([, { description, headers, content = {} }]) =>
            !description ||
            !headers['X-Request-Id'] ||
            Object.values(content).some((media) => !examplesOf(media).length),
        )
        .map(([status]) => `${operationId} ${status}`),
    ]);
    expect(gaps).toEqual([]);
  });

  it('names what it takes and what it answers in snake_case', () => {
    const names = [
      ...propertiesOf(api.document),
      ...api.operations.flatMap(({ parameters }) =>
        parameters.filter(({ in: place }) => place !== 'header').map(({ name }) => name),
      ),
    ];
    expect(names).toEqual(expect.arrayContaining(['requested_slug', 'per_page', 'billing_order']));
    const otherwise = new Set<string>([...STATUSES, 'sha256']);
    expect(names.filter((name) => !/^[a-z]+(_[a-z]+)*$/.test(name) && !otherwise.has(name))).toEqual([]);
  });

  it('has problems in their own media type, and examples that fit their schemas', () => {
    const misfits = api.operations.flatMap(({ operationId, parameters, requestBody, responses }) => {
      const media = Object.entries(responses).flatMap(([status, { content = {} }]) =>
        Object.entries(content).map(([type, body]) => {
          expect([operationId, status, type === 'application/problem+json']).toEqual([
            operationId,
            status,
            status >= '400',
          ]);
          return body;
        }),
      );
      const bodies = requestBody ? [...media, requestBody.content['application/json']] : media;
      return [
        ...parameters.flatMap(({ schema }) => api.misfits(schema, schema.example)),
        ...bodies.flatMap((body) => examplesOf(body).flatMap((example) => api.misfits(body.schema, example))),
      ].map((misfit) => `${operationId}: ${misfit}`);
    });
    expect(misfits).toEqual([]);
  });

  it('asks for a title or a slug, a name or a slug', () => {
    const refused = (id: string, body: object) =>
      api.misfits(api.operation(id).requestBody!.content['application/json'].schema, body).length > 0;
    expect(refused('generateMovie', { release_year: 1999 })).toBe(true);
    expect(refused('generateMovie', { slug: 'the-matrix-1999' })).toBe(false);
    expect(refused('generatePerson', { birth_year: 1964 })).toBe(true);
    expect(refused('generatePerson', { name: 'Keanu Reeves' })).toBe(false);
    expect(refused('generatePerson', { name: 'Keanu Reeves', title: 'The Matrix' })).toBe(true);
  });

  // Before anything is generated, so that the films and jobs of the examples do not exist yet.
  it('shows the problems that are really answered', async () => {
    const cases = problemsOf(api).filter(({ status }) => !PROVOKED_ELSEWHERE.includes(status));
    expect(new Set(cases.map(({ status }) => status))).toEqual(
      new Set(['400', '401', '404', '405', '413', '415', '422']),
    );
    for (const { operation, status, example } of cases) {
      const answer = await provoke(status === '401' ? guarded : server, operation, status, example);
      expect(api.faults(operation, answer)).toEqual([]);
      expect(answer.body).toEqual({ ...example, request_id: answer.headers.get('x-request-id') });
      const headers = Object.keys(operation.responses[status]!.headers).filter(
        (name) => !answer.headers.has(name) && !name.startsWith('RateLimit'), // without limits
      );
      expect([operation.operationId, status, headers]).toEqual([operation.operationId, status, []]);
    }
  }, 120_000);

  it('says of every operation whether it may need a key', async () => {
    const refused = [];
    for (const operation of api.operations) {
      const isOpen = operation.operationId === 'whoAmI';
      const { status } = await send(guarded, operation, examplePath(operation), isOpen ? WRONG_KEY : {});
      if (status === 401) refused.push(operation.operationId);
      const { status: withKey } = await send(guarded, operation, examplePath(operation), KEY);
      expect([operation.operationId, withKey]).not.toEqual([operation.operationId, 401]);
    }
    const documented = api.operations.filter(({ responses }) => responses[401]);
    expect(refused).toEqual(documented.map(({ operationId }) => operationId));
    expect(documented.every(({ security }) => security!.length > 0)).toBe(true);
  });

  it('shows requests that are accepted, with the answer it shows', async () => {
    for (const operation of ['generateMovie', 'generatePerson'].map((id) => api.operation(id))) {
      const [first, ...others] = examplesOf(operation.requestBody!.content['application/json']);
      const answer = await send<JobDto>(server, operation, operation.path, {}, first);
      expect(answer.status).toBe(202);
      const { job_id, created_at, links } = answer.body;
      expect(answer.body).toEqual({ ...documentedJob(operation, 202), job_id, created_at, links });
      for (const body of others) {
        const other = await send<JobDto>(server, operation, operation.path, {}, body);
        expect(other.status).toBe(202);
        expect(api.faults(operation, other)).toEqual([]);
        const done = await server.finished(other.body.job_id);
        expect([done.status, done.error]).toEqual(['DONE', null]);
      }
      expect(api.faults(operation, answer)).toEqual([]);
      expect(answer.headers.get('location')).toBe(links.self);
      expect(answer.headers.get('retry-after')).toBe('1');
      const done = await server.finished(job_id);
      expect(Object.keys(done.result!).sort()).toEqual(Object.keys(documentedJob(operation, 200).result).sort());
      const reused = await send(server, operation, operation.path, {}, { ...(first as object), if_exists: 'reuse' });
      expect(reused.status).toBe(200);
      expect(api.faults(operation, reused)).toEqual([]);
    }
    for (const operation of api.operations.filter(
      ({ method, path }) => method === 'GET' && !/^\/(jobs|batches|admin\/failed-jobs)\//.test(path), // those of the examples do not exist
    )) {
      const answer = await send(server, operation, examplePath(operation), KEY);
      expect([operation.operationId, answer.status, ...api.faults(operation, answer)]).toEqual([
        operation.operationId,
        200,
      ]);
    }
  });

  it('knows every shape that jobs, films and people have', async () => {
    model.script('No Such Film', { kind: 'answer', output: { found: false } });
    model.script('Slow Film', { kind: 'answer', delayMs: 1500 });
    const film = await server.generate('movies', { title: 'Solaris', release_year: 1972 });
    await server.generate('movies', { title: 'Solaris', release_year: 2002, locale: 'pl-PL', context_tag: 'critical' });
    const person = await server.generate('people', { name: 'Ann Actor', birth_year: 1970 });
    const failed = await server.generate('movies', { title: 'No Such Film' });
    expect([film, person, failed].map(({ status }) => status)).toEqual(['DONE', 'DONE', 'FAILED']);
    const { body: slow } = await server.post('/movies/generate', { title: 'Slow Film', deadline_seconds: 60 });
    const shapes: [id: string, path: string, body: object][] = [
      ['getJob', slow.links.self, { deadline_at: expect.any(String), finished_at: null }],
      ['getJob', film.links.self, { status: 'DONE', result: { description_id: expect.any(String) } }],
      ['getJob', person.links.self, { status: 'DONE', result: { bio_id: expect.any(String) } }],
      ['getJob', failed.links.self, { status: 'FAILED', error: { type: 'NOT_FOUND' } }],
      [
        'getMovie',
        film.links.result!,
        {
          description: { version: 1 },
          people: expect.arrayContaining([expect.objectContaining({ role: 'DIRECTOR' })]),
        },
      ],
      ['getMovie', '/movies/solaris', { ambiguous: true, alternatives: [{ slug: 'solaris-1972' }] }],
      ['getMovie', '/movies/known-film-2001', { description: null, director: null }],
      ['getMovie', '/movies/other-film', { release_year: null }],
      [
        'getPerson',
        person.links.result!,
        { bio: { version: 1 }, movies: expect.arrayContaining([expect.objectContaining({ slug: 'other-film' })]) },
      ],
      ['getPerson', '/people/bob-player', { bio: null, birth_year: null, birth_date: null }],
      [
        'listMovies',
        '/movies?per_page=100&has_text=false',
        { results: expect.arrayContaining([expect.objectContaining({ director: null })]) },
      ],
      [
        'listPeople',
        '/people?per_page=100&has_text=false',
        { results: expect.arrayContaining([expect.objectContaining({ birthplace: null })]) },
      ],
    ];
    for (const [id, path, body] of shapes) {
      const answer = await server.get(path);
      expect([id, path, ...api.faults(api.operation(id), answer)]).toEqual([id, path]);
      expect(answer.body).toMatchObject(body);
    }
    const [self] = film.links.result!.split('?');
    const lists = [
      ['listMovieDescriptions', `${self}/descriptions`],
      ['listMoviePeople', `${self}/people`],
      ['listPersonMovies', '/people/ann-actor-1970/movies'],
    ] as const;
    for (const [id, path] of [...shapes, ...lists]) {
      if (id === 'getJob') continue;
      const held = (await server.get(path)).headers.get('etag')!;
      const again = await server.get(path, { 'if-none-match': held });
      expect([id, again.status, ...api.faults(api.operation(id), again)]).toEqual([id, 304]);
    }
    await server.finished(slow.job_id);
  });

  it('shows batches that are accepted, and how far they are', async () => {
    const batches: string[] = [];
    for (const operation of ['generateMovies', 'generatePeople'].map((id) => api.operation(id))) {
      const [body] = examplesOf(operation.requestBody!.content['application/json']);
      const key = { 'idempotency-key': operation.operationId };
      for (const replayed of [null, 'true']) {
        const answer = await send<{ batch_id: string }>(server, operation, operation.path, key, body);
        expect([answer.status, ...api.faults(operation, answer)]).toEqual([202]);
        expect(answer.headers.get('idempotent-replayed')).toBe(replayed);
        expect(shapeOf(answer.body)).toEqual(shapeOf(documentedBody(operation, 202)));
        batches.push(answer.headers.get('location')!);
      }
    }
    const getBatch = api.operation('getBatch');
    for (const path of batches) {
      const answer = await eventually(async () => {
        const look = await server.get<{ completed_at: string | null }>(path);
        expect([look.status, ...api.faults(getBatch, look)]).toEqual([200]);
        return look.body.completed_at !== null && look;
      });
      expect(shapeOf(answer.body)).toEqual(shapeOf(documentedBody(getBatch, 200)));
    }
  });

  it('shows every answer to a job that is cancelled', async () => {
    const cancelJob = api.operation('cancelJob');
    model.script('Slow To Cancel', { kind: 'hang' });
    const { body: running } = await server.post('/movies/generate', { title: 'Slow To Cancel' });
    await eventually(async () => model.callsFor('Slow To Cancel').length === 1);
    for (const expected of [202, 200]) {
      const answer = await server.send<JobDto>('POST', running.links.cancel);
      expect([answer.status, ...api.faults(cancelJob, answer)]).toEqual([expected]);
      expect(shapeOf(answer.body)).toEqual(shapeOf(documentedBody(cancelJob, 202)));
    }
    const done = await server.generate('movies', { title: 'Done Before' });
    const refused = await server.send('POST', done.links.cancel);
    expect([refused.status, ...api.faults(cancelJob, refused)]).toEqual([409]);
  });

  it('shows every answer of the work with failed jobs', async () => {
    model.script('Fails For Operators', ...Array.from({ length: 4 }, () => ({ kind: 'status', status: 400 }) as const));
    const job = await server.generate('movies', { title: 'Fails For Operators' });
    const uuid = async () =>
      (await server.get<{ results: { uuid: string }[] }>('/admin/failed-jobs?q=operators', KEY)).body.results[0]!.uuid;
    const again = () => eventually(async () => (await server.finished(job.job_id)).status === 'FAILED');
    const retried = { retried: expect.any(Number) };
    const steps: [id: string, path: () => Promise<string>, status: number, body?: unknown][] = [
      ['listFailedJobs', async () => '/admin/failed-jobs', 200],
      ['retryJob', async () => `/jobs/${job.job_id}/retry`, 202],
      ['retryFailedJob', async () => `/admin/failed-jobs/${await uuid()}/retry`, 202],
      ['retryFailedJobs', async () => '/admin/failed-jobs/retry', 200, retried],
      ['forgetFailedJob', async () => `/admin/failed-jobs/${await uuid()}`, 204, ''],
      ['flushFailedJobs', async () => '/admin/failed-jobs?older_than=1h', 200, { forgotten: 0 }],
      ['retryJob', async () => (await server.generate('movies', { title: 'Fine' })).links.self + '/retry', 409],
    ];
    for (const [id, pathOf, expected, body] of steps) {
      const operation = api.operation(id);
      const answer = await send(server, operation, await pathOf(), KEY);
      expect([id, answer.status, ...api.faults(operation, answer)]).toEqual([id, expected]);
      if (body !== undefined) expect(answer.body).toEqual(body);
      if (id.startsWith('retry') && expected !== 409) await again();
    }
  });

  it('shows the messages to webhooks as they are sent, and every answer of the work with them', async () => {
    const { webhooks } = api;
    expect(Object.keys(webhooks).sort()).toEqual([...WEBHOOK_EVENTS, BATCH_COMPLETED].sort());
    const receiver = await Receiver.start();
    receiver.script('/hook', 204, 410);
    const hook = { webhook_url: receiver.url('/hook'), webhook_events: ['job.started', 'job.completed'] };
    const job = await server.generate('movies', { title: 'Told', ...hook });
    const list = () => server.get<DeliveryListDto>(`${job.links.self}/deliveries`);
    const rows = await eventually(async () => {
      const { results } = (await list()).body;
      return results.every(({ status }) => status !== 'PENDING') && results;
    });
    for (const { type, body, headers } of receiver.received) {
      const { requestBody, parameters } = webhooks[type]!.post;
      const documented = requestBody!.content['application/json'];
      expect(api.misfits(documented.schema, JSON.parse(body))).toEqual([]);
      for (const example of examplesOf(documented)) expect(api.misfits(documented.schema, example)).toEqual([]);
      expect(parameters.filter(({ name }) => !headers[name])).toEqual([]);
    }
    expect(receiver.received).toHaveLength(2);
    const gone = rows.find(({ status }) => status === 'DISABLED')!;
    const endpoint = async () => (await server.get<DisabledEndpointListDto>('/webhooks/disabled')).body.results[0]!.id;
    const steps: [id: string, path: () => Promise<string>, status: number][] = [
      ['listDeliveries', async () => `${job.links.self}/deliveries`, 200],
      ['replayDelivery', async () => gone.links.replay, 409],
      ['listDisabledEndpoints', async () => '/webhooks/disabled', 200],
      ['enableEndpoint', async () => `/webhooks/disabled/${await endpoint()}`, 204],
      ['replayDelivery', async () => gone.links.replay, 202],
      ['getWebhookSecret', async () => '/webhooks/secret', 200],
      ['rotateWebhookSecret', async () => '/webhooks/secret/rotate', 200],
    ];
    for (const [id, pathOf, expected] of steps) {
      const operation = api.operation(id);
      const answer = await send(server, operation, await pathOf(), KEY);
      expect([id, answer.status, ...api.faults(operation, answer)]).toEqual([id, expected]);
    }
    await receiver.stop();
  });

  it('is a page that loads everything from this server, open to everybody', async () => {
    for (const one of [server, guarded]) {
      const page = await one.get<string>('/docs');
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html']);
      const assets = [...page.body.matchAll(/(?:src|href)=["']([^"'#]+)["']/g)].map(
        ([, address]) => new URL(address!, `${one.url}/docs`),
      );
      expect(assets.map(({ pathname }) => pathname)).toEqual(
        expect.arrayContaining(['/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js', '/docs/swagger-ui-init.js']),
      );
      for (const asset of assets) {
        expect(asset.origin).toBe(one.url);
        const { status, body } = await one.get<string>(asset.pathname);
        expect([asset.pathname, status]).toEqual([asset.pathname, 200]);
        if (asset.pathname.endsWith('.css')) expect(body).not.toMatch(/@import|url\(["']?(?!["']?data:)/);
      }
      // Its script can ask a public validator, with the address of this server.
      expect((await one.get('/docs/swagger-ui-init.js')).body).toContain('"validatorUrl": null');
      for (const path of ['/openapi.json', '/openapi.yaml']) expect((await one.get(path)).status).toBe(200);
    }
  });

  it('keeps the request id of whoever asks for the page, its files or the document, or makes one', async () => {
    for (const path of ['/docs', '/docs/swagger-ui-bundle.js', '/docs/none', '/openapi.json', '/openapi.yaml']) {
      const idOf = async (headers: Record<string, string>) =>
        (await server.get(path, headers)).headers.get('x-request-id');
      expect([path, await idOf({ 'x-request-id': 'reader-1' })]).toEqual([path, 'reader-1']);
      expect([path, await idOf({ 'x-request-id': 'bad id' })]).toEqual([path, expect.stringMatching(/^[\da-f-]{36}$/)]);
    }
  });

  it('lets a browser fetch from this server only, and run no inline script', async () => {
    for (const path of ['/docs', '/docs/swagger-ui-bundle.js', '/openapi.json', '/movies', '/nowhere']) {
      const policy = (await server.get(path)).headers.get('content-security-policy')!;
      const rules = Object.fromEntries(
        policy.split(';').map((rule) => [rule.split(' ')[0]!, rule.split(' ').slice(1)]),
      );
      expect(rules).toMatchObject({
        'default-src': ["'self'"],
        'script-src': ["'self'"],
        'script-src-attr': ["'none'"],
      });
      const sources = new Set(Object.values(rules).flat());
      expect(
        [...sources].filter((source) => !["'self'", "'none'", 'data:', "'unsafe-inline'"].includes(source)),
      ).toEqual([]);
    }
  });

  it('is served by a process that serves HTTP, not by a worker', async () => {
    const database = await cloneDatabase();
    const config = new Config({
      ROLE: 'worker',
      DATABASE_URL: database.url,
      QUEUE_CONNECTION: DRIVER,
      QUEUE_PREFIX: new URL(database.url).pathname.slice(1),
      ...(DRIVER === 'redis' && { REDIS_URL: process.env.TEST_REDIS_URL }),
      LOG_LEVEL: 'silent',
    });
    const worker = await startServer(config, { banner: false });
    expect([worker.url, worker.app.getHttpServer().listening]).toEqual(['', false]);
    await worker.stop();
    await database.drop();
  });
});

interface Case {
  operation: Operation;
  status: string;
  example: ProblemExample;
}

function problemsOf({ operations }: Documented): Case[] {
  return operations.flatMap((operation) =>
    Object.entries(operation.responses)
      .filter(([status]) => status >= '400')
      .map(([status, { description, content = {} }]) => {
        const usual = content['application/problem+json']!.example as ProblemExample;
        return {
          operation,
          status,
          example: { ...usual, ...told(usual, description), instance: instanceOf(operation, status) },
        };
      }),
  );
}

/** What an operation says itself of its problem: the detail, or of a 422 the field and what is wrong with it. */
function told({ title, errors }: ProblemExample, description: string): Partial<ProblemExample> {
  if (description === title) return {};
  const [, pointer, detail] = /^(\/\S+) (.+)$/.exec(description) ?? [];
  return errors ? { errors: [{ pointer: pointer!, detail: detail! }] } : { detail: description };
}

/**
 * A 400 about a path is about a malformed part of it, a 404 about a list of names about one that is not in it. The name
 * of the parameter is either. A 405 is about an address of its own in place of a name.
 */
function instanceOf(operation: Operation, status: string): string {
  const { path, parameters } = operation;
  const fromList = parameters.some(({ in: place, schema }) => place === 'path' && 'enum' in schema);
  if (status === '405') return path.replace(/\{\w+\}/, takenIn(path));
  if ((status === '400' || (status === '404' && fromList)) && path.includes('{')) return path.replace(/[{}]/g, '');
  return examplePath({ ...operation, parameters: parameters.filter(({ in: place }) => place === 'path') });
}

/** An address of its own, where names are. */
const takenIn = (path: string) =>
  path.startsWith('/admin/reviews') ? 'sample' : path.startsWith('/admin') ? 'retry' : 'generate';

/** Bytes, as the problem says it. */
function largestBody(detail: string): number {
  const [, amount, unit] = /larger than (\d+) ([KM])iB/.exec(detail) ?? [];
  return Number(amount) * (unit === 'M' ? 1024 * 1024 : 1024);
}

/** Sends what the example of a problem speaks of: its path, its wrong field, or a body that is no such body at all. */
function provoke(server: TestServer, operation: Operation, status: string, example: ProblemExample) {
  const { instance, detail, errors } = example;
  const field = errors?.[0]?.pointer.slice(1);
  const key: Record<string, string> = status === '401' ? WRONG_KEY : KEY;
  if (detail.startsWith('The query')) return send(server, operation, `${instance}?%ff`, key);
  if (!operation.requestBody && status === '413') return server.send(operation.method, instance, JSON_BODY, BIG);
  if (!operation.requestBody && status === '415') return server.send(operation.method, instance, key, 'text');
  if (!operation.requestBody) return send(server, operation, field ? `${instance}?${field}=0` : instance, key);
  const [good] = examplesOf(operation.requestBody.content['application/json']) as object[];
  const bodies: Record<string, unknown> = {
    400: '{"title":',
    413: JSON.stringify(good).padEnd(largestBody(detail) + 1),
    422: { ...good, [field ?? '']: '' },
  };
  const headers = status === '415' ? { ...key, 'content-type': 'text/plain' } : key;
  return send(server, operation, instance, headers, bodies[status] ?? good);
}

async function send<T = unknown>(
  server: TestServer,
  { method, requestBody }: Operation,
  path: string,
  headers: Record<string, string> = {},
  body?: unknown,
): Promise<Answer<T>> {
  if (!requestBody) return server.send<T>(method, path, headers);
  const raw = typeof body === 'string' ? body : JSON.stringify(body ?? {});
  return server.send<T>(method, path, { 'content-type': 'application/json', ...headers }, raw);
}

/** The path of an operation with the examples of all its parameters. */
function examplePath({ path, parameters }: Operation): string {
  const query = new URLSearchParams();
  for (const { name, in: place, schema } of parameters) {
    if (place === 'path') path = path.replace(`{${name}}`, String(schema.example));
    else if (place === 'query') for (const [key, value] of queryOf(name, schema.example)) query.set(key, value);
  }
  return query.size > 0 ? `${path}?${query.toString()}` : path;
}

const documentedBody = ({ responses }: Operation, status: number) =>
  examplesOf(responses[status]!.content!['application/json']!)[0] as { result: object };

/** The example that is about what the operation is about. */
const documentedJob = ({ path, responses }: Operation, status: number) =>
  (examplesOf(responses[status]!.content!['application/json']!) as (JobDto & { result: object })[]).find(({ entity }) =>
    path.startsWith(`/${KINDS[entity].path}/`),
  )!;

/** What is there and what is null, whatever the values. */
const shapeOf = (body: object) => Object.entries(body).map(([name, value]) => [name, value === null]);

/** The names of the properties of every schema, however deep. */
function propertiesOf(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) => [
    ...(key === 'properties' ? Object.keys(value as object) : []),
    ...propertiesOf(value),
  ]);
}
