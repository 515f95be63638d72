import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { QueueListDto } from '../src/admin/queues.dto.js';
import type { WebhookEvent } from '../src/webhooks/events.js';
import type {
  DeliveryDto,
  DeliveryListDto,
  DisabledEndpointListDto,
  WebhookSecretDto,
} from '../src/webhooks/webhooks.dto.js';
import { describeServer, WITH_MODEL } from './support/server/describe-server.js';
import { fromNow, insertJob } from './support/ledger/insert-job.js';
import { UUID_V7 } from './support/ledger/ids.js';
import { bearer, makeKey, type TestKey } from './support/client/keys.js';
import { type Received, Receiver } from './support/client/receiver.js';
import { eventually, TestServer } from './support/server/server.js';

/** A port that takes connections and says nothing. */
async function silentPort() {
  const sockets = new Set<Socket>();
  let taken = 0;
  const listener = createServer((socket) => {
    taken++;
    sockets.add(socket.on('error', () => undefined));
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const close = () => {
    for (const socket of sockets) socket.destroy();
    listener.close();
  };
  return { port: (listener.address() as AddressInfo).port, taken: () => taken, close };
}

const ALL: WebhookEvent[] = ['job.started', 'job.completed', 'job.failed', 'job.cancelled'];
const TOKEN = 'a-long-enough-admin-token';

const SETTINGS = { ...WITH_MODEL, WEBHOOK_ALLOW_PRIVATE: 'true', WEBHOOK_BACKOFF_MS: '5', ADMIN_TOKEN: TOKEN };

describeServer('webhooks', SETTINGS, ({ server, model, receiver }) => {
  const submit = async (title: string, path: string, more: object = {}) => {
    const body = { title, release_year: 2000, webhook_url: receiver.url(path), ...more };
    const { status, body: job } = await server.post('/movies/generate', body);
    expect(status).toBe(202);
    return job.job_id;
  };
  const arrived = (path: string, count: number) =>
    eventually(async () => receiver.at(path).length >= count && receiver.at(path));
  const deliveries = async (id: string, headers: Record<string, string> = {}) =>
    (await server.get<DeliveryListDto>(`/jobs/${id}/deliveries`, headers)).body.results;
  const delivery = (id: string, wanted: Partial<DeliveryDto>) =>
    eventually(async () =>
      (await deliveries(id)).find((one) =>
        Object.entries(wanted).every(([name, value]) => one[name as 'url'] === value),
      ),
    );
  /** A job that waits until it is let go, so that others can join it. */
  const waiting = (title: string) => insertJob(server.db, { title, run_at: fromNow(3600) });
  const letGo = (id: string) => server.rows('UPDATE generation_jobs SET run_at = now() WHERE id = $1', [id]);
  const replay = (one: DeliveryDto) => server.send<DeliveryDto>('POST', one.links.replay);
  const secret = async () => (await server.get<WebhookSecretDto>('/webhooks/secret')).body.secret;
  /** By the reference library, with the headers as they came. */
  const verify = (by: string, { body, headers }: Received) =>
    new Webhook(by).verify(body, headers as Record<string, string>);
  const types = (path: string) => receiver.at(path).map(({ type }) => type);

  it.each([
    [
      'film',
      '/movies/generate',
      { title: 'Amélie', release_year: 2001, locale: 'fr-FR', context_tag: 'humorous' },
      '/movies/amelie-2001?locale=fr-FR&context_tag=humorous',
      { entity: 'MOVIE', slug: 'amelie-2001', locale: 'fr-FR', context_tag: 'humorous' },
    ],
    [
      'person',
      '/people/generate',
      { name: 'Keanu Reeves', birth_year: 1964 },
      '/people/keanu-reeves-1964?locale=en-US&context_tag=DEFAULT',
      { entity: 'PERSON', slug: 'keanu-reeves-1964', locale: 'en-US', context_tag: 'DEFAULT' },
    ],
  ])(
    'tell of the beginning and the end of a %s, and whose text it is, signed so that the reference library accepts it',
    async (kind, path, body, result, subject) => {
      const accepted = await server.post(path, { ...body, webhook_url: receiver.url(`/${kind}`), webhook_events: ALL });
      expect(accepted.status).toBe(202);
      const { job_id } = accepted.body;
      const messages = await arrived(`/${kind}`, 2);
      const key = await secret();
      const told = messages.map((message) => verify(key, message) as { type: string; timestamp: string; data: object });
      const links = { self: `/jobs/${job_id}`, events: `/jobs/${job_id}/events`, cancel: `/jobs/${job_id}/cancel` };
      const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      expect(told).toHaveLength(2);
      expect(told).toEqual(
        expect.arrayContaining([
          {
            type: 'job.started',
            timestamp,
            data: { job_id, status: 'IN_PROGRESS', ...subject, metadata: {}, links: { ...links, result: null } },
          },
          {
            type: 'job.completed',
            timestamp,
            data: { job_id, status: 'DONE', ...subject, metadata: {}, links: { ...links, result } },
          },
        ]),
      );
      for (const { headers } of messages) expect(headers).toMatchObject({ 'content-type': 'application/json' });
      expect(new Set(messages.map(({ id }) => id)).size).toBe(2);
      for (const { id } of messages) expect(id).toMatch(UUID_V7);
      expect(() => verify('whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=', messages[0]!)).toThrow();
    },
  );

  it('tell of a failure, of a cancellation and of a deadline that passed, and unless asked otherwise of no beginning', async () => {
    model.script('Fails', { kind: 'status', status: 400 });
    await submit('Fails', '/failed');
    model.script('Hangs', { kind: 'hang' });
    const cancelled = await submit('Hangs', '/cancelled');
    await eventually(async () => model.callsFor('Hangs').length === 1);
    await server.send('POST', `/jobs/${cancelled}/cancel`);
    await submit('In Time', '/in-time', { deadline_seconds: 86_400 });
    const overdue = await waiting('Overdue');
    expect(await submit('Overdue', '/too-late')).toBe(overdue);
    await server.rows(`UPDATE generation_jobs SET deadline_at = now() - interval '1 second' WHERE id = $1`, [overdue]);
    const status = async (path: string) => (await arrived(path, 1)).map((message) => [message.type, message.status]);
    expect(await status('/failed')).toEqual([['job.failed', 'FAILED']]);
    expect(await status('/cancelled')).toEqual([['job.cancelled', 'CANCELLED']]);
    expect(await status('/too-late')).toEqual([['job.failed', 'EXPIRED']]);
    expect(await status('/in-time')).toEqual([['job.completed', 'DONE']]);
  });

  it('name what may have been meant, where nothing was guessed', async () => {
    const namesakes = [{ title: 'Several', release_year: 1984 }];
    model.script('Several', { kind: 'answer', output: { release_year: 2021, namesakes } });
    const job = await submit('Several', '/several', { release_year: undefined });
    const [message] = await arrived('/several', 1);
    const suggestions = [2021, 1984].map((year) => ({ slug: `several-${year}`, title: 'Several', release_year: year }));
    expect(JSON.parse(message!.body)).toMatchObject({
      type: 'job.failed',
      data: { job_id: job, status: 'FAILED', suggestions },
    });
    expect((await server.get(`/jobs/${job}`)).body).toMatchObject({ error: { type: 'AMBIGUOUS', suggestions } });
  });

  it('tell of each run of a job that is retried, once', async () => {
    model.script('Twice', { kind: 'status', status: 500 }, { kind: 'status', status: 400 });
    const id = await submit('Twice', '/runs', { webhook_events: ALL });
    await arrived('/runs', 2);
    expect((await server.send('POST', `/jobs/${id}/retry`)).status).toBe(202);
    await arrived('/runs', 4);
    // The first run had two tries, and began once.
    expect(types('/runs').sort()).toEqual(['job.completed', 'job.failed', 'job.started', 'job.started']);
    // A message arrives before it is recorded as delivered.
    const rows = await eventually(async () => {
      const all = await deliveries(id);
      return all.every(({ status }) => status !== 'PENDING') && all;
    });
    expect(rows.map(({ status, attempts, last_status }) => [status, attempts, last_status])).toEqual(
      Array.from({ length: 4 }, () => ['DELIVERED', 1, 204]),
    );
  });

  it('tell everybody who asked for the same subject while it was active, each as wanted', async () => {
    const id = await waiting('Shared');
    expect(await submit('Shared', '/first')).toBe(id);
    expect(await submit('Shared', '/second', { webhook_events: ['job.completed', 'job.failed'] })).toBe(id);
    expect(await submit('Shared', '/third', { webhook_events: ['job.failed'] })).toBe(id);
    expect(await submit('Shared', '/first')).toBe(id); // the same wish again
    const others = await Promise.all(Array.from({ length: 10 }, (_, n) => submit('Shared', `/other-${n}`)));
    expect(new Set(others)).toEqual(new Set([id]));
    await letGo(id);
    for (const path of ['/first', '/second', ...others.map((_, n) => `/other-${n}`)]) {
      await arrived(path, 1);
      expect(types(path)).toEqual(['job.completed']);
    }
    expect(receiver.at('/third')).toEqual([]);
    expect(await deliveries(id)).toHaveLength(12);
  });

  it('are taken by the items of a batch, with all of it or not at all', async () => {
    const item = (title: string, path: string) => ({ title, release_year: 2000, webhook_url: receiver.url(path) });
    const items = [item('In A Batch', '/batch-0'), item('In A Batch', '/batch-1'), { title: 'Untold In A Batch' }];
    const { status, body } = await server.post<{ jobs: { job_id: string }[] }>('/movies/generate/batch', { items });
    expect([status, body.jobs[1]!.job_id]).toEqual([202, body.jobs[0]!.job_id]);
    for (const path of ['/batch-0', '/batch-1']) await arrived(path, 1);
    expect(await deliveries(body.jobs[2]!.job_id)).toEqual([]);
    const wrong = [{ title: 'Half Done' }, { title: 'Half Done Too', webhook_events: ['job.failed'] }];
    const refused = await server.post('/movies/generate/batch', { items: wrong });
    expect([refused.status, refused.body]).toEqual([
      422,
      expect.objectContaining({ errors: [{ pointer: '/items/1/webhook_events', detail: 'needs webhook_url' }] }),
    ]);
    const crowd = Array.from({ length: 21 }, (_, n) => item('Batch Crowd', `/batch-crowd-${n}`));
    const crowded = await server.post('/movies/generate/batch', { items: crowd });
    expect([crowded.status, crowded.body]).toEqual([
      422,
      expect.objectContaining({ errors: [expect.objectContaining({ pointer: '/items/0/webhook_url' })] }),
    ]);
    const left = `SELECT 1 FROM generation_jobs WHERE request ->> 'subject' IN ('Half Done', 'Half Done Too', 'Batch Crowd')`;
    expect(await server.rows(left)).toEqual([]);
  });

  it('are subscribed once by a request that is sent again under its Idempotency-Key', async () => {
    const send = () =>
      server.post(
        '/movies/generate',
        { title: 'Sent Twice', webhook_url: receiver.url('/sent-twice') },
        { 'idempotency-key': 'webhook-1' },
      );
    const [first, second] = [await send(), await send()];
    expect(second.body).toEqual(first.body);
    await server.finished(first.body.job_id);
    await send();
    await delivery(first.body.job_id, { status: 'DELIVERED' });
    expect(await deliveries(first.body.job_id)).toHaveLength(1);
  });

  it('cost a request without one nothing: no row, no message', async () => {
    const { job_id } = await server.generate('movies', { title: 'Untold' });
    expect(await deliveries(job_id)).toEqual([]);
    expect(await server.rows('SELECT 1 FROM job_webhooks WHERE job_id = $1', [job_id])).toEqual([]);
  });

  it.each([
    ['webhook_events', { webhook_events: ['job.failed'] }],
    ['webhook_events', { webhook_url: 'https://example.com/', webhook_events: [] }],
    ['webhook_events', { webhook_url: 'https://example.com/', webhook_events: ['job.expired'] }],
    ['webhook_events', { webhook_url: 'https://example.com/', webhook_events: ['job.failed', 'job.failed'] }],
    ['webhook_events', { webhook_url: 'https://example.com/', webhook_events: 'job.failed' }],
    ['webhook_events', { webhook_url: null, webhook_events: ['job.failed'] }],
    ['webhook_url', { webhook_url: 'nonsense' }],
    ['webhook_url', { webhook_url: 'ftp://example.com/' }],
    ['webhook_url', { webhook_url: 'https://user:word@example.com/' }],
    ['webhook_url', { webhook_url: `https://example.com/${'a'.repeat(2050)}` }],
  ])('are refused with the name of the field: %s in %p', async (field, more) => {
    for (const [path, name] of [
      ['/movies/generate', 'title'],
      ['/people/generate', 'name'],
    ] as const) {
      const { status, body } = await server.post(path, { [name]: 'Refused', ...more });
      expect([status, (body as unknown as { errors: object[] }).errors]).toEqual([
        422,
        [{ pointer: `/${field}`, detail: expect.any(String) }],
      ]);
    }
    expect(await server.rows(`SELECT 1 FROM generation_jobs WHERE request ->> 'subject' = 'Refused'`)).toEqual([]);
  });

  it('are bounded for one job: the twenty-first endpoint is refused, and the job goes on', async () => {
    const id = await waiting('Crowd');
    for (let n = 0; n < 20; n++) await submit('Crowd', `/crowd-${n}`);
    const { status, body } = await server.post('/movies/generate', {
      title: 'Crowd',
      release_year: 2000,
      webhook_url: receiver.url('/crowd-20'),
    });
    expect([status, body]).toEqual([
      422,
      expect.objectContaining({ errors: [expect.objectContaining({ pointer: '/webhook_url' })] }),
    ]);
    await letGo(id);
    expect((await server.finished(id)).status).toBe('DONE');
    await arrived('/crowd-19', 1);
    expect(receiver.at('/crowd-20')).toEqual([]);
  });

  it('are sent again until they are taken, the same message each time, and say meanwhile what is wrong', async () => {
    receiver.script('/again', 500, 302, 400);
    const id = await submit('Again', '/again');
    expect(await delivery(id, { last_status: 400 })).toMatchObject({
      status: 'PENDING',
      attempts: 3,
      last_error: 'answered 400',
      next_attempt_at: expect.any(String),
      finished_at: null,
    });
    const messages = await arrived('/again', 4);
    expect(new Set(messages.map(({ id: message, body }) => message + body)).size).toBe(1);
    const key = await secret();
    for (const message of messages) verify(key, message);
    expect(await delivery(id, { status: 'DELIVERED' })).toMatchObject({
      attempts: 4,
      last_status: 204,
      last_error: null,
    });
  });

  it('are given up after the last attempt, and can be replayed under the same id', async () => {
    receiver.script('/given-up', 500, 503);
    const id = await submit('Given Up', '/given-up');
    await delivery(id, { attempts: 1, last_status: 500 });
    await server.rows('UPDATE webhook_deliveries SET attempts = 7, run_at = now() WHERE NOT in_hand AND status = $1', [
      'PENDING',
    ]);
    const failed = await delivery(id, { status: 'FAILED' });
    expect(failed).toMatchObject({ attempts: 8, last_status: 503, next_attempt_at: null });
    const answer = await replay(failed);
    expect([answer.status, answer.body.delivery_id]).toEqual([202, failed.delivery_id]);
    expect(await delivery(id, { status: 'DELIVERED' })).toMatchObject({ attempts: 1, last_status: 204 });
    expect(new Set((await arrived('/given-up', 3)).map((message) => message.id))).toEqual(
      new Set([failed.delivery_id]),
    );
  });

  it.each([
    [429, '3'],
    [503, new Date(Date.now() + 3_600_000).toUTCString()],
  ])('come again when the receiver asks for it: %d, Retry-After: %s', async (status, retryAfter) => {
    const path = `/busy-${status}`;
    receiver.script(path, (response) => void response.writeHead(status, { 'retry-after': retryAfter }).end());
    const id = await submit(`Busy ${status}`, path);
    const { last_attempt_at, next_attempt_at } = await delivery(id, { status: 'PENDING', last_status: status });
    const waitMs = Date.parse(next_attempt_at!) - Date.parse(last_attempt_at!);
    // The plan of 24 h, at 5 ms instead of 5 s, lasts 85 s: it is not exceeded whatever is asked for.
    expect(waitMs).toBeGreaterThan(status === 429 ? 2900 : 60_000);
    expect(waitMs).toBeLessThan(status === 429 ? 20_000 : 90_000);
    if (status === 429) await delivery(id, { status: 'DELIVERED' });
    expect(receiver.at(path)).toHaveLength(status === 429 ? 2 : 1);
  });

  it('are replayed once by a double click', async () => {
    const id = await submit('Double Click', '/double');
    const one = await delivery(id, { status: 'DELIVERED' });
    // Slow, so that the three overlap.
    receiver.script('/double', (response) => void setTimeout(() => response.writeHead(204).end(), 1500));
    const answers = await Promise.all([replay(one), replay(one), replay(one)]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    await delivery(id, { status: 'DELIVERED', attempts: 1 });
    expect(await arrived('/double', 2)).toHaveLength(2);
  });

  it('wait for a receiver that is down', async () => {
    const away = await Receiver.start();
    const url = away.url('/down');
    await away.stop();
    const id = await submit('Down', '', { webhook_url: url });
    expect(await delivery(id, { status: 'PENDING', last_error: 'no answer: ECONNREFUSED' })).toMatchObject({
      last_status: null,
    });
    await away.listen();
    expect(await delivery(id, { status: 'DELIVERED' })).toMatchObject({ last_status: 204 });
    expect(away.at('/down')).toHaveLength(1);
    await away.stop();
  });

  it('stop for a URL that answers 410, until it is enabled', async () => {
    receiver.script('/gone', 410);
    const first = await submit('Gone', '/gone');
    const ended = await delivery(first, { status: 'DISABLED' });
    expect(ended).toMatchObject({ attempts: 1, last_status: 410, next_attempt_at: null });
    const next = await submit('Gone Too', '/gone');
    const unsent = await delivery(next, { status: 'DISABLED' });
    expect(unsent.last_status).toBeNull();
    expect(receiver.at('/gone')).toHaveLength(1);
    expect((await replay(unsent)).status).toBe(409);
    const { body } = await server.get<DisabledEndpointListDto>('/webhooks/disabled');
    expect(body.results).toEqual([
      { id: expect.any(String), url: receiver.url('/gone'), disabled_at: expect.any(String) },
    ]);
    const enable = () => server.send('DELETE', `/webhooks/disabled/${body.results[0]!.id}`);
    expect((await enable()).status).toBe(204);
    expect((await enable()).status).toBe(404);
    expect((await replay(unsent)).status).toBe(202);
    await delivery(next, { status: 'DELIVERED' });
    const third = await submit('Gone No More', '/gone');
    await delivery(third, { status: 'DELIVERED' });
  });

  it('hold up neither jobs nor other receivers when one receiver never answers', async () => {
    const slow = await Receiver.start();
    const count = 60;
    slow.script('/slow', ...Array.from({ length: 200 }, () => null));
    // Another name: all ports of an address are one receiver.
    const hook = { webhook_url: slow.url('/slow').replace('127.0.0.1', 'localhost') };
    const jobs = await Promise.all(Array.from({ length: count }, (_, n) => submit(`Slow ${n}`, '', hook)));
    for (const id of jobs) expect((await server.finished(id)).status).toBe('DONE');
    await eventually(async () => slow.received.length >= 10);
    const quick = await submit('Quick', '/quick');
    await delivery(quick, { status: 'DELIVERED' });
    // None of the slow ones has come to an end: the quick one had to wait for none.
    const ended = await server.rows(
      `SELECT 1 FROM webhook_deliveries AS d JOIN job_webhooks AS w ON w.id = d.webhook_id WHERE w.url = $1 AND d.last_error IS NOT NULL`,
      [hook.webhook_url],
    );
    expect(ended).toEqual([]);
    expect(slow.received.length).toBeLessThan(count);
    await server.rows('DELETE FROM job_webhooks WHERE url = $1', [hook.webhook_url]);
    await slow.stop();
  });

  it('of one key do not hold up those of another, however many ports and addresses never answer it', async () => {
    const [crowd, other] = [await makeKey(server, 'generate'), await makeKey(server, 'generate')];
    // Takes connections and answers none: a hundred ports of one address, which all are one server to us.
    const silent = await Promise.all(Array.from({ length: 100 }, () => silentPort()));
    const taken = () => silent.reduce((sum, port) => sum + port.taken(), 0);
    try {
      const items = silent.map(({ port }, n) => ({ title: `Silent ${n}`, webhook_url: `http://127.0.0.1:${port}/` }));
      const { status } = await server.post('/movies/generate/batch', { items }, crowd.headers);
      expect(status).toBe(202);
      const ended = `SELECT 1 FROM webhook_deliveries WHERE owner = $1`;
      await eventually(async () => taken() >= 10 && (await server.rows(ended, [crowd.id])).length > 60, 60_000);
      const body = { title: 'Not Held Up', webhook_url: receiver.url('/not-held-up') };
      const { job_id } = (await server.post('/movies/generate', body, other.headers)).body;
      await server.finished(job_id, 60_000);
      await eventually(async () => receiver.at('/not-held-up').length > 0, 12_000);
      // None of the silent ones has come to an end: no more than ten were asked at a time, each for fifteen seconds.
      expect(taken()).toBeLessThanOrEqual(30);
    } finally {
      await server.rows('DELETE FROM job_webhooks WHERE api_key_id = $1', [crowd.id]);
      for (const { close } of silent) close();
    }
  }, 150_000);

  it('of one key leave room for those of another in the queue, and take turns with them', async () => {
    const api = await TestServer.start({ ROLE: 'api', ADMIN_TOKEN: TOKEN });
    const [crowd, other] = [await makeKey(api, 'generate'), await makeKey(api, 'generate')];
    const wish = (title: string, key: TestKey) =>
      api.post('/movies/generate', { title, webhook_url: 'https://hooks.example.com/' }, key.headers);
    const jobs = [(await wish('Of Many', crowd)).body, (await wish('Of Few', other)).body];
    /** As a thousand endings of jobs would, all before the one of the other key. */
    const tell = (job: string, count: number, ago: number, first = 1) =>
      api.rows(
        `INSERT INTO webhook_deliveries (id, webhook_id, run, event, job_status, run_at)
         SELECT uuid_v7_of_now(), webhook.id, n, 'job.failed', 'FAILED', now() - make_interval(secs => $3)
         FROM job_webhooks AS webhook, generate_series($4::int, $4 + $2 - 1) AS n WHERE webhook.job_id = $1`,
        [job, count, ago, first],
      );
    await tell(jobs[0]!.job_id, 1000, 60);
    await tell(jobs[1]!.job_id, 2, 1);
    const queued = async ({ id }: TestKey) => {
      const [row] = await api.rows<{ count: number }>(
        'SELECT count(*)::int FROM webhook_deliveries WHERE owner = $1 AND dispatched_at IS NOT NULL',
        [id],
      );
      return row!.count;
    };
    const told = async () => {
      const { queues } = (await api.get<QueueListDto>('/admin/queues', bearer(TOKEN))).body;
      return queues.find(({ name }) => name === 'webhooks')!.jobs;
    };
    const locker = await api.db.connect();
    try {
      await eventually(async () => (await queued(other)) === 2);
      expect(await queued(crowd)).toBeLessThanOrEqual(300);
      // What leaves the queue makes room for as many.
      await api.rows(
        `UPDATE webhook_deliveries SET status = 'FAILED', finished_at = now(), dispatched_at = NULL WHERE owner = $1 AND dispatched_at IS NOT NULL`,
        [crowd.id],
      );
      await eventually(async () => (await queued(crowd)) === 300);
      // Those beyond its share wait on purpose: nothing stands still.
      expect(await told()).toMatchObject({ due: 400, dispatched: 302, dispatch_lag_seconds: null });
      expect((await told()).oldest_waiting_seconds).toBeGreaterThan(59);
      // A message that the dispatcher cannot have, of the key that has room.
      await tell(jobs[1]!.job_id, 1, -3, 3);
      await locker.query('BEGIN');
      await locker.query('SELECT FROM webhook_deliveries WHERE owner = $1 AND run = 3 FOR UPDATE', [other.id]);
      const lag = await eventually(async () => (await told()).dispatch_lag_seconds);
      expect(lag).toBeLessThan(30);
      await locker.query('ROLLBACK');
      await eventually(async () => (await told()).dispatch_lag_seconds === null);
    } finally {
      locker.release();
      await api.stop();
    }
  });

  it('tell exactly one ending when a cancellation races with the answer of the model', async () => {
    const jobs = await Promise.all(
      Array.from({ length: 40 }, async (_, n) => {
        model.script(`Race ${n}`, { kind: 'answer', delayMs: Math.random() * 200 });
        const id = await submit(`Race ${n}`, `/race-${n}`);
        await eventually(async () => model.callsFor(`Race ${n}`).length > 0, 30_000);
        // At any moment before, while or after the model answers.
        await new Promise((done) => setTimeout(done, Math.random() * (n % 2 ? 200 : 2000)));
        await server.send('POST', `/jobs/${id}/cancel`);
        return id;
      }),
    );
    for (const [n, id] of jobs.entries()) {
      const { status } = await server.finished(id);
      const [message] = await arrived(`/race-${n}`, 1);
      expect([message!.type, message!.status]).toEqual([status === 'DONE' ? 'job.completed' : 'job.cancelled', status]);
    }
    const told = await server.rows(
      `SELECT count(*)::int FROM webhook_deliveries AS d JOIN job_webhooks AS w ON w.id = d.webhook_id WHERE w.job_id = ANY($1) GROUP BY w.id`,
      [jobs],
    );
    expect(told).toEqual(jobs.map(() => ({ count: 1 })));
  }, 60_000);

  it('tell whoever joins a job in the moment it ends, or it is another job', async () => {
    const joined = await Promise.all(
      Array.from({ length: 25 }, async (_, n) => {
        await submit(`Joined ${n}`, `/before-${n}`);
        await eventually(async () => model.callsFor(`Joined ${n}`).length > 0, 30_000);
        const ids = [];
        for (let k = 0; k < 3; k++) ids.push(await submit(`Joined ${n}`, `/joined-${n}-${k}`));
        return ids;
      }),
    );
    for (const [n, ids] of joined.entries())
      for (const [k, id] of ids.entries()) {
        await server.finished(id, 30_000);
        const told = (await arrived(`/joined-${n}-${k}`, 1)).map(({ type, job_id }) => [type, job_id]);
        expect(told).toEqual([['job.completed', id]]);
      }
    // Both happened: some joined, some came too late.
    const before = await server.rows(`SELECT 1 FROM generation_jobs WHERE request ->> 'subject' LIKE 'Joined %'`);
    expect(before.length).toBeGreaterThan(25);
    expect(before.length).toBeLessThan(100);
  }, 60_000);

  it('cannot be told twice of one ending, whatever the code does', async () => {
    const id = await submit('Guarded', '/guarded');
    await arrived('/guarded', 1);
    const again = server.rows(
      `INSERT INTO webhook_deliveries (id, webhook_id, run, event, job_status)
       SELECT uuid_v7_of_now(), id, 1, 'job.cancelled', 'CANCELLED' FROM job_webhooks WHERE job_id = $1`,
      [id],
    );
    await expect(again).rejects.toThrow('webhook_deliveries_once');
  });

  it('are signed by both secrets after a rotation, and by the new one alone when a day has passed', async () => {
    const [old, same] = await Promise.all([secret(), secret()]);
    expect(same).toBe(old);
    const { status, body, headers } = await server.send<WebhookSecretDto>('POST', '/webhooks/secret/rotate');
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body.secret).not.toBe(old);
    expect(body.previous_until).toEqual(expect.any(String));
    await submit('Rotated', '/rotated');
    const [both] = await arrived('/rotated', 1);
    for (const key of [old, body.secret]) expect(verify(key, both!)).toMatchObject({ type: 'job.completed' });
    await server.rows(
      `UPDATE webhook_secrets SET expires_at = now() - interval '1 second' WHERE expires_at IS NOT NULL`,
    );
    await submit('Rotated Long Ago', '/rotated-long-ago');
    const [one] = await arrived('/rotated-long-ago', 1);
    expect(verify(body.secret, one!)).toMatchObject({ type: 'job.completed' });
    expect(() => verify(old, one!)).toThrow('No matching signature');
    expect((await server.get<WebhookSecretDto>('/webhooks/secret')).body).toMatchObject({
      secret: body.secret,
      previous_until: null,
    });
    const rotations = await Promise.all(
      Array.from({ length: 6 }, () => server.send('POST', '/webhooks/secret/rotate')),
    );
    expect(rotations.map(({ status: answer }) => answer).sort()).toEqual([200, 200, 200, 200, 409, 409]);
  });

  it('are shown to the key that asked for them, and to operators', async () => {
    const id = await submit('Private', '/private');
    await delivery(id, { status: 'DELIVERED' });
    const [key] = await server.rows<{ id: string }>(
      `INSERT INTO api_keys (id, name, hash, scopes) VALUES (uuid_v7_of_now(), 'other', sha256('other'), '{generate}') RETURNING id`,
    );
    await server.rows('UPDATE job_webhooks SET api_key_id = $2 WHERE job_id = $1', [id, key!.id]);
    expect(await deliveries(id)).toEqual([]);
    const [seen] = await deliveries(id, { authorization: `Bearer ${TOKEN}` });
    expect(seen).toMatchObject({ url: receiver.url('/private') });
    expect((await replay(seen!)).status).toBe(404);
  });
});
