import { type IncomingMessage, request } from 'node:http';
import type { Scope } from '../src/access/scopes.js';
import { describeServer } from './support/server/describe-server.js';
import { examplesOf, type Operation } from './support/document/documented.js';
import { bearer, makeKey, type TestKey } from './support/client/keys.js';
import { type Answer, TestServer } from './support/server/server.js';

const TOKEN = 'a-long-enough-admin-token';
/** The one before, which is being exchanged. */
const FORMER = 'the-admin-token-of-before';
const UNKNOWN_ID = '019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b';

const EXCHANGED = { AUTH_REQUIRED: 'true', ADMIN_TOKEN: TOKEN, ADMIN_TOKEN_PREVIOUS: FORMER };

describeServer('with auth required', EXCHANGED, ({ server }) => {
  let closed: TestServer;

  beforeAll(async () => {
    closed = await TestServer.start({ ROLE: 'api', AUTH_REQUIRED: 'true', PUBLIC_READS: 'false' });
  });

  afterAll(async () => {
    await closed.stop();
  });

  const film = { title: 'Guarded', release_year: 2000 };

  const WITHOUT_KEY: [name: string, headers: Record<string, string>][] = [
    ['no key', {}],
    ['a wrong key', bearer('a-long-enough-wrong-token')],
    ['the beginning of the key', bearer(TOKEN.slice(0, -1))],
    ['the key as basic auth', { authorization: `Basic ${TOKEN}` }],
    ['an empty key', { authorization: 'Bearer ' }],
  ];

  it.each(WITHOUT_KEY)('refuses to generate with %s', async (_, headers) => {
    const answer = await server.post('/movies/generate', film, headers);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(answer.body).toMatchObject({ type: 'urn:moviemind:problem:unauthorized', status: 401 });
    expect(await server.rows('SELECT 1 FROM generation_jobs')).toHaveLength(0);
  });

  it('does the work with the key, and shows the job only with it', async () => {
    const { status, body } = await server.post('/movies/generate', film, bearer(TOKEN));
    expect(status).toBe(202);
    expect((await server.get(`/jobs/${body.job_id}`)).status).toBe(401);
    expect((await server.get(`/jobs/${body.job_id}`, bearer(TOKEN))).status).toBe(200);
  });

  it('takes the admin token, and the one before while it is exchanged', async () => {
    const asked = [TOKEN, FORMER, `${FORMER}x`].map((token) => server.get('/admin/queues', bearer(token)));
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200, 401]);
  });

  it('tells everybody what they may do here', async () => {
    const key = await makeKey(server, 'generate', 'read');
    const here = {
      auth_required: true,
      public_reads: true,
      expires_at: null,
      model: { service: 'mock', name: 'mock' },
    };
    expect((await server.get('/whoami')).body).toEqual({ ...here, scopes: [], key: null });
    expect((await closed.get('/whoami')).body).toMatchObject({ public_reads: false, scopes: [] });
    expect((await server.get('/whoami', key.headers)).body).toEqual({
      ...here,
      scopes: ['generate', 'read'],
      key: { id: key.id, name: expect.any(String), project: null },
    });
    const operator = { ...here, scopes: ['generate', 'read', 'edit', 'admin'], key: null };
    expect((await server.get('/whoami', bearer(TOKEN))).body).toEqual(operator);
    expect((await server.get('/whoami', bearer('a-long-enough-wrong-token'))).status).toBe(401);
  });

  it.each([
    ['gpt-4.1-mini', 'openai'],
    ['mock', 'mock'],
  ])(
    'tells that %s writes the texts, by the worker that is there: an API alone does not know',
    async (name, service) => {
      expect((await closed.get('/whoami')).body).toMatchObject({ model: null });
      await closed.rows(
        `INSERT INTO workers (id, name, host, pid, queues, concurrency, expires_at, model, models)
       VALUES (gen_random_uuid(), $1, 'other', 1, '{movies}', 1, now() + interval '1 minute', $1, ARRAY[$1, 'second'])`,
        [name],
      );
      expect((await closed.get('/whoami')).body).toMatchObject({ model: { service, name } });
      await closed.rows('DELETE FROM workers');
    },
  );

  /** Nobody's: who may read is answered 404. */
  const ONE = ['/movies/unknown', '/movies/unknown/descriptions', '/people/unknown', '/people/unknown/bios'];

  it('leaves health and published films open', async () => {
    for (const path of ['/health/live', '/health/ready', '/movies', '/people', '/openapi.json']) {
      expect([path, (await server.get(path)).status]).toEqual([path, 200]);
    }
    for (const path of ONE) expect([path, (await server.get(path)).status]).toEqual([path, 404]);
  });

  it('closes reads with PUBLIC_READS=false, and lets nobody in when there is no key at all', async () => {
    for (const path of ['/movies', '/people', ...ONE])
      expect([path, (await closed.get(path)).status]).toEqual([path, 401]);
    expect((await closed.get('/movies', bearer('undefined'))).status).toBe(401);
    expect((await closed.get('/health/live')).status).toBe(200);
  });
});

const SETTINGS = { ROLE: 'api', HOST_ALLOWED: 'films.example' };

describeServer('without auth, a page of another site', SETTINGS, ({ server: open }) => {
  /** As a browser sends it: Host and Origin are not ours to choose in fetch. */
  const ask = (method: string, path: string, headers: Record<string, string>, body?: string) =>
    new Promise<[status: number, type: string, text: string]>((done, failed) => {
      const sent = request(open.url + path, { method, headers }, (answer) => {
        let text = '';
        answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
        answer.on('end', () => done([answer.statusCode!, answer.headers['content-type'] ?? '', text]));
      });
      sent.once('error', failed);
      sent.end(body);
    });
  const film = JSON.stringify({ title: 'Asked For By A Page' });
  const json = { 'content-type': 'application/json' };
  const ATTACKS: [name: string, method: string, path: string, headers: Record<string, string>, body?: string][] = [
    ['reads the secret by rebinding', 'GET', '/webhooks/secret', { host: 'evil.example:3000' }],
    ['lists jobs by rebinding', 'GET', '/jobs', { host: 'evil.example:3000' }],
    ['reads films by rebinding', 'GET', '/movies', { host: 'evil.example' }],
    ['looks for what is here by rebinding', 'GET', '/nothing/here', { host: 'evil.example' }],
    ['makes jobs by rebinding', 'POST', '/movies/generate', { host: 'evil.example:3000', ...json }, film],
    ['makes jobs from its own address', 'POST', '/movies/generate', { origin: 'http://evil.example', ...json }, film],
    ['makes jobs from a sandbox', 'POST', '/movies/generate', { origin: 'null', ...json }, film],
    ['rotates the secret without a body', 'POST', '/webhooks/secret/rotate', { origin: 'http://evil.example' }],
    ['rotates the secret unnamed', 'POST', '/webhooks/secret/rotate', { 'sec-fetch-site': 'cross-site' }],
  ];

  it.each(ATTACKS)('%s: 403 that says what to set', async (...[, method, path, headers, body]) => {
    const [status, type, text] = await ask(method, path, headers, body);
    expect([status, type]).toEqual([403, expect.stringMatching(/^application\/problem\+json/)]);
    expect(text).toMatch(/urn:moviemind:problem:foreign-(host|origin)".*HOST_ALLOWED/);
    expect(text).not.toContain('whsec_');
    expect(await open.rows('SELECT 1 FROM generation_jobs')).toEqual([]);
    expect(await open.rows('SELECT 1 FROM webhook_secrets')).toEqual([]);
  });

  it('cannot pass a body off as something else: what a form may send is no JSON', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
      expect((await ask('POST', '/movies/generate', { 'content-type': type }, film))[0]).toBe(415);
    expect(await open.rows('SELECT 1 FROM generation_jobs')).toEqual([]);
  });

  it('is let in where its name is allowed, and this machine always is', async () => {
    const { port } = new URL(open.url);
    for (const host of ['films.example', `localhost:${port}`, `127.0.0.1:${port}`, '[::1]', 'movies.localhost'])
      expect([host, (await ask('GET', '/jobs', { host }))[0]]).toEqual([host, 200]);
    // Probes name the address of a container.
    for (const path of ['/health/live', '/health/ready'])
      expect([path, (await ask('GET', path, { host: '10.1.2.3:3000' }))[0]]).toEqual([path, 200]);
    const rotated = await ask('POST', '/webhooks/secret/rotate', { origin: 'https://films.example' });
    expect(rotated[0]).toBe(200);
    const guarded = await TestServer.start(
      { ROLE: 'api', AUTH_REQUIRED: 'true', HOST_ALLOWED: '' },
      open.config.databaseUrl!,
    );
    const answer = await guarded.get('/movies', { origin: 'http://evil.example' });
    await guarded.stop();
    expect(answer.status).toBe(200); // nothing a browser has by itself opens what asks for a key
  });
});

const SITE = 'https://films.example';
const LIMITED = { RATE_LIMIT_READ: '0', RATE_LIMIT_POLL: '0', RATE_LIMIT_GENERATE: '1' };
const NAMED = { ROLE: 'api', AUTH_REQUIRED: 'true', CORS_ORIGINS: `${SITE},http://localhost:5173`, ...LIMITED };

describeServer('a page of a site that is named', NAMED, ({ server }) => {
  let key: TestKey;

  beforeAll(async () => {
    key = await makeKey(server, 'generate', 'admin');
  });

  /** As a browser sends it. */
  const ask = async (line: string, headers: Record<string, string> = {}, body?: string) => {
    const [method, path] = line.split(' ') as [string, string];
    const answer = await new Promise<IncomingMessage>((done, failed) => {
      const sent = request(server.url + path, { method, headers: { origin: SITE, ...headers } }, done);
      sent.once('error', failed);
      sent.end(body);
    });
    answer.destroy();
    return answer;
  };
  const json = { 'content-type': 'application/json' };
  const film = JSON.stringify({ title: 'Asked For In A Browser' });

  it('is told once what it may send, wherever that goes, without a key', async () => {
    const question = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' };
    for (const path of ['/movies/generate', `/jobs/${UNKNOWN_ID}`, '/nowhere', '/MOVIES/']) {
      const { statusCode, headers } = await ask(`OPTIONS ${path}`, question);
      expect([path, statusCode]).toEqual([path, 204]);
      expect(headers).toMatchObject({
        'access-control-allow-origin': SITE,
        'access-control-max-age': '7200',
        'access-control-allow-methods': expect.stringContaining('POST'),
        vary: 'Origin',
      });
      for (const name of [
        'Authorization',
        'Content-Type',
        'Idempotency-Key',
        'If-None-Match',
        'Prefer',
        'Last-Event-ID',
      ])
        expect(headers['access-control-allow-headers']).toContain(name);
      expect(headers).not.toHaveProperty('access-control-allow-credentials');
    }
  });

  it('reads every answer with what matters in it: texts, jobs, streams, pages, and every kind of error', async () => {
    const accepted = await server.post('/movies/generate', JSON.parse(film), key.headers);
    const job = accepted.body.job_id;
    const plain = await makeKey(server, 'generate');
    const answers: [status: number, line: string, headers?: Record<string, string>, body?: string][] = [
      [200, 'GET /movies'],
      [200, `GET /jobs/${job}`, key.headers],
      [200, `GET /jobs/${job}/events`, key.headers],
      [200, 'GET /openapi.json'],
      [200, 'GET /docs'],
      [308, 'GET /movies/'],
      [400, 'GET /jobs/nonsense', key.headers],
      [400, 'GET /movies?q=%ff'],
      [401, `GET /jobs/${job}`],
      [401, `GET /jobs/${job}?access_token=x`],
      [404, 'GET /nowhere'],
      [404, 'GET /movies/unknown'],
      [405, 'DELETE /movies'],
      [413, 'POST /movies/generate', { ...key.headers, ...json }, `{"title":"${'x'.repeat(70_000)}"}`],
      [414, `GET /movies/${'x'.repeat(400)}`],
      [415, 'POST /movies/generate', key.headers, film],
      [422, 'POST /movies/generate', { ...key.headers, ...json }, '{}'],
      [202, 'POST /movies/generate', { ...plain.headers, ...json }, film],
      [429, 'POST /movies/generate', { ...plain.headers, ...json }, film],
    ];
    for (const [status, line, headers, body] of answers) {
      const answer = await ask(line, headers, body);
      const { 'access-control-allow-origin': origin, 'access-control-expose-headers': shown, vary } = answer.headers;
      expect([line, answer.statusCode, origin, vary]).toEqual([line, status, SITE, 'Origin']);
      for (const name of ['ETag', 'Location', 'Retry-After', 'RateLimit', 'X-Request-Id', 'Idempotent-Replayed'])
        expect(shown).toContain(name);
      expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
    }
  });

  it('reads that the database is away', async () => {
    await server.rows('ALTER TABLE movies RENAME TO away');
    const { statusCode, headers } = await ask('GET /movies');
    await server.rows('ALTER TABLE away RENAME TO movies');
    expect([statusCode, headers['access-control-allow-origin']]).toEqual([503, SITE]);
  });

  it('is not let in to what is for operators, and no other site is let in anywhere', async () => {
    const question = { 'access-control-request-method': 'GET' };
    const stranger = expect.not.objectContaining({ 'access-control-allow-origin': expect.anything() }) as unknown;
    for (const line of ['GET /admin/queues', 'GET /%61dmin/queues', 'OPTIONS /admin/queues', 'GET /admin/board/'])
      expect((await ask(line, { ...key.headers, ...question })).headers).toEqual(stranger);
    for (const origin of ['https://evil.example', 'http://films.example', 'null'])
      for (const line of ['GET /movies', 'OPTIONS /movies', `GET /jobs/${UNKNOWN_ID}/events`])
        expect((await ask(line, { ...question, origin })).headers).toEqual(stranger);
    expect((await ask('GET /movies', { origin: '' })).headers).toEqual(stranger); // a cache must know that it varies
  });
});

describe('the scopes in the documentation', () => {
  const OFF = { RATE_LIMIT_GENERATE: '0', RATE_LIMIT_POLL: '0', RATE_LIMIT_READ: '0' };
  let guarded: TestServer;
  let open: TestServer;
  let operations: Operation[];

  beforeAll(async () => {
    guarded = await TestServer.start({ ROLE: 'api', AUTH_REQUIRED: 'true', PUBLIC_READS: 'false', ...OFF });
    open = await TestServer.start({ ROLE: 'api' });
    ({ operations } = open.api);
  });

  afterAll(async () => {
    await guarded.stop();
    await open.stop();
  });

  /** By hand, and not from the decorators: whoever moves an operation to another list means it. */
  const OPERATIONS: Record<string, string[]> = {
    anybody: ['getLiveness', 'getReadiness', 'getRoot'],
    'anybody, else a right key': ['whoAmI'],
    'anybody, else read': [
      'listMovies',
      'getMovie',
      'listMovieDescriptions',
      'listMoviePeople',
      'listPeople',
      'getPerson',
      'listPersonBios',
      'listPersonMovies',
      'listGenres',
      'listLocales',
      'listContextTags',
    ],
    generate: [
      'generateMovie',
      'generateMovies',
      'generatePerson',
      'generatePeople',
      'cancelJob',
      'retryJob',
      'cancelBatch',
      'retryBatch',
      'replayDelivery',
      'getWebhookSecret',
      'rotateWebhookSecret',
      'listDisabledEndpoints',
      'enableEndpoint',
    ],
    read: ['exportMovies', 'exportPeople'],
    edit: [
      'importMovies',
      'importPeople',
      'putMovieDescription',
      'restoreMovieDescription',
      'deleteMovieDescription',
      'editMovie',
      'deleteMovie',
      'putPersonBio',
      'restorePersonBio',
      'deletePersonBio',
      'editPerson',
      'deletePerson',
    ],
    'generate or read': [
      'listJobs',
      'getJob',
      'createJobAccess',
      'listAttempts',
      'streamJobEvents',
      'getBatch',
      'listBatches',
      'listBatchJobs',
      'listDeliveries',
    ],
    admin: [
      'listFailedJobs',
      'getFailedJob',
      'flushFailedJobs',
      'retryFailedJobs',
      'testModel',
      'getModels',
      'retryFailedJob',
      'forgetFailedJob',
      'listAllDeliveries',
      'listBackups',
      'noteBackup',
      'replayAnyDelivery',
      'listQueues',
      'listWorkers',
      'drainWorker',
      'resumeWorker',
      'getConcurrency',
      'setConcurrency',
      'pauseQueue',
      'resumeQueue',
      'getUsage',
      'sampleTexts',
      'reviewText',
      'listReviews',
      'getReviewSummary',
      'getActivity',
      'listAudit',
      'listAuditLog',
      'listBlocks',
      'liftBlock',
      'getHealthDetail',
      'getMetrics',
    ],
  };

  /** Any one of these; none: nobody is asked. */
  const scopesOf = ({ security = [] }: Operation) =>
    (security as { bearer?: Scope[] }[]).flatMap(({ bearer: scopes = [] }) => scopes);
  const isFor = (operation: Operation, scope: Scope) => [...scopesOf(operation), 'admin'].includes(scope);
  const ask = async (server: TestServer, operation: Operation, headers: Record<string, string> = {}) => {
    const { method, path, parameters, requestBody } = operation;
    const filled = path.replace(/{(\w+)}/g, (_, name: string) =>
      String(parameters.find((parameter) => parameter.name === name)!.schema.example),
    );
    const [body] = requestBody ? examplesOf(requestBody.content['application/json']) : [];
    const json = { 'content-type': 'application/json', ...headers };
    return body
      ? server.send<unknown>(method, filled, json, JSON.stringify(body))
      : server.send<unknown>(method, filled, headers);
  };
  const outcome = ({ status, headers }: Answer<unknown>) => {
    if (status === 401) expect(headers.get('www-authenticate')).toBe('Bearer');
    return status === 401 || status === 403 ? status : 'in';
  };

  it('are named on every route that needs a key, with what is answered without', () => {
    const told = operations.filter(({ security }) => security!.length > 0);
    expect(told.length).toBeGreaterThan(10);
    for (const operation of told) {
      const { operationId, responses } = operation;
      if (operationId !== 'whoAmI') expect([operationId, scopesOf(operation)]).not.toEqual([operationId, []]);
      for (const status of [401, 403, 429])
        expect([operationId, status, status in responses]).toEqual([operationId, status, true]);
    }
    const silent = operations.filter(({ security }) => security!.length === 0).map(({ tags }) => tags![0]);
    expect(new Set(silent)).toEqual(new Set(['health']));
  });

  it('are those that were meant for each operation', () => {
    const who = ({ security = [] }: Operation) => {
      const scopes = (security as { bearer?: Scope[] }[]).map(({ bearer: [scope] = [] }) => scope);
      if (scopes.length === 0) return 'anybody';
      return scopes[0] ? scopes.join(' or ') : `anybody, else ${scopes.slice(1).join(' or ') || 'a right key'}`;
    };
    const documented = operations.map((operation) => [operation.operationId, who(operation)]);
    const meant = Object.entries(OPERATIONS).flatMap(([scopes, ids]) => ids.map((id) => [id, scopes]));
    expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(meant));
  });

  it('are what every route asks for: no key, each scope alone, a junk key', async () => {
    for (const scope of ['generate', 'read', 'edit', 'admin'] as const) {
      const { headers } = await makeKey(guarded, scope);
      for (const operation of operations) {
        const expected = scopesOf(operation).length === 0 || isFor(operation, scope) ? 'in' : 403;
        const answer = await ask(guarded, operation, headers);
        expect([operation.operationId, scope, outcome(answer)]).toEqual([operation.operationId, scope, expected]);
      }
    }
    for (const headers of [{}, bearer('junk')]) {
      for (const operation of operations) {
        const isWrong = 'authorization' in headers && operation.operationId === 'whoAmI';
        const expected = scopesOf(operation).length === 0 && !isWrong ? 'in' : 401;
        expect([operation.operationId, outcome(await ask(guarded, operation, headers))]).toEqual([
          operation.operationId,
          expected,
        ]);
      }
    }
  });

  it('of operators are asked for with AUTH_REQUIRED=false too, and no others', async () => {
    const key = await makeKey(open, 'generate', 'read', 'edit');
    const admin = await makeKey(open, 'admin');
    for (const operation of operations) {
      const operators = scopesOf(operation).includes('admin');
      const outcomes = [
        outcome(await ask(open, operation)),
        outcome(await ask(open, operation, key.headers)),
        outcome(await ask(open, operation, admin.headers)),
      ];
      const expected = operators ? [401, 403, 'in'] : ['in', 'in', 'in'];
      expect([operation.operationId, ...outcomes]).toEqual([operation.operationId, ...expected]);
    }
    expect(operations.filter((operation) => scopesOf(operation).includes('admin')).length).toBeGreaterThan(4);
  });
});
