import { Inject, Injectable } from '@nestjs/common';
import { setDefaultBackendFactory } from 'bullmq';
import pg from 'pg';
import { Config } from '../config/config.js';
import { SILENCE_MS } from '../database/connection.js';
import { poolingOf } from '../database/pooling.js';
import { QUEUE_SCHEMA } from '../database/queue-schema.js';
import { SessionClient } from '../database/session-client.js';
import type { AnyQueueName } from '../domain/queues.js';
import { NO_REDIS } from '../timing/loop.js';
import { Loops } from '../timing/loops.js';
import { settled, within } from '../timing/within.js';
import { backendFor } from './backend.js';
import { ScopedClient } from './scoped-client.js';
import { Wakes } from './wakes.js';
import { bounded, openRedis, patient, REDIS, type RedisClient, troubleOf } from '../redis/redis.js';

/** Longest wait of the dispatcher for the queue, milliseconds. */
const DISPATCH_TIMEOUT_MS = 1000;
/**
 * In PostgreSQL BullMQ makes two temporary tables to add in bulk (bullmq 6.7.0). They take 3 ms of its CPU, when one
 * job added by itself takes 0.3 ms.
 */
const BULK_IN_POSTGRESQL = 10;
/** Connections of each end, where the queue lives in PostgreSQL. */
export const QUEUE_CONNECTIONS = { producer: 2, worker: 6 };
/** Closing the connections to PostgreSQL takes no longer than this, milliseconds. */
const LEAVE_WITHIN_MS = 100;

/**
 * The one place that knows whether the queue lives in Redis or in PostgreSQL. It has two ends:
 * - `producer` gives up soon, because rows that it could not hand over stay in the ledger;
 * - `worker` waits for work and for the server to come back.
 */
@Injectable()
export class QueueConnections {
  readonly producer: RedisClient | pg.Pool;
  readonly worker: RedisClient | pg.Pool;
  /** From this many jobs on they are added in bulk; fewer cost less one by one. */
  readonly bulkFrom: number;
  private readonly wakes: Wakes | null;
  /** Each worker waits on a duplicate of its own, which only BullMQ knows and which would reconnect for ever. */
  private readonly left = new AbortController();

  constructor(
    config: Config,
    @Inject(REDIS) private readonly cache: RedisClient | null,
    loops: Loops,
  ) {
    const onDatabase = config.queueConnection === 'database';
    this.bulkFrom = onDatabase ? BULK_IN_POSTGRESQL : 0;
    this.producer = onDatabase
      ? openPool(config, QUEUE_CONNECTIONS.producer)
      : openRedis(config.redis!, bounded(DISPATCH_TIMEOUT_MS));
    this.worker = onDatabase
      ? openPool(config, QUEUE_CONNECTIONS.worker)
      : openRedis(config.redis!, patient, this.left.signal);
    const isPooled = onDatabase && poolingOf(config.databaseUrl!) !== 'session';
    this.wakes = isPooled ? new Wakes(config.listenUrl, this.worker as pg.Pool, loops) : null;
    // This is process-wide and comes before any queue is built: @nestjs/bullmq cannot pass a backend.
    setDefaultBackendFactory(backendFor(config.queueConnection, this.wakes));
  }

  /**
   * Asks the queue by the producer's end. While Redis is not connected it refuses at once, and no answer may take
   * longer than a command may. BullMQ itself would wait for its first connection for ever, and then send everything.
   */
  async ask<T>(question: () => Promise<T>): Promise<T> {
    if (this.producer instanceof pg.Pool) return question();
    if (this.producer.status !== 'ready') throw new Error(troubleOf(this.producer) ?? NO_REDIS);
    return within(2 * DISPATCH_TIMEOUT_MS, question());
  }

  /** Something was added to this queue by this process. */
  added(queue: AnyQueueName): void {
    this.wakes?.wake(queue);
  }

  /** Whether the worker's end is connected. A connection to a server that hangs still seems to be. */
  get isConnected(): boolean {
    return this.worker instanceof pg.Pool || this.worker.status === 'ready';
  }

  /** Ends waits for a Redis that does not answer; harmless once the workers have closed. */
  disconnectAll(): void {
    this.left.abort();
    if (!(this.worker instanceof pg.Pool)) this.worker.disconnect();
    if (!(this.producer instanceof pg.Pool)) this.producer.disconnect();
  }

  /** Call it after the workers and queues have closed: BullMQ leaves open the connections it was given. */
  async close(): Promise<void> {
    this.cache?.disconnect();
    this.disconnectAll();
    const pools = [this.producer, this.worker].filter((connection) => connection instanceof pg.Pool);
    await settled(LEAVE_WITHIN_MS, Promise.all([this.wakes?.stop(), ...pools.map((pool) => pool.end())]));
  }
}

/**
 * BullMQ's statements name no schema, so the session sets it, or else each statement does. Each worker keeps one
 * connection to listen on, where sessions are kept.
 */
function openPool(config: Config, max: number): pg.Pool {
  const options = {
    Client: poolingOf(config.databaseUrl!) === 'session' ? SessionClient : ScopedClient,
    connectionString: config.databaseUrl!,
    session: { search_path: QUEUE_SCHEMA, plan_cache_mode: 'auto' },
    silenceMs: SILENCE_MS,
    max,
    keepAlive: true, // BullMQ checks this
    application_name: 'moviemind-queue',
    connectionTimeoutMillis: 5000,
  };
  const pool = new pg.Pool(options);
  pool.on('error', () => undefined); // an idle connection was lost; the next query opens another
  // BullMQ checks connections out without listening to them: one that breaks meanwhile would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
