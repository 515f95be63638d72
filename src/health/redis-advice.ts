import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Config } from '../config/config.js';
import { REDIS, type RedisClient } from '../redis/redis.js';
import { redisWarnings, reportOf } from './redis-report.js';

/**
 * Logs what is wrong with the settings of Redis when it first answers, and again when it comes back with other ones.
 */
@Injectable()
export class RedisAdvice implements OnApplicationBootstrap {
  private readonly logger = new Logger('Redis');
  private told = '';

  constructor(
    @Inject(REDIS) private readonly redis: RedisClient | null,
    private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    this.redis?.on('ready', () => void this.advise());
    if (this.redis?.status === 'ready') void this.advise();
  }

  private async advise(): Promise<void> {
    const report = await reportOf(this.redis!);
    if (report.state === 'down') return; // the connection itself logs that
    // How full it is changes all the time and is in /health/detail; settings are told here.
    const warnings = redisWarnings({ ...report, used_memory: null }, this.config.queueConnection === 'redis');
    if (warnings.join() === this.told) return;
    this.told = warnings.join();
    for (const msg of warnings) this.logger.warn({ msg });
  }
}
