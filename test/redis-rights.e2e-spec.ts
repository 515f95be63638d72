import { Redis } from 'ioredis';
import { join } from 'node:path';
import type { DetailDto } from '../src/health/detail.dto.js';
import { Program } from './support/server/process.js';
import { eventually, TestServer } from './support/server/server.js';
import { type RedisServer, startRedis } from './support/machines/services.js';
import { StubModel } from './support/model/stub-model.js';

const TOKEN = 'a-long-enough-admin-token';
const KEY = { authorization: `Bearer ${TOKEN}` };
const CLI = join(process.cwd(), 'dist/src/cli.js');
/** The keys of each user, as its rights may name them. */
const prefixOf = (user: string) => `rights-${user}`;

describe('a user of Redis who may not do everything', () => {
  let redis: RedisServer;
  let admin: Redis;
  let model: StubModel;
  let users = 0;

  beforeAll(async () => {
    redis = await startRedis();
    admin = new Redis(redis.url);
    model = await StubModel.start();
  });

  afterAll(async () => {
    admin.disconnect();
    await redis.stop();
    await model.stop();
  });

  /** A server whose user of Redis has these rights, from the start on. */
  const withRights = async (rights: string[], look: (server: TestServer) => Promise<void>) => {
    const user = `user${++users}`;
    await admin.call('ACL', 'SETUSER', user, 'on', '>word', ...rights);
    const server = await TestServer.start({
      ...model.settings,
      REDIS_URL: redis.url.replace(/\/\/.*@/, `//${user}:word@`),
      QUEUE_PREFIX: prefixOf(user),
      ADMIN_TOKEN: TOKEN,
      RATE_LIMIT_POLL: '100000',
    });
    try {
      await look(server);
    } finally {
      await server.stop();
    }
  };

  it.each([
    ['nothing that is dangerous', ['+@all', '-@dangerous', '~*', '&*']],
    ['its own keys only', ['+@all', '~rights-*', 'resetchannels']],
    ['everything but INFO', ['+@all', '-info', '~*', '&*']],
    ['everything but CONFIG', ['+@all', '-config', '~*', '&*']],
    ['everything but CLIENT', ['+@all', '-client', '~*', '&*']],
    ['everything but SCRIPT', ['+@all', '-script', '~*', '&*']],
    ['everything but INFO, PING, CONFIG and CLIENT', ['+@all', '-info', '-ping', '-config', '-client', '~*']],
  ])(
    'who may do %s is enough',
    async (_, rights) => {
      await withRights(rights, async (server) => {
        expect(await server.generate('movies', { title: 'Allowed', release_year: 2000 })).toMatchObject({
          status: 'DONE',
        });
        await eventually(async () => (await server.get('/health/ready')).body.redis === 'up');
        const { redis: report, warnings } = (await server.get<DetailDto>('/health/detail', KEY)).body;
        expect([report!.state, warnings]).toEqual(['up', []]);
        expect(report!.version).toMatch(/^\d+\.\d+/);
        const doctor = new Program({ MOVIEMIND_URL: server.url, MOVIEMIND_TOKEN: TOKEN }, CLI, ['doctor']);
        expect([await doctor.exited, doctor.stdout]).toEqual([0, expect.stringMatching(/^fine: /)]);
      });
    },
    60_000,
  );

  it('and may not ask for the run of Redis still has everything handed over again that a restart may have lost', async () => {
    await withRights(['+@all', '-@dangerous', '~*', '&*'], async (server) => {
      expect((await server.generate('movies', { title: 'Marked', release_year: 2000 })).status).toBe('DONE');
      await eventually(async () => (await admin.get(`${server.config.queuePrefix}:whole-since`)) !== null);
      await server.send('POST', '/admin/queues/movies/pause', KEY);
      const bodies = Array.from({ length: 15 }, (_, n) => ({ title: `Lost ${n}`, release_year: 2000 }));
      const accepted = await Promise.all(bodies.map((body) => server.post('/movies/generate', body)));
      const waiting = () => admin.llen(`${server.config.queuePrefix}:movies:wait`);
      await eventually(async () => (await waiting()) === 5);
      // As an append-only file without its last second: the marker is there, and some jobs are not.
      await admin.ltrim(`${server.config.queuePrefix}:movies:wait`, 1, 0);
      await admin.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      await server.send('POST', '/admin/queues/movies/resume', KEY);
      for (const { body } of accepted)
        expect(await server.finished(body.job_id, 30_000)).toMatchObject({ status: 'DONE', attempts: 1 });
    });
  }, 90_000);

  it('and lacks a right that is needed is told which; requests are accepted', async () => {
    const lacking: [rights: string[], reason: RegExp][] = [
      [['+@all', '-eval', '-evalsha', '~*', '&*'], /evalsha/],
      [['+@all', '~others:*', '&*'], /key/],
      [['+@all', '-bzpopmin', '~*', '&*'], /bzpopmin/],
      [['+@all', '-@write', '~*', '&*'], /user executing the script can't run this command|NOPERM/],
      [['off'], /WRONGPASS|no connection/],
    ];
    const told = async (server: TestServer, reason: RegExp) => {
      const accepted = await server.post('/movies/generate', { title: 'Accepted', release_year: 2000 });
      expect(accepted.status).toBe(202);
      const lines = await eventually(async () => {
        const { warnings } = (await server.get<DetailDto>('/health/detail', KEY)).body;
        const loop = /^Standing still .*(dispatch-jobs|work-movies|queue-watch)/;
        const standing = warnings.filter((line) => loop.test(line));
        return standing.some((line) => reason.test(line)) && standing;
      }, 60_000);
      expect(lines.join()).not.toMatch(/word@/);
      expect((await server.get('/health/ready')).body.status).toBe('degraded');
    };
    await Promise.all(lacking.map(([rights, reason]) => withRights(rights, (server) => told(server, reason))));
  }, 120_000);
});
