import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { version } from 'moviemind-command/node.js';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { CatalogReads } from '../database/catalog-reads.js';
import { HealthReads } from '../database/pools.js';
import { LoopsReader } from '../health/loops-reader.js';
import { dayOf } from '../ledger/model-report.js';
import { within } from '../timing/within.js';
import { ALL_QUEUES } from '../domain/queues.js';
import { QueueReports } from '../health/queue-report.js';
import { REDIS, type RedisClient } from '../redis/redis.js';
import { Counters } from './counters.js';
import { familiesOf, type Snapshot } from './families.js';
import { PREFIX, registryOf } from './family.js';
import { tellOfReplica } from './replica.js';
import { readServices } from './services.js';

export const METRICS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** A source that does not answer within this time is left out, milliseconds. Prometheus gives up after 10 s. */
const PATIENCE_MS = 5000;
/** How old an answer may be, milliseconds: however many ask, the ledger is asked once in that time. */
const FRESH_MS = 2000;
/** Gauges that the library names as counters. The numbers by type stay. */
const MISNAMED = ['handles', 'requests', 'resources'].map((what) => `${PREFIX}nodejs_active_${what}_total`);

/** Metrics of the process, not of an application: memory, CPU, event loop, garbage collection. */
let ofProcess: Registry | undefined;

function processMetrics(): Registry {
  if (ofProcess) return ofProcess;
  ofProcess = new Registry();
  collectDefaultMetrics({ register: ofProcess, prefix: PREFIX });
  for (const name of MISNAMED) ofProcess.removeSingleMetric(name);
  return ofProcess;
}

/** All metrics, in Prometheus' text format: of this process, its requests, and the ledger that all processes share. */
@Injectable()
export class Metrics {
  private readonly own = new Registry();
  private readonly requests = new Histogram({
    name: `${PREFIX}http_request_duration_seconds`,
    help: 'How long requests took until their answer was sent, by the template of their route',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [this.own],
  });
  private readonly defects = new Counter({
    name: `${PREFIX}http_defects_total`,
    help: 'Requests that were answered 500: each is a defect, and its cause is in the log',
    registers: [this.own],
  });
  private last: Promise<string> | null = null;
  private lastAt = -Infinity;

  constructor(
    readonly db: DataSource,
    private readonly queues: QueueReports,
    private readonly loops: LoopsReader,
    private readonly counters: Counters,
    readonly reads: HealthReads,
    @Inject(REDIS) readonly redis: RedisClient | null,
    { role, queueConnection: queue }: Config,
    catalog: CatalogReads,
  ) {
    tellOfReplica(catalog, this.own);
    const labelNames = ['version', 'node', 'role', 'queue'] as const;
    const help = 'What answers: always 1, its labels say it';
    new Gauge({ name: `${PREFIX}build_info`, help, labelNames, registers: [this.own] })
      .labels({ version, node: process.versions.node, role, queue })
      .set(1);
  }

  /** Labels come only from our own lists: an address without a route is `unmatched`. */
  observe({ method, routeOptions }: FastifyRequest, { statusCode, elapsedTime }: FastifyReply): void {
    const route = routeOptions.url ?? 'unmatched';
    this.requests.observe({ method, route, status: statusCode }, elapsedTime / 1000);
    if (statusCode === 500) this.defects.inc();
  }

  /** Never throws, whatever is away. */
  async text(): Promise<string> {
    if (!this.last || performance.now() - this.lastAt > FRESH_MS) {
      this.lastAt = performance.now();
      this.last = this.shared();
    }
    const parts = [processMetrics().metrics(), this.own.metrics(), this.last];
    return (await Promise.all(parts)).join('\n');
  }

  private async shared(): Promise<string> {
    return registryOf(familiesOf(await this.snapshot())).metrics();
  }

  private async snapshot(): Promise<Snapshot> {
    const [services, queues, loops, counters, counts, day] = await Promise.all([
      readServices(this, PATIENCE_MS),
      within(PATIENCE_MS, this.queues.all()).catch(() => null),
      within(PATIENCE_MS, this.loops.all()).catch(() => this.loops.own()),
      within(PATIENCE_MS, this.totals()).catch(() => null),
      Promise.all(ALL_QUEUES.map(async (queue) => ({ queue, counts: await this.queues.counts(queue) }))),
      within(PATIENCE_MS, this.reads.read(dayOf)).catch(() => null),
    ]);
    return { services, queues, loops, counters, counts, day };
  }

  /** Includes what this process has counted just now. */
  private async totals() {
    await this.counters.flush();
    return this.counters.totals();
  }
}
