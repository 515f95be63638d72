import { Logger } from '@nestjs/common';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisConfig } from '../config/config.js';

export type RedisClient = Redis | Cluster;

/** Token of the connection for the status cache; `null` without Redis. */
export const REDIS = 'REDIS';

/**
 * For questions whose answer can be had elsewhere or later: at most `timeoutMs` of waiting, none at all while Redis is away.
 * (A command to a Redis that hangs otherwise never settles: measured, see ARCHITECTURE.md.)
 */
export const bounded = (timeoutMs: number): RedisOptions => ({
  commandTimeout: timeoutMs,
  maxRetriesPerRequest: 1,
  enableOfflineQueue: false,
  connectTimeout: 3000,
});

/**
 * For BullMQ's workers, which wait for work: they reconnect for ever and ask again. A command without any answer for 20 s
 * (they wait for work 5 s at a time) means that the connection is dead, also where nobody closed it.
 */
export const patient: RedisOptions = { maxRetriesPerRequest: null, connectTimeout: 3000, socketTimeout: 20_000 };

/** Opens a connection to whatever the settings name: one server, Sentinels or a Cluster. Its errors are logged once a change. */
export function openRedis(config: RedisConfig, options: RedisOptions): RedisClient {
  const retryStrategy = (tries: number) => Math.min(50 * 2 ** tries, 1000);
  const client = connect(config, { ...options, retryStrategy });
  const logger = new Logger('Redis');
  let away = false;
  client.on('error', (error: Error) => {
    if (!away) logger.warn({ msg: 'Redis is away; jobs are accepted and wait in PostgreSQL', reason: error.message });
    away = true;
  });
  client.on('ready', () => {
    if (away) logger.log({ msg: 'Redis is back' });
    away = false;
  });
  return client;
}

function connect(config: RedisConfig, options: RedisOptions): RedisClient {
  if (config.kind === 'url') return new Redis(config.url, options);
  if (config.kind === 'sentinel') {
    const { sentinels, name, password } = config;
    return new Redis({ ...options, sentinels, name, password, sentinelPassword: password });
  }
  const { enableOfflineQueue, ...redisOptions } = options;
  return new Cluster(config.nodes, {
    enableOfflineQueue,
    redisOptions: { ...redisOptions, password: config.password },
  });
}
