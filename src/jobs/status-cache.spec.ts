import { jest } from '@jest/globals';
import type { Config } from '../config/config.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import type { JobsService } from '../ledger/jobs.service.js';
import type { RedisClient } from '../redis/redis.js';
import type { Loops } from '../timing/loops.js';
import { StatusCache } from './status-cache.js';

const row = {
  id: '019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b',
  status: 'DONE',
  entity: 'MOVIE',
  requested_slug: 'alien-1979',
  locale: 'en-US',
  context_tag: 'DEFAULT',
  revision: 4,
  created_at: new Date(0),
  finished_at: new Date(1),
  api_key_id: null,
} as unknown as GenerationJob;

/** A cache on a Redis whose writes fail while `redis.isAway`. */
function cacheOn(redis: { isAway: boolean; written: number }) {
  const client = {
    eval: async () => {
      if (redis.isAway) throw new Error('away');
      redis.written++;
      return 1;
    },
  } as unknown as RedisClient;
  const config = { statusTtlSeconds: 900, queuePrefix: 'test', retentionDays: 30 } as Config;
  const jobs = { events: { addKeeper: () => undefined, on: () => undefined } } as unknown as JobsService;
  const loops = { open: () => ({ run: <T>(ask: () => Promise<T>) => ask() }) } as unknown as Loops;
  return new StatusCache(client, config, jobs, loops);
}

/** So that what nobody waits for is done. */
const settled = () => new Promise((done) => setImmediate(done));

describe('a finished job that was sent', () => {
  it('is kept by a later poll where Redis was away at the first, and once', async () => {
    const redis = { isAway: true, written: 0 };
    const cache = cacheOn(redis);
    const now = jest.spyOn(performance, 'now');
    const sent = cache.read(row);
    await settled();
    expect(await cache.get(row.id)).toBe(sent);
    await settled();
    expect(redis.written).toBe(0);
    redis.isAway = false;
    now.mockReturnValue(performance.now() + 5000); // it is not asked for a second after it failed
    for (let poll = 0; poll < 3; poll++) {
      expect(await cache.get(row.id)).toBe(sent);
      await settled();
    }
    expect(redis.written).toBe(1);
    now.mockRestore();
  });

  it('is not written again where Redis has taken it', async () => {
    const redis = { isAway: false, written: 0 };
    const cache = cacheOn(redis);
    const sent = cache.read(row);
    await settled();
    expect(await cache.get(row.id)).toBe(sent);
    await settled();
    expect(redis.written).toBe(1);
  });
});
