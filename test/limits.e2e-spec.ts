import { Redis } from 'ioredis';
import { connect } from 'node:net';
import { newKeyText } from '../src/access/key-text.js';
import { describeServer } from './support/server/describe-server.js';
import { type Documentation, Documented } from './support/document/documented.js';
import { bearer, makeKey } from './support/client/keys.js';
import { OwnRedis } from './support/machines/own-redis.js';
import { raw } from './support/client/raw.js';
import { type Answer, eventually, type Settings, TestServer } from './support/server/server.js';

const UNKNOWN_ID = '019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b';
const TOKEN = 'a-long-enough-admin-token';
const statuses = (answers: Answer<unknown>[]) => answers.map(({ status }) => status).sort();
const times = <T>(count: number, make: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => make(n)));
/** `r` of RateLimit. */
const left = ({ headers }: Answer<unknown>) => Number(/;r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]);

describe('rate limits', () => {
  let server: TestServer;
  /** Another process of the same deployment. */
  let other: TestServer;
  let api: Documented;

  const settings: Settings = {
    ROLE: 'api',
    AUTH_REQUIRED: 'true',
    ADMIN_TOKEN: TOKEN,
    RATE_LIMIT_GENERATE: '5',
    RATE_LIMIT_POLL: '8',
    RATE_LIMIT_READ: '6',
  };

  beforeAll(async () => {
    server = await TestServer.start(settings);
    const { databaseUrl, queuePrefix } = server.config;
    other = await TestServer.start({ ...settings, QUEUE_PREFIX: queuePrefix }, databaseUrl!);
    api = new Documented((await server.get<Documentation>('/openapi.json')).body);
  });

  afterAll(async () => {
    await other.stop();
    await server.stop();
  });

  const poll = (headers: Record<string, string>, at = server) => at.get(`/jobs/${UNKNOWN_ID}`, headers);

  it('hold for all processes together, and say how much is left', async () => {
    const { headers } = await makeKey(server, 'generate');
    const answers: Answer<unknown>[] = [];
    for (let n = 0; n < 8; n++) answers.push(await poll(headers, n % 2 ? server : other));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
    expect(answers.map(left)).toEqual([7, 6, 5, 4, 3, 2, 1, 0]);
    for (const one of [server, other]) {
      const refused = await poll(headers, one);
      expect(api.faults(api.operation('getJob'), refused)).toEqual([]);
      expect(refused.body).toMatchObject({ type: 'urn:moviemind:problem:too-many', status: 429 });
      expect(refused.headers.get('ratelimit-policy')).toBe('"poll";q=8;w=60');
      const seconds = Number(refused.headers.get('retry-after'));
      expect(refused.headers.get('ratelimit')).toBe(`"poll";r=0;t=${seconds}`);
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(60);
    }
  });

  /** Has the minute of a key end so many milliseconds from now. @returns how long it would have lasted, milliseconds */
  const endMinute = async (id: string, inMs = 1) => {
    if (DRIVER === 'database') {
      const [row] = await server.rows<{ expire: string }>('SELECT expire FROM rate_limits WHERE key LIKE $1', [
        `%:${id}`,
      ]);
      await server.rows('UPDATE rate_limits SET expire = $2 WHERE key LIKE $1', [`%:${id}`, Date.now() + inMs]);
      return Number(row!.expire) - Date.now();
    }
    const redis = new Redis(process.env.TEST_REDIS_URL!);
    const key = `${server.config.queuePrefix}:limit:poll:${id}`;
    const left = await redis.pttl(key);
    await redis.pexpire(key, inMs);
    redis.disconnect();
    return left;
  };

  it('leave all of the room again when the minute is over', async () => {
    const { id, headers } = await makeKey(server, 'generate');
    for (const one of [server, other]) {
      expect(statuses(await times(9, () => poll(headers, one)))).toEqual([...Array<number>(8).fill(404), 429]);
      const lasts = await endMinute(id);
      expect(lasts).toBeGreaterThan(0);
      expect(lasts).toBeLessThanOrEqual(60_000);
      const again = await eventually(async () => {
        const answer = await poll(headers, one);
        return answer.status === 404 && answer;
      }, 5000);
      expect(left(again)).toBe(7);
      await endMinute(id);
    }
  });

  it('forget a count that ends in an hour, since the clock that it was made by was set back', async () => {
    const { id, headers } = await makeKey(server, 'generate');
    expect(statuses(await times(9, () => poll(headers)))).toContain(429);
    await endMinute(id, 3_600_000);
    const again = await poll(headers);
    expect([again.status, left(again)]).toEqual([404, 7]);
  });

  it('count parallel requests exactly', async () => {
    const { headers } = await makeKey(server, 'generate');
    const answers = await times(30, (n) => poll(headers, n % 2 ? server : other));
    expect(statuses(answers)).toEqual([...Array<number>(8).fill(404), ...Array<number>(22).fill(429)]);
  });

  it('are of their own for every key, for generating and for polling; operators have none', async () => {
    const [anne, ben, operator] = [
      await makeKey(server, 'generate'),
      await makeKey(server, 'generate'),
      await makeKey(server, 'admin'),
    ];
    const submit = (headers: Record<string, string>) =>
      server.post('/movies/generate', { title: 'Asked For Often' }, headers);
    expect(statuses(await times(6, () => submit(anne.headers)))).toEqual([202, 202, 202, 202, 202, 429]);
    expect((await poll(anne.headers)).status).toBe(404);
    expect((await server.send('POST', `/jobs/${UNKNOWN_ID}/retry`, anne.headers)).status).toBe(429);
    expect((await server.send('POST', `/jobs/${UNKNOWN_ID}/cancel`, anne.headers)).status).toBe(404);
    expect((await submit(ben.headers)).status).toBe(202);
    for (const headers of [operator.headers, bearer(TOKEN)]) {
      const answers = await times(12, () => submit(headers));
      expect(statuses(answers)).toEqual(answers.map(() => 202));
      expect(answers[0]!.headers.has('ratelimit')).toBe(false);
    }
  });

  it('count what a browser asks with a token as its key asking, streams too', async () => {
    const anne = await makeKey(server, 'generate');
    const { job_id } = (await server.post('/movies/generate', { title: 'Counted By Token' }, anne.headers)).body;
    const { body } = await server.send<{ links: Record<string, string> }>(
      'POST',
      `/jobs/${job_id}/access-token`,
      anne.headers,
    );
    expect(left(await server.get(body.links.self!))).toBe(6);
    await (await fetch(server.url + body.links.events!)).body!.cancel();
    expect(left(await other.get(`/jobs/${job_id}`, anne.headers))).toBe(4);
  });

  it('count a batch by its items, let one larger than the limit in, and have it paid off', async () => {
    const small = await makeKey(server, 'generate');
    const batch = (items: number, headers: Record<string, string>, at = server) =>
      at.post(
        '/movies/generate/batch',
        { items: Array.from({ length: items }, (_, n) => ({ title: `Item ${n}` })) },
        headers,
      );
    expect([await batch(3, small.headers), await batch(1, small.headers)].map(left)).toEqual([2, 1]);
    const large = await makeKey(server, 'generate');
    expect((await batch(50, large.headers)).status).toBe(202);
    for (const one of [server, other]) {
      const refused = await batch(1, large.headers, one);
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(500);
    }
  });

  it('count each job of a batch that runs again', async () => {
    const { headers } = await makeKey(server, 'generate');
    const items = [{ title: 'Run Again 1' }, { title: 'Run Again 2' }];
    const { body } = await server.post('/movies/generate/batch', { items }, headers);
    await server.rows(
      `UPDATE generation_jobs SET status = 'FAILED', attempts = 1, finished_at = now(),
         error = '{"type":"UNKNOWN_ERROR","message":"x","retryable":false,"attempt":1}'
       WHERE requested_slug LIKE 'run-again-%'`,
    );
    const retried = await server.send(
      'POST',
      `/batches/${(body as unknown as { batch_id: string }).batch_id}/retry`,
      headers,
    );
    expect([retried.body, left(retried)]).toEqual([{ retried: 2, left: 0 }, 2]);
    expect(left(await server.post('/movies/generate', { title: 'After It' }, headers))).toBe(0);
  });

  it('count reads of films and people, of a key or of an address', async () => {
    const { headers } = await makeKey(server, 'read');
    const paths = [
      '/movies',
      '/movies?q=the',
      '/movies/nobody',
      '/people',
      '/people/nobody/movies',
      '/movies/nobody/people',
    ];
    const answers = [];
    for (const path of paths) answers.push(await server.get(path, headers));
    expect(answers.map(left)).toEqual([5, 4, 3, 2, 1, 0]);
    const refused = await server.get('/movies', headers);
    expect([refused.status, refused.headers.get('ratelimit-policy')]).toEqual([429, '"read";q=6;w=60']);
    expect((await server.get('/movies')).status).toBe(200);
    expect(statuses(await times(6, () => server.get('/people')))).toEqual([200, 200, 200, 200, 200, 429]);
    expect((await server.get('/health/ready')).status).toBe(200);
  });

  it('count what is sent again: by an Idempotency-Key, and webhooks', async () => {
    const { headers } = await makeKey(server, 'generate');
    const again = { ...headers, 'idempotency-key': 'again' };
    const answers = [];
    for (let n = 0; n < 4; n++) answers.push(await server.post('/movies/generate', { title: 'Sent Again' }, again));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    expect(answers.map((answer) => answer.headers.get('idempotent-replayed'))).toEqual([null, 'true', 'true', 'true']);
    const replay = () => server.send('POST', `/jobs/${UNKNOWN_ID}/deliveries/${UNKNOWN_ID}/replay`, headers);
    expect([(await replay()).status, (await replay()).status]).toEqual([404, 429]);
    expect((await server.post('/movies/generate', { title: 'Sent Again' }, again)).status).toBe(429);
    const secrets = await times(9, () => server.get('/webhooks/secret', headers));
    expect(statuses(secrets)).toEqual([...Array<number>(8).fill(200), 429]);
  });

  it('tell an address that guesses keys to slow down after sixty wrong ones a minute, and serve each right key all the same', async () => {
    const [known, fresh, later] = [
      await makeKey(server, 'read'),
      await makeKey(server, 'read'),
      await makeKey(server, 'read'),
    ];
    expect((await poll(known.headers)).status).toBe(404);
    const wrong = newKeyText();
    const repeated = await times(70, () => poll(bearer(wrong)));
    expect(new Set(statuses(repeated))).toEqual(new Set([401]));
    const guesses = await times(80, (n) => poll(bearer(n % 2 ? newKeyText() : `junk-${n}`)));
    const counts = [401, 429].map((status) => guesses.filter((answer) => answer.status === status).length);
    expect(counts[0]! + counts[1]!).toBe(80);
    expect(counts[0]).toBeLessThanOrEqual(60);
    const { headers } = guesses.find(({ status }) => status === 429)!;
    expect(headers.get('retry-after')).toMatch(/^\d+$/);
    expect(headers.get('ratelimit')).toBe(`"wrong-keys";r=0;t=${headers.get('retry-after')}`);
    expect(headers.get('ratelimit-policy')).toBe('"wrong-keys";q=60;w=60');
    // Also keys that this process has never seen, as after a restart; and in the midst of made-up ones.
    for (const key of [known, fresh]) expect((await poll(key.headers)).status).toBe(404);
    const flood = times(300, () => poll(bearer(newKeyText())));
    expect((await poll(later.headers)).status).toBe(404);
    expect(new Set(statuses(await flood))).toEqual(new Set([429]));
    expect((await poll(bearer(TOKEN))).status).toBe(404);
  });
});

const SETTINGS = { ROLE: 'api', AUTH_REQUIRED: 'true', RATE_LIMIT_GENERATE: '5' };

describeServer('before a body is read', SETTINGS, ({ server }) => {
  /** A request whose body does not come. */
  const headOf = (path: string, headers: Record<string, string>, length = 'content-length: 60000') =>
    [`POST ${path} HTTP/1.1`, 'host: x', 'content-type: application/json', length]
      .concat(Object.entries(headers).map(([name, value]) => `${name}: ${value}`))
      .join('\r\n') + '\r\n\r\n';

  it('the key is looked at, and what is left of its limit', async () => {
    const reader = await makeKey(server, 'read');
    const spent = await makeKey(server, 'generate');
    await server.post(
      '/movies/generate/batch',
      { items: [1, 2, 3, 4, 5].map(() => ({ title: 'Spent' })) },
      spent.headers,
    );
    const expected: [path: string, headers: Record<string, string>, status: number][] = [
      ['/movies/generate', {}, 401],
      ['/people/generate/batch', bearer('junk'), 401],
      ['/movies/generate', bearer(newKeyText()), 401],
      ['/movies/generate', reader.headers, 403],
      ['/admin/failed-jobs/retry', spent.headers, 403],
      ['/movies/generate', spent.headers, 429],
      ['/movies/generate/batch', spent.headers, 429],
      ['/nothing', {}, 404],
    ];
    for (const [path, headers, status] of expected) {
      const answer = await raw(server.url, headOf(path, headers));
      expect([path, answer.status]).toEqual([path, status]);
      expect(server.api.faultsOf('POST', path, answer)).toEqual([]);
    }
  });

  it('nobody without a key can send on and on', async () => {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname).on('error', () => undefined);
    const closed = new Promise<void>((done) => socket.once('close', () => done()));
    let answer = '';
    socket.on('data', (text: Buffer) => (answer += text.toString()));
    socket.write(headOf('/movies/generate', {}, 'transfer-encoding: chunked'));
    const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(0x10000, ' '), Buffer.from('\r\n')]);
    let sent = 0;
    for (; !socket.destroyed && sent < 64 * 1024 * 1024; sent += chunk.length)
      await new Promise<unknown>((done) => socket.write(chunk, done));
    socket.destroy();
    await closed;
    expect(answer).toMatch(/^HTTP\/1.1 401 /);
    // With what the buffers of both ends hold.
    expect(sent).toBeLessThan(32 * 1024 * 1024);
  });
});

describe('the address of a client without a key', () => {
  const LIMIT = 3;
  const start = (proxies?: string) =>
    TestServer.start({ ROLE: 'api', RATE_LIMIT_POLL: String(LIMIT), ...(proxies && { TRUSTED_PROXIES: proxies }) });
  const polls = async (server: TestServer, forwarded: string[]) => {
    const answers = [];
    for (const address of forwarded) {
      answers.push((await server.get(`/jobs/${UNKNOWN_ID}`, { 'x-forwarded-for': address })).status);
    }
    return answers;
  };
  const ENOUGH = [404, 404, 404, 429];

  it('is not what X-Forwarded-For says, without a proxy to trust', async () => {
    const server = await start();
    expect(await polls(server, ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'])).toEqual(ENOUGH);
    await server.stop();
  });

  it('is what the trusted proxy added, whatever the client had written before it', async () => {
    const server = await start('127.0.0.0/8, ::1');
    const forged = (n: number) => `10.0.0.${n}, 192.0.2.7`;
    expect(await polls(server, [forged(1), forged(2), forged(3), forged(4)])).toEqual(ENOUGH);
    expect(await polls(server, ['192.0.2.8'])).toEqual([404]);
    // The port that some proxies write behind an address is another with each connection of one client.
    const port = (n: number) => `203.0.113.1:5000${n}`;
    expect(await polls(server, [port(1), port(2), port(3), '203.0.113.1'])).toEqual(ENOUGH);
    expect(
      await polls(
        server,
        [1, 2, 3, 4].map((n) => `192.0.2.9, 127.0.0.1:${n}`),
      ),
    ).toEqual(ENOUGH);
    const six = (n: number) => `[2001:db8:1:9::1]:${n}`;
    expect(await polls(server, [six(1), six(2), six(3), '2001:db8:1:9::2'])).toEqual(ENOUGH);
    // Addresses of one IPv6 customer are one client; the next customer is another.
    const customer = (n: number) => `2001:db8:1:2:${n}::${n}`;
    expect(await polls(server, [customer(1), customer(2), customer(3), customer(4)])).toEqual(ENOUGH);
    expect(await polls(server, ['2001:db8:1:3::1'])).toEqual([404]);
    // What is no address counts as the proxy itself.
    expect(await polls(server, ['junk', 'x'.repeat(5000), '"', 'unknown'])).toEqual(ENOUGH);
    await server.stop();
  });
});

describe('while Redis hangs', () => {
  it('polls are counted by the process, requests for texts by PostgreSQL, and none waits for it', async () => {
    const redis = await OwnRedis.reserve();
    await redis.start();
    const limits = { RATE_LIMIT_GENERATE: '4', RATE_LIMIT_POLL: '4' };
    const server = await TestServer.start({ ROLE: 'api', REDIS_URL: redis.url, ...limits });
    try {
      // Each joins the job and notes something on it, which others are told.
      let noted = 0;
      const submit = () => {
        const metadata = { order: String(++noted) };
        return server.post('/movies/generate', { title: 'Counted Anyway', metadata });
      };
      const poll = () => server.get(`/jobs/${UNKNOWN_ID}`);
      expect([left(await submit()), left(await poll())]).toEqual([3, 3]);
      redis.freeze();
      expect(statuses(await times(6, submit))).toEqual([202, 202, 202, 429, 429, 429]);
      expect(statuses(await times(6, poll))).toEqual([404, 404, 404, 404, 429, 429]);
      redis.thaw();
      // And by all together again once it answers.
      await eventually(async () => {
        await poll();
        return redis.ask(async (client) => {
          expect(await client.keys('*:limit:generate:*')).toEqual([]);
          const [key] = await client.keys('*:limit:poll:*');
          return Number(await client.get(key!)) > 1;
        });
      });
    } finally {
      redis.thaw();
      await server.stop();
      await redis.remove();
    }
  });
});

const MORE_SETTINGS = { ROLE: 'api', AUTH_REQUIRED: 'true', MAX_UNFINISHED_JOBS: '4', RATE_LIMIT_GENERATE: '0' };

describeServer('unfinished jobs of a key', MORE_SETTINGS, ({ server }) => {
  const submit = (title: string, headers: Record<string, string>) =>
    server.post('/movies/generate', { title, release_year: 2000 }, headers);

  it('are no more than allowed, however many requests come at once', async () => {
    const { id, headers } = await makeKey(server, 'generate');
    const answers = await times(20, (n) => submit(`At Once ${n}`, headers));
    expect(statuses(answers)).toEqual([...Array<number>(4).fill(202), ...Array<number>(16).fill(429)]);
    const [row] = await server.rows('SELECT count(*)::int AS jobs FROM generation_jobs WHERE api_key_id = $1', [id]);
    expect(row).toEqual({ jobs: 4 });
    const refused = answers.find(({ status }) => status === 429)!;
    expect(refused.headers.get('retry-after')).toBe('10');
    expect(refused.headers.get('ratelimit')).toBe('"unfinished";r=0;t=10');
    expect(refused.headers.get('ratelimit-policy')).toBe('"unfinished";q=4');
    expect(refused.body).toMatchObject({ type: 'urn:moviemind:problem:too-many', detail: expect.stringMatching(/4/) });
  });

  it('are another matter than requests, which RATE_LIMIT_GENERATE=0 does not count', async () => {
    const { headers } = await makeKey(server, 'generate');
    const first = await submit('Asked For Often', headers);
    const answers = [first, ...(await times(60, () => submit('Asked For Often', headers)))];
    expect(statuses(answers)).toEqual(answers.map(() => 202));
    for (const name of ['ratelimit', 'ratelimit-policy'])
      expect(answers.filter((answer) => answer.headers.has(name))).toEqual([]);
    const polled = await server.get(first.body.links.self, headers);
    expect(polled.headers.get('ratelimit-policy')).toBe('"poll";q=600;w=60');
  });

  it('leave room again when one is finished, and none for a retry before', async () => {
    const { headers } = await makeKey(server, 'generate');
    const failed = await submit('Failed Before', headers);
    await server.rows(
      `UPDATE generation_jobs SET status = 'FAILED', finished_at = now(),
         error = '{"type":"UNKNOWN_ERROR","message":"x","retryable":false,"attempt":1}' WHERE id = $1`,
      [failed.body.job_id],
    );
    const accepted: Answer<{ job_id: string }>[] = [];
    await eventually(async () => {
      const answer = await submit(`Held ${accepted.length}`, headers);
      if (answer.status === 202) accepted.push(answer);
      return accepted.length === 4;
    });
    expect((await submit('One Too Many', headers)).status).toBe(429);
    expect((await server.send('POST', `/jobs/${failed.body.job_id}/retry`, headers)).status).toBe(429);
    // The same subject is no further job; and another key has room of its own.
    expect((await submit('Held 0', headers)).body.job_id).toBe(accepted[0]!.body.job_id);
    const batch = (...titles: string[]) =>
      server.post('/movies/generate/batch', { items: titles.map((title) => ({ title, release_year: 2000 })) }, headers);
    expect((await batch('Held 1', 'Held 2', 'Held 1')).status).toBe(202);
    expect((await batch('Held 1', 'New In A Batch')).status).toBe(429);
    expect((await submit('Of Another Key', (await makeKey(server, 'generate')).headers)).status).toBe(202);
    await server.send('POST', `/jobs/${accepted[0]!.body.job_id}/cancel`, headers);
    await eventually(async () => (await submit('Room Again', headers)).status === 202, 5000);
  });
});
