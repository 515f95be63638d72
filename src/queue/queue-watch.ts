import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Config } from '../config/config.js';
import type { Loop } from '../health/loop.js';
import { Loops } from '../health/loops.js';
import { DeliverySweeper } from '../webhooks/delivery-sweeper.js';
import { Redispatch } from './redispatch.js';
import { REDIS, type RedisClient } from './redis.js';

const LOOK_EVERY_MS = 1000;

/**
 * Notices that Redis is no longer the one that was filled: restarted (its append-only file may have lost the last second),
 * emptied, restored from an older copy, or replaced by a replica that was behind. A marker in Redis names the run whose content is known to
 * be whole. Where it is missing or names another run, everything that waits is handed over again, and only then is the
 * marker set; so whoever dies in between leaves it to be noticed again.
 */
@Injectable()
export class QueueWatch implements OnApplicationBootstrap {
  private readonly logger = new Logger('QueueWatch');
  private readonly stopped = new AbortController();
  private readonly key: string;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly redispatch: Redispatch,
    private readonly deliveries: DeliverySweeper,
    private readonly config: Config,
    @Inject(REDIS) private readonly redis: RedisClient | null,
    private readonly loops: Loops,
  ) {
    this.key = `${config.queuePrefix}:whole-since`;
  }

  onApplicationBootstrap(): void {
    if (this.config.queueConnection !== 'redis' || !this.redis) return;
    this.running = this.rounds(this.redis, this.loops.open('queue-watch', LOOK_EVERY_MS));
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  private async rounds(redis: RedisClient, loop: Loop): Promise<void> {
    while (!this.stopped.signal.aborted) {
      // Redis or PostgreSQL is away; the next look finds out what it meant.
      await loop.run(() => this.look(redis, () => loop.succeeded())).catch(() => undefined);
      await sleep(LOOK_EVERY_MS, undefined, { signal: this.stopped.signal }).catch(() => undefined);
    }
  }

  private async look(redis: RedisClient, comesOn: () => void): Promise<void> {
    const run = await this.runOf(redis);
    const marker = await redis.get(this.key);
    if (marker === run) return;
    const count = await this.redispatch.everything(comesOn);
    if (count === null) return; // another process is at it
    await this.deliveries.everything(comesOn);
    await redis.set(this.key, run);
    if (count > 0)
      this.logger.warn({ msg: 'Redis restarted or lost its content; waiting jobs are handed over again', count });
  }

  /** A Cluster has no run of its own; there the marker's loss alone is noticed. */
  private async runOf(redis: RedisClient): Promise<string> {
    if (this.config.redis?.kind === 'cluster') return 'cluster';
    return /run_id:(\w+)/.exec(await redis.info('server'))?.[1] ?? 'unknown';
  }
}
