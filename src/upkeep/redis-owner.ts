import { Inject, Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { sql } from '../database/sql.js';
import { StartError } from '../database/start-error.js';
import { keyPrefixOf } from '../redis/key-prefix.js';
import { REDIS, type RedisClient } from '../redis/redis.js';

/** Longest wait of a start for Redis to name its owner, milliseconds: accepting must not depend on Redis. */
const TELL_WITHIN_MS = 1000;
const LOOK_MS = 20;
/** States of a client that may still connect for the first time. */
const COMING = ['wait', 'connecting', 'connect'];

/** Redis carries the id of another database. */
class ForeignRedis extends StartError {
  constructor(key: string) {
    super(
      'Redis serves the deployment of another database: set another QUEUE_PREFIX, REDIS_URL or REDIS_DB; ' +
        `or, to take its place, stop it and have Redis DEL ${key}`,
    );
  }
}

/**
 * The deployment whose queue Redis holds. Two deployments under one prefix would take each other's ids, not know them
 * and drop them. Both would still advance, by what their sweepers find, but a hundred times more slowly. So Redis
 * carries the id of its database (`deployment`). The first process sets it, and again after Redis has lost everything.
 */
@Injectable()
export class RedisOwner {
  private readonly key: string;
  private id: string | null = null;

  constructor(
    private readonly db: DataSource,
    private readonly config: Config,
    @Inject(REDIS) private readonly redis: RedisClient | null,
  ) {
    this.key = `${keyPrefixOf(config)}:database`;
  }

  /** @throws ForeignRedis */
  async check(redis: RedisClient): Promise<void> {
    const own = (this.id ??= await this.ownId());
    const known = await redis.get(this.key);
    if (known === own) return;
    if (known === null) await redis.set(this.key, own, 'NX');
    const owner = known ?? (await redis.get(this.key));
    if (owner !== own && owner !== null) throw new ForeignRedis(this.key);
  }

  /**
   * For a start. If Redis is away or slow, the watch of the queue checks later.
   * @throws ForeignRedis
   */
  async refuseForeign(): Promise<void> {
    if (!this.redis || this.config.queueConnection !== 'redis') return;
    for (const until = performance.now() + TELL_WITHIN_MS; performance.now() < until; await sleep(LOOK_MS)) {
      if (COMING.includes(this.redis.status)) continue;
      if (this.redis.status !== 'ready') return;
      if (await this.isSettled(this.redis)) return;
    }
  }

  /** `false`: Redis may answer a second question. */
  private isSettled(redis: RedisClient): Promise<boolean> {
    return this.check(redis).then(
      () => true,
      (error: Error) => {
        if (error instanceof ForeignRedis) throw error;
        return error.name === 'ReplyError';
      },
    );
  }

  /** If the row is gone with the rest of the database's content, this is a new deployment. */
  private async ownId(): Promise<string> {
    const read = () => sql<{ id: string }>(this.db, 'SELECT id FROM deployment');
    const [known] = await read();
    if (known) return known.id;
    await sql(this.db, 'INSERT INTO deployment DEFAULT VALUES ON CONFLICT DO NOTHING');
    return (await read())[0]!.id;
  }
}
