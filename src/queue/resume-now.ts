import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../database/sql.js';
import { JobsService } from '../jobs/jobs.service.js';
import { Throttle } from '../jobs/throttle.js';
import { AT_ONCE } from '../jobs/waits.js';
import { DeliveriesService } from '../webhooks/deliveries.service.js';
import { type AnyQueueName, QUEUE_OF_ROW, WEBHOOK_QUEUE } from './names.js';

const BATCH = 5000;

/** Makes rows of `table` due that wait for their time and are with no queue, the earliest first. */
const bringForward = (
  table: string,
  which: string,
) => `UPDATE ${table} SET run_at = now(), wait_seconds = ${AT_ONCE} WHERE id IN (
  SELECT id FROM ${table} WHERE status = 'PENDING' AND dispatched_at IS NULL AND run_at > now() AND ${which}
  ORDER BY run_at LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED) RETURNING id`;

/** Ends the waits of a queue when an operator knows better: what was wrong is mended. Both drivers wait in the ledger alone. */
@Injectable()
export class ResumeNow {
  constructor(
    private readonly db: DataSource,
    private readonly throttle: Throttle,
    private readonly jobs: JobsService,
    private readonly deliveries: DeliveriesService,
  ) {}

  /**
   * The pause that the model's service asked for, whichever queue of jobs is named, since there is one for all of them; and the
   * back-off of what waits in the queue. Tries that were made stay counted.
   */
  async endWaits(queue: AnyQueueName): Promise<void> {
    if (queue === WEBHOOK_QUEUE) {
      await this.bring('webhook_deliveries', 'NOT in_hand');
      this.deliveries.events.emit('dispatchable');
      return;
    }
    await this.throttle.lift();
    await this.bring('generation_jobs', `${QUEUE_OF_ROW} = '${queue}'`);
    this.jobs.events.emit('dispatchable');
  }

  /** In batches: a million rows in one statement would hold their locks for a minute. */
  private async bring(table: string, which: string): Promise<void> {
    const statement = bringForward(table, which);
    while ((await sql(this.db, statement, [BATCH])).length === BATCH);
  }
}
