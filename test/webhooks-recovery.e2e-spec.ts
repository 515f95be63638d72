import type { DeliveryListDto } from '../src/webhooks/webhooks.dto.js';
import { describeServer } from './support/server/describe-server.js';
import { Program } from './support/server/process.js';
import { Receiver } from './support/client/receiver.js';
import { eventually, TestServer } from './support/server/server.js';

/** Deliveries outlive the worker that makes them and the queue that carries them. */
describe('webhooks and their worker or queue that is lost', () => {
  let receiver: Receiver;
  let api: TestServer;
  let settings: Record<string, string>;

  beforeAll(async () => {
    receiver = await Receiver.start();
    const more = { WEBHOOK_ALLOW_PRIVATE: 'true', WEBHOOK_BACKOFF_MS: '5', WEBHOOK_TIMEOUT_MS: '2000' };
    api = await TestServer.start({ ...more, ROLE: 'api' });
    const { databaseUrl, queuePrefix, queueConnection } = api.config;
    settings = {
      ...more,
      ROLE: 'worker',
      DATABASE_URL: databaseUrl!,
      QUEUE_PREFIX: queuePrefix,
      QUEUE_CONNECTION: queueConnection,
      ...(DRIVER === 'redis' && { REDIS_URL: process.env.TEST_REDIS_URL! }),
      AI_SERVICE: 'mock',
      AUTH_REQUIRED: 'false',
    };
  });

  afterAll(async () => {
    await api.stop();
    await receiver.stop();
  });

  const submit = async (title: string, path: string) => {
    const webhook = { webhook_url: receiver.url(path) };
    return (await api.post('/movies/generate', { title, ...webhook })).body.job_id;
  };
  const worker = () => TestServer.start({ ...settings, LOG_LEVEL: 'silent' }, settings.DATABASE_URL);
  const sent = (id: string) =>
    eventually(async () => {
      const { results } = (await api.get<DeliveryListDto>(`/jobs/${id}/deliveries`)).body;
      return results?.every(({ status }) => status === 'DELIVERED') && results[0];
    }, 25_000);

  it('are sent again, under the same id, when the worker was killed while it sent them', async () => {
    receiver.script('/killed', null);
    const victim = new Program(settings);
    await victim.ready();
    const id = await submit('Killed', '/killed');
    await eventually(async () => receiver.at('/killed').length === 1);
    await victim.end('SIGKILL');
    const next = await worker();
    try {
      expect(await sent(id)).toMatchObject({ attempts: 2, last_status: 204 });
      const [first, second] = receiver.at('/killed');
      expect([second!.id, second!.body]).toEqual([first!.id, first!.body]);
    } finally {
      await next.stop();
    }
  }, 60_000);

  it('are put back without a counted attempt by a worker that is told to stop', async () => {
    receiver.script('/stopped', null);
    const first = await worker();
    const id = await submit('Stopped', '/stopped');
    await eventually(async () => receiver.at('/stopped').length === 1);
    await first.stop();
    const [row] = (await api.get<DeliveryListDto>(`/jobs/${id}/deliveries`)).body.results;
    expect(row).toMatchObject({ status: 'PENDING', attempts: expect.any(Number) });
    const next = await worker();
    expect(await sent(id)).toMatchObject({ last_status: 204 });
    await next.stop();
  }, 60_000);

  it.each([
    ['', 'Lost', 'false'],
    [' after a worker died with them in its hand', 'Dropped', 'true'],
  ])(
    'are handed over again when the queue has lost them%s',
    async (_, title, in_hand) => {
      const first = await worker();
      const jobs = await Promise.all(Array.from({ length: 5 }, (_, n) => submit(`${title} ${n}`, `/${title}-${n}`)));
      for (const id of jobs) await api.finished(id);
      for (const id of jobs) await sent(id);
      await first.stop();
      // Messages that wait in the queue by their row, long enough to be looked for, of which the queue knows nothing.
      await api.rows(
        `UPDATE webhook_deliveries SET status = 'PENDING', attempts = 0, finished_at = NULL, dispatch = dispatch + 1,
         dispatched_at = now() - interval '1 minute', in_hand = ${in_hand} WHERE webhook_id IN (SELECT id FROM job_webhooks WHERE job_id = ANY($1))`,
        [jobs],
      );
      const next = await worker();
      for (const id of jobs) expect(await sent(id)).toMatchObject({ attempts: 1 });
      expect(receiver.received.filter(({ path }) => path.startsWith(`/${title}-`))).toHaveLength(10);
      await next.stop();
    },
    60_000,
  );
});

describeServer('webhooks where private addresses are closed', {}, ({ server }) => {
  it.each([
    'http://example.com/hook',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0177.0.0.1/',
    'https://0x7f.1/',
    'https://10.0.0.8/',
    'https://169.254.169.254/latest/meta-data/',
    'https://100.64.0.1/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[fd00:ec2::254]/',
    'https://[64:ff9b::a00:1]/',
    'https://localhost/',
    'https://localhost./',
    'https://api.localhost:8443/',
  ])('refuse %s at once', async (webhook_url) => {
    const { status, body } = await server.post('/movies/generate', { title: 'Inside', webhook_url });
    expect([status, body]).toEqual([
      422,
      expect.objectContaining({
        errors: [{ pointer: '/webhook_url', detail: expect.stringContaining('WEBHOOK_ALLOW_PRIVATE=true') }],
      }),
    ]);
  });

  it('send nothing to an address that got into the ledger all the same, nor to a name that does not resolve', async () => {
    const receiver = await Receiver.start();
    const { body } = await server.post('/movies/generate', {
      title: 'Outside',
      webhook_url: 'https://receiver.invalid/hook',
      webhook_events: ['job.started', 'job.completed'],
    });
    await server.finished(body.job_id);
    const list = async () => (await server.get<DeliveryListDto>(`/jobs/${body.job_id}/deliveries`)).body.results;
    await eventually(async () => (await list()).every(({ last_error }) => last_error === 'the name does not resolve'));
    for (const url of [receiver.url('/'), receiver.url('/').replace('http:', 'https:')]) {
      await server.rows('UPDATE job_webhooks SET url = $2 WHERE job_id = $1', [body.job_id, url]);
      await server.rows(`UPDATE webhook_deliveries SET run_at = now(), last_error = NULL WHERE NOT in_hand`);
      await eventually(async () => (await list()).every(({ last_error }) => last_error?.startsWith('the URL must')));
    }
    expect(receiver.received).toEqual([]);
    await receiver.stop();
  });
});
