import { Logger } from '@nestjs/common';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisConfig } from '../config/config.js';
import { waitAfter } from '../timing/backoff.js';
import { NO_REDIS, reasonOf } from '../timing/loop.js';
import { routeConsole } from './console.js';
import { mendSockets } from './redis-sockets.js';
import type { RedisClient } from './client.js';
import { tolerant } from './tolerant-redis.js';

export type { RedisClient };

/** A Sentinel that does not answer within this time is skipped, milliseconds. */
const SENTINEL_TIMEOUT_MS = 3000;

/** Injection token of the connection for the status cache; `null` without Redis. */
export const REDIS = 'REDIS';

/**
 * For questions that have another source or can wait: they wait `timeoutMs` at most, and not at all while Redis is
 * away. (A command to a Redis that hangs otherwise never settles: measured, see docs/decisions.md.)
 */
export const bounded = (timeoutMs: number): RedisOptions => ({
  commandTimeout: timeoutMs,
  maxRetriesPerRequest: 1,
  enableOfflineQueue: false,
  connectTimeout: 3000,
});

/**
 * For BullMQ's workers, which wait for work: they reconnect for ever and ask again. They wait for work 5 s at a time.
 * So a connection without any answer for 20 s is dead, even if it was never closed.
 */
export const patient: RedisOptions = { maxRetriesPerRequest: null, connectTimeout: 3000, socketTimeout: 20_000 };

/**
 * Answers of a server that may no longer be the right one. After a failover behind one address, old connections stay
 * with a server that is now a replica or still loading. A new connection finds the primary as soon as the address does.
 * In an error of a script, the server's word follows the script's.
 */
const WRONG_SERVER = /^(READONLY|UNBLOCKED|MASTERDOWN|LOADING) |-READONLY /;
const RECONNECT = 1;
const RECONNECT_AND_SEND_AGAIN = 2;

/** Why each connection is down. */
const troubles = new WeakMap<RedisClient, string>();
/** Whether the connection logs in with a password. */
export const hasPassword = (client: RedisClient) =>
  Boolean(client instanceof Cluster ? client.options.redisOptions?.password : client.options.password);
export const troubleOf = (client: RedisClient) => troubles.get(client) ?? null;

/**
 * Opens a connection to what the settings name: one server, Sentinels or a Cluster. Its errors are logged once for each
 * change.
 * @param left once it is aborted nothing reconnects any more, neither the connection nor its duplicates
 */
export function openRedis(config: RedisConfig, options: RedisOptions, left?: AbortSignal): RedisClient {
  const wait = (tries: number) => waitAfter(tries, { firstMs: 100, longestMs: 1000 });
  const retryStrategy = (tries: number) => (left?.aborted ? null : wait(tries));
  routeConsole();
  mendSockets();
  // None of these commands was executed, so a client that waits may send them again.
  const again = options.enableOfflineQueue === false ? RECONNECT : RECONNECT_AND_SEND_AGAIN;
  const reconnectOnError = ({ message }: Error) => (WRONG_SERVER.test(message) ? again : false);
  const client = tolerant(connect(config, { ...options, retryStrategy, reconnectOnError }));
  const logger = new Logger('Redis');
  let away = false;
  client.on('error', (error: Error) => {
    const reason = reasonOf(error);
    // The client's message about a connection that is closing would hide the reason.
    if (reason !== NO_REDIS || !troubles.has(client)) troubles.set(client, reason);
    if (!away) logger.warn({ msg: 'Redis is away; jobs are accepted and wait in PostgreSQL', reason });
    away = true;
  });
  client.on('ready', () => {
    if (away) logger.log({ msg: 'Redis is back' });
    away = false;
    troubles.delete(client);
  });
  return client;
}

function connect(config: RedisConfig, options: RedisOptions): RedisClient {
  if (config.kind === 'url') return new Redis(config.url, options);
  const { username, password } = config;
  // Uses the system's authorities, and those of NODE_EXTRA_CA_CERTS.
  const tls = config.tls ? {} : undefined;
  if (config.kind === 'sentinel') {
    const { sentinels, name, database: db, own } = config;
    return new Redis({
      ...options,
      sentinels,
      name,
      username,
      password,
      db,
      tls,
      sentinelUsername: own.username,
      sentinelPassword: own.password,
      sentinelTLS: tls,
      enableTLSForSentinelMode: config.tls,
      sentinelCommandTimeout: SENTINEL_TIMEOUT_MS,
    });
  }
  // A node of a Cluster that is now a replica answers MOVED, and the client follows.
  const { enableOfflineQueue, reconnectOnError: _, ...redisOptions } = options;
  return new Cluster(config.nodes, {
    enableOfflineQueue,
    clusterRetryStrategy: options.retryStrategy as NonNullable<typeof options.retryStrategy>,
    redisOptions: { ...redisOptions, username, password, tls },
    // A certificate names the host name, not the address it resolves to.
    ...(config.tls && { dnsLookup: (address, callback) => callback(null, address) }),
  });
}
