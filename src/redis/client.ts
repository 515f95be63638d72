import type { Cluster, Redis } from 'ioredis';

/** A connection to one server, to the primary of Sentinels, or to a Cluster. */
export type RedisClient = Redis | Cluster;
