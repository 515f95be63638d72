import { Redis } from 'ioredis';
import { join } from 'node:path';
import type { DetailDto } from '../src/health/detail.dto.js';
import { Program } from './support/process.js';
import { eventually, TestServer } from './support/server.js';
import { type RedisServer, startRedis } from './support/services.js';

const TOKEN = 'a-long-enough-admin-token';
const KEY = { authorization: `Bearer ${TOKEN}` };
const CLI = join(process.cwd(), 'dist/src/cli.js');
const PREFIX = 'rights';

describe('a user of Redis who may not do everything', () => {
  let redis: RedisServer;
  let admin: Redis;

  beforeAll(async () => {
    redis = await startRedis();
    admin = new Redis(redis.url);
  });

  afterAll(async () => {
    admin.disconnect();
    await redis.stop();
  });

  /** A server whose user of Redis has these rights, from the start on. */
  const withRights = async (rights: string[], look: (server: TestServer) => Promise<void>) => {
    await admin.flushall();
    await admin.call('ACL', 'DELUSER', 'some');
    await admin.call('ACL', 'SETUSER', 'some', 'on', '>word', ...rights);
    const server = await TestServer.start({
      REDIS_URL: redis.url.replace('//', '//some:word@'),
      QUEUE_PREFIX: PREFIX,
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
    ['its own keys only', ['+@all', `~${PREFIX}:*`, 'resetchannels']],
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
      await eventually(async () => (await admin.get(`${PREFIX}:whole-since`)) !== null);
      await server.send('POST', '/admin/queues/movies/pause', KEY);
      const bodies = Array.from({ length: 15 }, (_, n) => ({ title: `Lost ${n}`, release_year: 2000 }));
      const accepted = await Promise.all(bodies.map((body) => server.post('/movies/generate', body)));
      const waiting = () => admin.llen(`${PREFIX}:movies:wait`);
      await eventually(async () => (await waiting()) === 5);
      // As an append-only file without its last second: the marker is there, and some jobs are not.
      await admin.ltrim(`${PREFIX}:movies:wait`, 1, 0);
      await admin.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      await server.send('POST', '/admin/queues/movies/resume', KEY);
      for (const { body } of accepted)
        expect(await server.finished(body.job_id, 30_000)).toMatchObject({ status: 'DONE', attempts: 1 });
    });
  }, 90_000);

  it.each([
    ['run scripts', ['+@all', '-eval', '-evalsha', '~*', '&*'], /evalsha/],
    ['use the prefix', ['+@all', '~others:*', '&*'], /key/],
    ['wait for work', ['+@all', '-bzpopmin', '~*', '&*'], /bzpopmin/],
    ['write', ['+@all', '-@write', '~*', '&*'], /user executing the script can't run this command|NOPERM/],
    ['come in', ['off'], /WRONGPASS|no connection/],
  ])(
    'who may not %s is told which right is missing; requests are accepted',
    async (_, rights, reason) => {
      await withRights(rights, async (server) => {
        const accepted = await server.post('/movies/generate', { title: 'Accepted', release_year: 2000 });
        expect(accepted.status).toBe(202);
        const lines = await eventually(async () => {
          const { warnings } = (await server.get<DetailDto>('/health/detail', KEY)).body;
          const standing = warnings.filter((line) =>
            /^Standing still .*(dispatch-jobs|work-movies|queue-watch)/.test(line),
          );
          return standing.some((line) => reason.test(line)) && standing;
        }, 45_000);
        expect(lines.join()).not.toMatch(/word@/);
        expect((await server.get('/health/ready')).body.status).toBe('degraded');
      });
    },
    90_000,
  );
});
