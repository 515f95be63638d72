import { Inject, Injectable, Logger } from '@nestjs/common';
import {
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRedis,
  RateLimiterRes,
  RLWrapperTimeouts,
} from 'rate-limiter-flexible';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import type { Loop } from '../timing/loop.js';
import { Loops } from '../timing/loops.js';
import { REDIS, type RedisClient } from '../redis/redis.js';

export type LimitName = keyof Config['rateLimits'];

/** The period of a limit, seconds. */
export const MINUTE = 60;
/**
 * Longest wait for the shared count, milliseconds. Requests do not wait long for Redis. Without PostgreSQL a request
 * for texts fails anyway, so it waits longer.
 */
const REDIS_TIMEOUT_MS = 250;
const DATABASE_TIMEOUT_MS = 2000;
/**
 * While the store is away, how often a process checks whether it is back, milliseconds. No request waits for that
 * check.
 */
const PROBE_MS = 1000;

/** Points that mark the debt of a batch. No count of a minute reaches them. */
const DEBT = 1_000_000_000;
/**
 * Longest time ahead at which a count may end, seconds: a minute, and another for processes whose clocks differ. A
 * count that ends later was made before the clock of a process, or of Redis, was set back.
 */
const LONGEST = 2 * MINUTE;
/**
 * The same for a debt. All requests of a minute may have been batches of 500, which take as many minutes to pay off.
 */
const LONGEST_DEBT = 500 * MINUTE + LONGEST;

export interface Taken {
  allowed: boolean;
  left: number;
  /** Seconds until there is room again. */
  seconds: number;
}

type Store = Pick<RateLimiterMemory, 'consume' | 'block' | 'get' | 'delete'>;

interface Limit {
  name: LimitName;
  points: number;
  shared: Store;
  own: Store;
}

/**
 * Counts requests per minute, for all processes together:
 * - polls and reads in Redis;
 * - requests for texts in an unlogged table, because they wait for PostgreSQL anyway and must not wait for Redis;
 * - without Redis, polls in that table too, and reads by each process alone, because a read must not cost a write.
 *
 * Requests wait for a store that hangs once, and briefly. Until it is back each process counts by itself.
 */
@Injectable()
export class RateLimits {
  private readonly limits: Record<LimitName, Limit>;
  private readonly logger = new Logger('RateLimits');
  private away = false;
  private probeAt = 0;
  private readonly loop: Loop;

  constructor(
    config: Config,
    @Inject(REDIS) private readonly redis: RedisClient | null,
    private readonly db: DataSource,
    loops: Loops,
  ) {
    this.loop = loops.open('rate-limits');
    const limit = (name: LimitName) => this.open(name, config.queuePrefix, config.rateLimits[name]);
    this.limits = { generate: limit('generate'), poll: limit('poll'), read: limit('read') };
  }

  /** Counts one request of `who`. @param points of a limit of its own */
  async take(name: LimitName, who: string, points = this.limits[name].points): Promise<Taken> {
    const [, { consumedPoints, msBeforeNext }] = await this.count(this.limits[name], who, 1);
    const left = Math.max(0, points - consumedPoints);
    return { allowed: consumedPoints <= points, left, seconds: secondsOf(msBeforeNext) };
  }

  /**
   * Counts what an admitted request costs beyond the first item. A batch is admitted whole while anything is left. A
   * batch may overdraw; the debt delays the next request. So 500 items pass under a limit of 60 a minute, and the
   * average stays 60 a minute.
   */
  async charge(name: LimitName, who: string, cost: number, points = this.limits[name].points): Promise<Taken> {
    const [store, { consumedPoints, msBeforeNext }] = await this.count(this.limits[name], who, cost);
    const seconds = secondsOf(msBeforeNext);
    if (consumedPoints <= points) return { allowed: true, left: points - consumedPoints, seconds };
    const minutes = (count: number) => Math.ceil((count / points) * MINUTE);
    // Another batch that was admitted at the same time has set a debt already. This debt is added to it.
    const debt = consumedPoints - cost > points ? seconds + minutes(cost) : minutes(consumedPoints);
    await store.block(who, debt).catch(() => undefined);
    return { allowed: true, left: 0, seconds: debt };
  }

  private async count({ name, shared, own }: Limit, who: string, cost: number): Promise<[Store, RateLimiterRes]> {
    if (this.away) {
      this.probe(name, shared, who);
      return [own, await counted(own, who, cost)];
    }
    try {
      return [shared, await this.loop.run(() => countedAnew(shared, who, cost), name)];
    } catch (error) {
      this.away = true;
      this.probeAt = performance.now() + PROBE_MS;
      this.logger.debug({ msg: 'limits are counted by this process alone', reason: (error as Error).message });
      return [own, await counted(own, who, cost)];
    }
  }

  private probe(name: LimitName, shared: Store, who: string): void {
    if (performance.now() < this.probeAt) return;
    this.probeAt = performance.now() + PROBE_MS;
    shared.get(who).then(
      () => (this.away = false),
      (error: Error) => this.loop.refused(error, name),
    );
  }

  private open(name: LimitName, prefix: string, points: number): Limit {
    const options = { points, duration: MINUTE, keyPrefix: `${prefix}:limit:${name}`, blockOnConsumed: DEBT };
    const own = new RateLimiterMemory(options);
    const redis = name === 'generate' ? null : this.redis;
    if (name === 'read' && !redis) return { name, points, shared: own, own };
    const store = redis
      ? new RateLimiterRedis({ ...options, storeClient: redis })
      : new RateLimiterPostgres({
          ...options,
          storeClient: this.db,
          storeType: 'typeorm',
          tableName: 'rate_limits',
          tableCreated: true,
          clearExpiredByTimeout: points > 0,
        });
    const shared = new RLWrapperTimeouts({
      limiter: store,
      timeoutMs: redis ? REDIS_TIMEOUT_MS : DATABASE_TIMEOUT_MS,
    });
    return { name, points, shared, own };
  }
}

const secondsOf = (milliseconds: number) => Math.max(1, Math.ceil(milliseconds / 1000));

/** As {@link counted}, but deletes a count that would not end in time, and counts anew. */
async function countedAnew(store: Store, who: string, cost: number): Promise<RateLimiterRes> {
  const taken = await counted(store, who, cost);
  const longest = taken.consumedPoints >= DEBT ? LONGEST_DEBT : LONGEST;
  if (taken.msBeforeNext <= longest * 1000) return taken;
  await store.delete(who);
  return counted(store, who, cost);
}

/** The library throws the count when it is over the limit; that is an answer too. */
async function counted(store: Store, who: string, cost: number): Promise<RateLimiterRes> {
  try {
    return await store.consume(who, cost);
  } catch (answer) {
    if (answer instanceof RateLimiterRes) return answer;
    throw answer;
  }
}
