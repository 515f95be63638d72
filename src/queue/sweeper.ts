import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { sql } from '../database/sql.js';
import { JobsService } from '../jobs/jobs.service.js';

/** Rows a sweep touches at most, of each kind. */
const BATCH = 500;
/** A job that has been in the queue for this long without being claimed is handed over again, seconds. */
const DOUBT_AFTER_SECONDS = 60;

/**
 * Finds what got lost and puts it right; every process has one, and they skip each other's rows:
 *
 * 1. jobs whose worker fell silent go back in line (or end, after five crashes);
 * 2. jobs past their deadline end EXPIRED;
 * 3. jobs the queue may have lost are dispatched again, under the same queue id, so that one still there stays single;
 * 4. finished jobs past retention are forgotten.
 */
@Injectable()
export class Sweeper implements OnApplicationBootstrap {
  private readonly logger = new Logger('Sweeper');
  private readonly stopped = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private readonly everyMs: number;
  /** After an outage every lease looks silent; workers first get the time to renew theirs. */
  private trustLeasesFrom = 0;

  constructor(
    private readonly db: DataSource,
    private readonly jobs: JobsService,
    private readonly config: Config,
  ) {
    this.everyMs = Math.min(5000, config.leaseMs / 3);
  }

  onApplicationBootstrap(): void {
    this.running = this.loop();
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  private async loop(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      const pause = this.everyMs * (0.5 + Math.random());
      await sleep(pause, undefined, { signal: this.stopped.signal }).catch(() => undefined);
      if (this.stopped.signal.aborted) return;
      await this.sweep().catch((error: Error) => {
        this.trustLeasesFrom = Date.now() + this.config.leaseMs;
        this.logger.warn({ msg: 'sweep failed', reason: error.message });
      });
    }
  }

  private async sweep(): Promise<void> {
    const expired = await this.jobs.expireOverdue(BATCH);
    const crashed = Date.now() < this.trustLeasesFrom ? [] : await this.jobs.recoverCrashed(BATCH);
    const doubtful = await this.dispatchDoubtful();
    const pruned = await this.jobs.prune(BATCH);
    if (expired.length + crashed.length + pruned === 0) return;
    this.logger.log({ msg: 'swept', expired: expired.length, crashed: crashed.length, doubtful, pruned });
  }

  private async dispatchDoubtful(): Promise<number> {
    const rows = await sql(
      this.db,
      `UPDATE generation_jobs SET dispatched_at = NULL WHERE id IN (SELECT id FROM generation_jobs WHERE status = 'PENDING'
         AND dispatched_at < now() - make_interval(secs => $2) ORDER BY dispatched_at LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED)
       RETURNING id`,
      [BATCH, DOUBT_AFTER_SECONDS],
    );
    if (rows.length > 0) this.jobs.events.emit('dispatchable');
    return rows.length;
  }
}
