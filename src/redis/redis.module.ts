import { Global, Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { bounded, openRedis, REDIS } from './redis.js';

/** A poll that waits longer than this for the status cache asks PostgreSQL instead, milliseconds. */
const CACHE_TIMEOUT_MS = 250;

@Global()
@Module({
  providers: [
    {
      // What one turn of the event loop asks goes to Redis in one piece.
      provide: REDIS,
      inject: [Config],
      useFactory: (config: Config) =>
        config.redis && openRedis(config.redis, { ...bounded(CACHE_TIMEOUT_MS), enableAutoPipelining: true }),
    },
  ],
  exports: [REDIS],
})
export class RedisModule {}
