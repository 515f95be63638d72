import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Cluster } from 'ioredis';
import { Config } from '../config/config.js';
import { Loops } from '../timing/loops.js';
import { Rounds } from '../timing/rounds.js';
import { Feeds } from './feeds.js';
import { Recoveries } from './recoveries.js';
import { RedisOwner } from './redis-owner.js';
import { RestoredLedger } from './restored-ledger.js';
import { wholeSinceKey } from './whole-since.js';
import { REDIS, type RedisClient } from '../redis/redis.js';

const LOOK_EVERY_MS = 1000;
/** The marker when the Redis user may not read the run id. */
const SOME_RUN = 'unknown';

/**
 * Notices that Redis has lost what it was filled with. Causes are:
 * - it restarted, and its append-only file may have lost the last second;
 * - it was emptied, or restored from an older copy;
 * - a replica that was behind replaced it;
 * - the ledger was restored from a backup (`restored-ledger.ts`).
 *
 * A marker in Redis names the run whose content is complete. If it is missing or names another run, all waiting rows
 * are handed over again. Only then is the marker set. So when this process dies in between, the next look notices it
 * again. A Redis that serves another deployment is not filled.
 */
@Injectable()
export class QueueWatch implements OnApplicationBootstrap {
  private readonly logger = new Logger('QueueWatch');
  private readonly key: string;
  private rounds: Rounds | null = null;
  /** The connection was lost and Redis does not tell its run id, so it may be another Redis now. */
  private reconnected = false;

  constructor(
    private readonly feeds: Feeds,
    private readonly owner: RedisOwner,
    private readonly ledger: RestoredLedger,
    private readonly recoveries: Recoveries,
    private readonly config: Config,
    @Inject(REDIS) private readonly redis: RedisClient | null,
    private readonly loops: Loops,
  ) {
    this.key = wholeSinceKey(config);
  }

  onApplicationBootstrap(): void {
    if (this.config.passive || this.config.queueConnection !== 'redis' || !this.redis) return;
    const { redis } = this;
    redis.on('close', () => (this.reconnected = true));
    const loop = this.loops.open('queue-watch', LOOK_EVERY_MS);
    // When Redis or PostgreSQL is away, the next look finds out what has changed.
    const look = () => loop.run(() => this.look(redis, () => loop.succeeded()));
    this.rounds = new Rounds(look, () => LOOK_EVERY_MS);
    this.rounds.start(look);
  }

  async stop(): Promise<void> {
    await this.rounds?.stop();
  }

  private async look(redis: RedisClient, onProgress: () => void): Promise<void> {
    const { reconnected } = this;
    this.reconnected = false;
    try {
      await this.owner.check(redis);
      await this.ledger.check(redis);
      const [run, marker] = await Promise.all([this.runOf(redis), redis.get(this.key)]);
      const isComplete = run === null ? marker !== null && !reconnected : marker === run;
      if (!isComplete) await this.fillAgain(run, redis, onProgress);
    } catch (error) {
      this.reconnected ||= reconnected;
      throw error;
    }
  }

  private async fillAgain(run: string | null, redis: RedisClient, onProgress: () => void): Promise<void> {
    const count = await this.feeds.jobs.redispatch.all(onProgress);
    // Another process is doing it.
    const messages = count === null ? null : await this.feeds.webhooks.redispatch.all(onProgress);
    if (count === null || messages === null) return;
    await redis.set(this.key, run ?? SOME_RUN);
    if (count > 0)
      this.logger.warn({ msg: 'Redis restarted or lost its content; waiting jobs are handed over again', count });
    await this.recoveries.note('queue_refilled', 'jobs', count);
    await this.recoveries.note('queue_refilled', 'webhooks', messages);
  }

  /**
   * `null`: the user may not ask. A Cluster has no single run, so there only the loss of the marker is noticed. A
   * replica has the marker too, and an idle connection would stay with it. So the connection is opened anew.
   */
  private async runOf(redis: RedisClient): Promise<string | null> {
    if (redis instanceof Cluster) return 'cluster';
    const [server, replication] = await Promise.all([redis.info('server'), redis.info('replication')]);
    if (/^role:slave/m.test(replication)) {
      redis.disconnect(true);
      throw new Error('READONLY the address of Redis leads to a replica');
    }
    return /run_id:(\w+)/.exec(server)?.[1] ?? null;
  }
}
