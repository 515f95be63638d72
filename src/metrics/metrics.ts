import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { sql } from '../database/sql.js';
import { LoopsReader } from '../health/loops-reader.js';
import { within } from '../timing/within.js';
import { ALL_QUEUES } from '../domain/queues.js';
import { QueueReports } from '../health/queue-report.js';
import { REDIS, type RedisClient } from '../redis/redis.js';
import { Counters } from './counters.js';
import { familiesOf, PREFIX, type Snapshot } from './families.js';

export const METRICS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** A source that does not answer within this time is left out, milliseconds. Prometheus gives up after 10 s. */
const PATIENCE_MS = 5000;
/** A service that does not answer the shortest question within this time counts as down, milliseconds. */
const UP_WITHIN_MS = 2000;
/** How old an answer may be, milliseconds: however many ask, the ledger is asked once in that time. */
const FRESH_MS = 2000;

/** Metrics of the process, not of an application: memory, CPU, event loop, garbage collection. */
let ofProcess: Registry | undefined;

function processMetrics(): Registry {
  if (!ofProcess) collectDefaultMetrics({ register: (ofProcess = new Registry()), prefix: PREFIX });
  return ofProcess;
}

/** All metrics, in Prometheus' text format: of this process, its requests, and the ledger that all processes share. */
@Injectable()
export class Metrics {
  private readonly ofRequests = new Registry();
  private readonly requests = new Histogram({
    name: `${PREFIX}http_request_duration_seconds`,
    help: 'How long requests took until their answer was sent, by the template of their route',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [this.ofRequests],
  });
  private last: Promise<string> | null = null;
  private lastAt = -Infinity;

  constructor(
    private readonly db: DataSource,
    private readonly queues: QueueReports,
    private readonly loops: LoopsReader,
    private readonly counters: Counters,
    @Inject(REDIS) private readonly redis: RedisClient | null,
  ) {}

  /** Labels come only from our own lists: an address without a route is `unmatched`. */
  observe({ method, routeOptions }: FastifyRequest, { statusCode, elapsedTime }: FastifyReply): void {
    const route = routeOptions.url ?? 'unmatched';
    this.requests.observe({ method, route, status: statusCode }, elapsedTime / 1000);
  }

  /** Never throws, whatever is away. */
  async text(): Promise<string> {
    if (!this.last || performance.now() - this.lastAt > FRESH_MS) {
      this.lastAt = performance.now();
      this.last = this.shared();
    }
    const parts = [processMetrics().metrics(), this.ofRequests.metrics(), this.last];
    return (await Promise.all(parts)).join('\n');
  }

  private async shared(): Promise<string> {
    return familiesOf(await this.snapshot()).metrics();
  }

  private async snapshot(): Promise<Snapshot> {
    const [postgresUp, redisUp, queues, loops, counters, counts] = await Promise.all([
      answers(sql(this.db, 'SELECT 1')),
      this.redis ? answers(this.redis.ping()) : undefined,
      within(PATIENCE_MS, this.queues.all()).catch(() => null),
      within(PATIENCE_MS, this.loops.all()).catch(() => this.loops.own()),
      within(PATIENCE_MS, this.totals()).catch(() => null),
      Promise.all(ALL_QUEUES.map(async (queue) => ({ queue, counts: await this.queues.counts(queue) }))),
    ]);
    return { postgresUp, redisUp, queues, loops, counters, counts };
  }

  /** Includes what this process has counted just now. */
  private async totals() {
    await this.counters.flush();
    return this.counters.totals();
  }
}

const answers = (question: Promise<unknown>): Promise<boolean> =>
  within(UP_WITHIN_MS, question).then(
    () => true,
    () => false,
  );
