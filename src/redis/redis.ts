import { Logger } from '@nestjs/common';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisConfig } from '../config/config.js';
import { NO_REDIS, reasonOf } from '../timing/loop.js';
import { routeConsole } from './console.js';
import { listenToSockets } from './redis-sockets.js';
import type { RedisClient } from './client.js';
import { tolerant } from './tolerant-redis.js';

export type { RedisClient };

/** A Sentinel that does not answer by then is passed over, milliseconds. */
const SENTINEL_TIMEOUT_MS = 3000;

/** Token of the connection for the status cache; `null` without Redis. */
export const REDIS = 'REDIS';

/**
 * For questions whose answer can be had elsewhere or later: at most `timeoutMs` of waiting, none at all while Redis
 * is away. (A command to a Redis that hangs otherwise never settles: measured, see docs/decisions.md.)
 */
export const bounded = (timeoutMs: number): RedisOptions => ({
  commandTimeout: timeoutMs,
  maxRetriesPerRequest: 1,
  enableOfflineQueue: false,
  connectTimeout: 3000,
});

/**
 * For BullMQ's workers, which wait for work: they reconnect for ever and ask again. A command without any answer for
 * 20 s (they wait for work 5 s at a time) means that the connection is dead, also where nobody closed it.
 */
export const patient: RedisOptions = { maxRetriesPerRequest: null, connectTimeout: 3000, socketTimeout: 20_000 };

/**
 * What a server answers that may no longer be the one to talk to: after a failover behind one address, connections
 * stay with what is a replica now, or is still loading. A new connection finds the primary, as soon as the address
 * does. A script puts the word of the server behind its own.
 */
const ELSEWHERE = /^(READONLY|UNBLOCKED|MASTERDOWN|LOADING) |-READONLY /;
const RECONNECT = 1;
const RECONNECT_AND_SEND_AGAIN = 2;

/** Why each connection that is away cannot be had. */
const troubles = new WeakMap<RedisClient, string>();
/** Whether this program has one, for whoever asks. */
export const hasPassword = (client: RedisClient) =>
  Boolean(client instanceof Cluster ? client.options.redisOptions?.password : client.options.password);
export const troubleOf = (client: RedisClient) => troubles.get(client) ?? null;

/**
 * Opens a connection to whatever the settings name: one server, Sentinels or a Cluster. Its errors are logged once a
 * change.
 */
export function openRedis(config: RedisConfig, options: RedisOptions): RedisClient {
  const retryStrategy = (tries: number) => Math.min(50 * 2 ** tries, 1000);
  routeConsole();
  listenToSockets();
  // None of these was done, so it may be sent again by a client that waits for it.
  const again = options.enableOfflineQueue === false ? RECONNECT : RECONNECT_AND_SEND_AGAIN;
  const reconnectOnError = ({ message }: Error) => (ELSEWHERE.test(message) ? again : false);
  const client = tolerant(connect(config, { ...options, retryStrategy, reconnectOnError }));
  const logger = new Logger('Redis');
  let away = false;
  client.on('error', (error: Error) => {
    const reason = reasonOf(error);
    // What the client says of a connection that is being closed hides what it is closed for.
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
  // The system's authorities, and those of NODE_EXTRA_CA_CERTS.
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
  // A node of a Cluster that is a replica now says MOVED, and the client follows.
  const { enableOfflineQueue, reconnectOnError: _, ...redisOptions } = options;
  return new Cluster(config.nodes, {
    enableOfflineQueue,
    redisOptions: { ...redisOptions, username, password, tls },
    // A certificate is for the name and not for what it resolves to.
    ...(config.tls && { dnsLookup: (address, callback) => callback(null, address) }),
  });
}
