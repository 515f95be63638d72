import { Redis } from 'ioredis';
import type { DetailDto } from '../src/health/detail.dto.js';
import { Proxy } from './support/machines/proxy.js';
import { eventually, TestServer } from './support/server/server.js';
import { type RedisServer, startRedis } from './support/machines/services.js';
import { StubModel } from './support/model/stub-model.js';

const TOKEN = 'a-long-enough-admin-token';
const KEY = { authorization: `Bearer ${TOKEN}` };

describe('a Redis that fails over behind one address', () => {
  const servers: RedisServer[] = [];
  const clients: Redis[] = [];
  let address: Proxy;
  let server: TestServer;
  let model: StubModel;
  let [primary, other] = [0, 1];

  beforeAll(async () => {
    for (let n = 0; n < 2; n++) {
      servers.push(await startRedis());
      clients.push(new Redis(servers[n]!.url));
    }
    await follow(1, 0);
    address = await Proxy.to(servers[0]!.url);
    model = await StubModel.start();
    const redisUrl = address.around(servers[0]!.url);
    const settings = { ...model.settings, REDIS_URL: redisUrl, ADMIN_TOKEN: TOKEN, RATE_LIMIT_POLL: '100000' };
    server = await TestServer.start(settings);
  }, 60_000);

  afterAll(async () => {
    await server?.stop();
    await address?.stop();
    await model?.stop();
    for (const client of clients) client.disconnect();
    for (const redis of servers) await redis.stop();
  });

  const follow = async (replica: number, of: number) => {
    await clients[replica]!.replicaof('127.0.0.1', Number(new URL(servers[of]!.url).port));
    await eventually(async () => /master_link_status:up/.test(await clients[replica]!.info('replication')), 30_000);
  };
  /** Old connections stay with what is a replica now. */
  const failOver = async () => {
    [primary, other] = [other, primary];
    address.leadTo(servers[primary]!.url);
    await clients[primary]!.replicaof('NO', 'ONE');
    await follow(other, primary);
  };
  const connections = async (n: number) => {
    const list = (await clients[n]!.client('LIST')) as string;
    return list.split('\n').filter((line) => /flags=(N|b)/.test(line)).length;
  };

  it.each(['idle', 'busy', 'and stale data refused'])(
    'is followed by every connection: %s',
    async (how) => {
      expect(await server.generate('movies', { title: `Before ${how}`, release_year: 2000 })).toMatchObject({
        status: 'DONE',
      });
      if (how === 'and stale data refused')
        for (const client of clients) await client.config('SET', 'replica-serve-stale-data', 'no');
      const busy = how === 'busy' ? Array.from({ length: 20 }, (_, n) => `Meanwhile ${n}`) : [];
      const accepted = await Promise.all(
        busy.map((title) => server.post('/movies/generate', { title, release_year: 2000 })),
      );
      await failOver();
      const after = await server.post('/movies/generate', { title: `After ${how}`, release_year: 2000 });
      for (const { body } of [...accepted, after])
        expect(await server.finished(body.job_id, 30_000)).toMatchObject({ status: 'DONE', attempts: 1 });
      // Nobody but this test and the new primary is left.
      await eventually(async () => (await connections(other)) <= 2, 30_000);
      await eventually(async () => (await server.get('/health/ready')).body.status === 'ok');
      const { warnings, redis } = (await server.get<DetailDto>('/health/detail', KEY)).body;
      expect([warnings, redis!.state]).toEqual([[], 'up']);
    },
    90_000,
  );

  it('is told by its reason while the address still leads to the replica', async () => {
    address.leadTo(servers[other]!.url);
    await clients[primary]!.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await eventually(async () => {
      const { warnings } = (await server.get<DetailDto>('/health/detail', KEY)).body;
      return warnings.some((line) => /queue-watch.*READONLY/.test(line));
    }, 45_000);
    address.leadTo(servers[primary]!.url);
    expect(await server.generate('movies', { title: 'Led Right', release_year: 2000 })).toMatchObject({
      status: 'DONE',
    });
  }, 90_000);
});
