import { Inject, Injectable, Logger } from '@nestjs/common';
import { Cluster } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { sqlRow } from '../database/sql.js';
import { keyPrefixOf } from '../redis/key-prefix.js';
import { REDIS, type RedisClient } from '../redis/redis.js';
import { wholeSinceKey } from './whole-since.js';

/** Longest wait of a start for Redis, milliseconds: accepting must not depend on it. */
const WITHIN_MS = 1000;
const LOOK_MS = 20;
/** States of a client that may still connect for the first time. */
const COMING = ['wait', 'connecting', 'connect'];
/** Keys that Redis looks at in one step. */
const STEP = 500;

/**
 * What no copy of the ledger shares with it. A dump that is restored makes a table with another number, or in another
 * server. A recovery to a moment begins another timeline.
 */
const OF_SERVER =
  '(SELECT system_identifier FROM pg_control_system()), (SELECT timeline_id FROM pg_control_checkpoint())';
const OF_TABLE = `(SELECT oid FROM pg_database WHERE datname = current_database()), 'generation_jobs'::regclass::oid`;
/** SQLSTATE insufficient_privilege, undefined_function, feature_not_supported: a service may tell nothing of it. */
const NOT_TOLD = ['42501', '42883', '0A000'];

/**
 * Notices that the ledger was restored from a backup, while Redis was not. What Redis knows then is newer than the
 * ledger: it would answer with states that no job has any more, and lack what waits again. So Redis carries the
 * identity of the ledger it was filled from. Where that is another, the states of jobs are forgotten, and the marker
 * of {@link QueueWatch} too, which then hands everything over again.
 *
 * A process looks once, after its start: nothing is restored below a running one.
 */
@Injectable()
export class RestoredLedger {
  private readonly logger = new Logger('RestoredLedger');
  private readonly key: string;
  private isKnown = false;

  constructor(
    private readonly db: DataSource,
    private readonly config: Config,
    @Inject(REDIS) private readonly redis: RedisClient | null,
  ) {
    this.key = `${keyPrefixOf(config)}:ledger`;
  }

  /** For a start: waits a little for Redis. If it is away, the watch of the queue looks later. */
  async atStart(): Promise<void> {
    if (!this.redis) return;
    for (const until = performance.now() + WITHIN_MS; performance.now() < until; await sleep(LOOK_MS)) {
      if (COMING.includes(this.redis.status)) continue;
      if (this.redis.status === 'ready') await this.check(this.redis).catch(() => undefined);
      return;
    }
  }

  async check(redis: RedisClient): Promise<void> {
    if (this.isKnown) return;
    const identity = await this.identity();
    const known = (await redis.get(this.key)) ?? identity;
    if (known !== identity) {
      const count = await this.forgetStates(redis);
      await redis.del(wholeSinceKey(this.config));
      this.logger.warn({
        msg: 'The database is another than the one Redis was filled from; it is filled again',
        count,
      });
    }
    await redis.set(this.key, identity);
    this.isKnown = true;
  }

  private async identity(): Promise<string> {
    const ask = (parts: string) => sqlRow<{ identity: string }>(this.db, `SELECT concat_ws('.', ${parts}) AS identity`);
    const { identity } = await ask(`${OF_SERVER}, ${OF_TABLE}`).catch((error: { code?: string }) => {
      if (!NOT_TOLD.includes(error.code ?? '')) throw error;
      return ask(OF_TABLE);
    });
    return identity;
  }

  /** @returns how many */
  private async forgetStates(redis: RedisClient): Promise<number> {
    let count = 0;
    for (const node of redis instanceof Cluster ? redis.nodes('master') : [redis]) {
      for await (const keys of node.scanStream({ match: `${this.config.queuePrefix}:job:*`, count: STEP })) {
        // One by one: in a Cluster they are in different slots.
        await Promise.all((keys as string[]).map((key) => redis.unlink(key)));
        count += (keys as string[]).length;
      }
    }
    return count;
  }
}
