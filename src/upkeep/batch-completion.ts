import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { sql } from '../database/sql.js';
import { ACTIVE } from '../ledger/insert.js';
import { jittered } from '../timing/backoff.js';
import type { Loop } from '../timing/loop.js';
import { Loops } from '../timing/loops.js';
import { Rounds } from '../timing/rounds.js';
import { DeliveriesService } from '../webhooks/deliveries.service.js';
import { BATCH_COMPLETED } from '../webhooks/events.js';

/** Most batches that a statement completes. */
const MOST = 100;
/** How often open batches are looked at, milliseconds. */
const EVERY_MS = 1000;

/**
 * A job of the batch that goes on; NULL: none. The last one ends last, mostly, so the look from the end finds one at
 * once. It is no EXISTS, whose order PostgreSQL drops, and which it may join with all jobs of all batches.
 */
const GOES_ON = `SELECT part.job_id FROM batch_jobs AS part CROSS JOIN LATERAL
    (SELECT 1 FROM generation_jobs WHERE id = part.job_id AND ${ACTIVE} OFFSET 0) AS job
  WHERE part.batch_id = batch.id ORDER BY part.job_id DESC LIMIT 1`;

/**
 * It sets the time and writes the messages in one statement. The row of the batch is locked first and asked again, so
 * of several processes one does it, and once for ever.
 */
const COMPLETE = `WITH open AS MATERIALIZED (SELECT id FROM batches AS batch
    WHERE completed_at IS NULL AND (${GOES_ON}) IS NULL ORDER BY id LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED),
  ended AS MATERIALIZED (SELECT open.id, max(job.finished_at) AS finished_at,
      (SELECT jsonb_object_agg(status, items) FROM (SELECT status, sum(items) AS items FROM batch_jobs
        JOIN generation_jobs ON generation_jobs.id = job_id WHERE batch_id = open.id GROUP BY status) AS one) AS counts
    FROM open LEFT JOIN batch_jobs AS part ON part.batch_id = open.id
    LEFT JOIN generation_jobs AS job ON job.id = part.job_id GROUP BY open.id),
  completed AS (UPDATE batches AS batch
    SET completed_at = GREATEST(batch.created_at, COALESCE(ended.finished_at, now()))
    FROM ended WHERE batch.id = ended.id AND batch.completed_at IS NULL
    RETURNING batch.id, batch.metadata, COALESCE(ended.counts, '{}') AS counts),
  told AS (INSERT INTO webhook_deliveries (id, webhook_id, run, event, counts, metadata)
    SELECT uuid_v7_of_now(), webhook.id, 1, '${BATCH_COMPLETED}', completed.counts, completed.metadata
    FROM completed JOIN job_webhooks AS webhook ON webhook.batch_id = completed.id RETURNING id)
  SELECT id, EXISTS (SELECT 1 FROM told) AS tells FROM completed`;

/**
 * Notices that a batch is completed: none of its jobs goes on, however they ended and whoever ended them. It costs jobs
 * nothing. Where no batch is open, a round reads an empty index. Every process does it.
 */
@Injectable()
export class BatchCompletion implements OnApplicationBootstrap {
  private readonly logger = new Logger('Batches');
  private readonly loop: Loop;
  private readonly rounds: Rounds;

  constructor(
    private readonly db: DataSource,
    private readonly deliveries: DeliveriesService,
    loops: Loops,
    private readonly config: Config,
  ) {
    this.loop = loops.open('complete-batches');
    this.rounds = new Rounds(
      (signal) => this.loop.run(() => this.completeAll(signal)),
      () => jittered(EVERY_MS, 0.5),
    );
  }

  onApplicationBootstrap(): void {
    if (this.config.passive) return;
    this.rounds.start();
  }

  async stop(): Promise<void> {
    await this.rounds.stop();
  }

  private async completeAll(signal: AbortSignal): Promise<void> {
    for (let count = MOST; count === MOST && !signal.aborted;) count = await this.complete();
  }

  /** @returns how many were completed, {@link MOST} at most */
  async complete(): Promise<number> {
    const rows = await sql<{ id: string; tells: boolean }>(this.db, COMPLETE, [MOST]);
    for (const { id: batch_id } of rows) this.logger.log({ msg: 'batch completed', batch_id });
    if (rows.some(({ tells }) => tells)) this.deliveries.events.emit('dispatchable');
    return rows.length;
  }
}
