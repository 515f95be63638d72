import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Doer, noteDeed } from '../audit/audit-log.js';
import { sql } from '../database/sql.js';
import { inTransaction } from '../database/transaction.js';
import { type AnyQueueName, QUEUE_OF_ROW, WEBHOOK_QUEUE } from '../domain/queues.js';

/** For a WHERE on generation_jobs: no operator has paused the job's queue. */
export const NOT_PAUSED = `NOT EXISTS (SELECT 1 FROM queue_pauses WHERE queue = ${QUEUE_OF_ROW})`;

/** The same for messages to webhooks. */
export const WEBHOOKS_NOT_PAUSED = `NOT EXISTS (SELECT 1 FROM queue_pauses WHERE queue = '${WEBHOOK_QUEUE}')`;

/** How old a process' knowledge of the pauses may be, milliseconds. So long may a resumed queue still rest. */
const FRESH_MS = 500;

/**
 * Queues that an operator has paused. A pause is a row of the ledger, so it works with both drivers and outlives the
 * queue's server. While it is there, claims are refused and workers keep their deliveries. Ids still go into the queue,
 * which grows as it does while all workers are busy.
 */
@Injectable()
export class Pauses {
  private readonly logger = new Logger('Queues');
  private known: Promise<Set<string>> = Promise.resolve(new Set());
  private knownAt = -Infinity;

  constructor(private readonly db: DataSource) {}

  /** Running jobs run to their end. A queue that is paused already keeps the time of its pause. */
  async pause(queue: AnyQueueName, doer: Doer): Promise<void> {
    const isNew = await inTransaction(this.db, async (tx) => {
      const added = await sql(tx, 'INSERT INTO queue_pauses (queue) VALUES ($1) ON CONFLICT DO NOTHING RETURNING 1', [
        queue,
      ]);
      const deed = { action: 'pause_queue', target_kind: 'QUEUE', target: queue, details: {} } as const;
      if (added.length > 0) await noteDeed(tx, doer, deed);
      return added.length > 0;
    });
    if (isNew) this.logger.log({ msg: 'queue paused', queue });
  }

  /** @param now whether the operator ends other waits as well, which is a deed of its own */
  async resume(queue: AnyQueueName, doer: Doer, now = false): Promise<void> {
    const wasPaused = await inTransaction(this.db, async (tx) => {
      const text = 'DELETE FROM queue_pauses WHERE queue = $1 RETURNING paused_at';
      const [pause] = await sql<{ paused_at: Date }>(tx, text, [queue]);
      const details = { paused_at: pause?.paused_at ?? null, now };
      const deed = { action: 'resume_queue', target_kind: 'QUEUE', target: queue, details } as const;
      if (pause || now) await noteDeed(tx, doer, deed);
      return pause !== undefined;
    });
    if (wasPaused) this.logger.log({ msg: 'queue resumed', queue });
  }

  /**
   * At most half a second old. However many deliveries of a process wait, together they ask the database twice a
   * second.
   */
  async isPaused(queue: AnyQueueName): Promise<boolean> {
    if (performance.now() - this.knownAt > FRESH_MS) {
      this.knownAt = performance.now();
      this.known = this.paused();
    }
    return (await this.known).has(queue);
  }

  private async paused(): Promise<Set<string>> {
    const rows = await sql<{ queue: string }>(this.db, 'SELECT queue FROM queue_pauses');
    return new Set(rows.map(({ queue }) => queue));
  }
}
