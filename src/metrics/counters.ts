import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { takeLostLines } from '../config/logger.js';
import { sql } from '../database/sql.js';
import { FORGET_OLD, stepOf } from './activity.js';
import type { Counter, Labels } from './counter.js';
import { type HistogramName, measured } from './histograms.js';
import type { Loop } from '../timing/loop.js';
import { Loops } from '../timing/loops.js';

/** How much counting a process that is killed may lose, milliseconds. */
const FLUSH_EVERY_MS = 5000;
/** How often a process looks for gains that are too old, milliseconds. */
const FORGET_EVERY_MS = 3_600_000;
/** Of these it is kept when they were counted (activity.ts). */
const TIMED = ['jobs_accepted_total', 'jobs_finished_total', 'model_tokens_total'];

/**
 * Counts events of the ledger, over all processes and restarts. Workers have no port where Prometheus could ask them.
 * So every process adds its counts to the table every few seconds. Each API process answers for all of them.
 */
@Injectable()
export class Counters implements OnApplicationBootstrap {
  private readonly logger = new Logger('Metrics');
  private fresh = new Map<string, Counter>();
  private flushing: Promise<void> | null = null;
  private timer: NodeJS.Timeout | undefined;
  private forgetAt = 0;
  private readonly loop: Loop;

  constructor(
    private readonly db: DataSource,
    loops: Loops,
  ) {
    this.loop = loops.open('counters', FLUSH_EVERY_MS);
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.flush(), FLUSH_EVERY_MS).unref();
  }

  add(name: string, labels: Labels, value = 1): void {
    const key = JSON.stringify([name, labels]);
    const known = this.fresh.get(key);
    if (known) known.value += value;
    else this.fresh.set(key, { name, labels, value });
  }

  measure(histogram: HistogramName, labels: Labels, seconds: number): void {
    for (const { name, labels: own, value } of measured(histogram, labels, seconds)) this.add(name, own, value);
  }

  /** One at a time; never throws. Counts that could not be written are kept for the next time. */
  flush(): Promise<void> {
    this.flushing ??= this.loop
      .run(() => this.write())
      .catch((error: Error) => this.logger.debug({ msg: 'counters not written', reason: error.message }))
      .finally(() => (this.flushing = null));
    return this.flushing;
  }

  /** Also writes what is left. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  totals(): Promise<Counter[]> {
    return sql<Counter>(this.db, 'SELECT name, labels, value FROM counters ORDER BY name, labels');
  }

  private async write(): Promise<void> {
    const lost = takeLostLines();
    if (lost > 0) this.add('log_lines_dropped_total', {}, lost);
    const counted = [...this.fresh.values()];
    if (counted.length === 0) return;
    this.fresh = new Map();
    try {
      // Sorted, or two processes could block each other.
      await sql(
        this.db,
        `WITH counted AS MATERIALIZED (
           SELECT name, labels, value
           FROM jsonb_to_recordset($1::jsonb) AS counted (name text, labels jsonb, value double precision)
           ORDER BY name, labels),
         timed AS (
           INSERT INTO counter_gains (at, name, labels, value)
           SELECT ${stepOf('now()')}, name, labels, value FROM counted WHERE name = ANY($2) ORDER BY name, labels
           ON CONFLICT (at, name, labels) DO UPDATE SET value = counter_gains.value + EXCLUDED.value)
         INSERT INTO counters (name, labels, value)
         SELECT name, labels, value FROM counted ORDER BY name, labels
         ON CONFLICT (name, labels) DO UPDATE SET value = counters.value + EXCLUDED.value`,
        [JSON.stringify(counted), TIMED],
      );
    } catch (error) {
      for (const { name, labels, value } of counted) this.add(name, labels, value);
      throw error;
    }
    // Behind the counting: where this fails, what is written must not be counted again.
    await this.forgetOld();
  }

  private async forgetOld(): Promise<void> {
    if (performance.now() < this.forgetAt) return;
    this.forgetAt = performance.now() + FORGET_EVERY_MS;
    await sql(this.db, FORGET_OLD);
  }
}
