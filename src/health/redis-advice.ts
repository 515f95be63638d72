import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Config } from '../config/config.js';
import { REDIS, type RedisClient } from '../redis/redis.js';
import { lineOf } from './finding.js';
import { redisFindings } from './redis-findings.js';
import { reportOf } from './redis-report.js';

/** How often a slow Redis is asked, and how long after each try the next follows, milliseconds. */
const TRIES = 10;
const AGAIN_MS = 1000;

/**
 * Logs what is wrong with the settings of Redis at its first answer, and again after it comes back with other settings.
 */
@Injectable()
export class RedisAdvice implements OnApplicationBootstrap {
  private readonly logger = new Logger('Redis');
  private logged = '';

  constructor(
    @Inject(REDIS) private readonly redis: RedisClient | null,
    private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    this.redis?.on('ready', () => void this.advise());
    if (this.redis?.status === 'ready') void this.advise();
  }

  private async advise(tries = TRIES): Promise<void> {
    const report = await reportOf(this.redis!);
    if (report.state === 'down') return this.adviseLater(tries);
    // What changes all the time is reported by /health/detail. Here only settings are logged.
    const settings = { ...report, used_memory: null, connected_clients: null, replicas: [] };
    const warnings = redisFindings(settings, this.config.queueConnection === 'redis').map(lineOf);
    if (warnings.join() === this.logged) return;
    this.logged = warnings.join();
    for (const msg of warnings) this.logger.warn({ msg });
  }

  /** The connection itself logs that Redis is away. A connected Redis may have been too slow for the question. */
  private adviseLater(tries: number): void {
    if (tries > 1 && this.redis!.status === 'ready') setTimeout(() => void this.advise(tries - 1), AGAIN_MS).unref();
  }
}
