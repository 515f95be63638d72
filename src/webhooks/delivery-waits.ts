import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { sql } from '../database/sql.js';
import { beyond, SLACK } from '../ledger/waits.js';

/** Time that a delivery stays in hand beyond the longest attempt, milliseconds; then it is made again. */
const GRACE_MS = 2000;

/** How long a message stays with one worker at most. */
export const inHandSeconds = ({ webhooks }: Config) => (webhooks.timeoutMs + GRACE_MS) / 1000;

/**
 * A message without an attempt has never waited. After an attempt, 0 means that the version before has written the row.
 */
const WAIT = `CASE attempts WHEN 0 THEN COALESCE(wait_seconds, 0) ELSE NULLIF(wait_seconds, 0) END`;
/** $2: {@link inHandSeconds}. */
const FURTHEST = `CASE WHEN in_hand THEN GREATEST(wait_seconds, $2::float8) ELSE ${WAIT} END`;
/**
 * When `run_at` was written, in seconds since 1970. It must be the same expression as in the index
 * webhook_deliveries_written_at.
 */
const WRITTEN_AT = `(date_part('epoch', run_at - timestamptz 'epoch') - ${WAIT})`;

/** Brings messages forward that lie too far ahead since PostgreSQL's clock was set back, as waits.ts does with jobs. */
@Injectable()
export class DeliveryWaits {
  constructor(
    private readonly db: DataSource,
    private readonly config: Config,
  ) {}

  /** @param limit rows of a kind @returns how many */
  async shorten(limit: number): Promise<number> {
    return (await this.shortenDispatched(limit)) + (await this.shortenWaits(limit));
  }

  /**
   * Messages in the queue, which may have dropped one as too early. The dispatcher hands it over again, under the same
   * id in the queue.
   */
  private shortenDispatched(limit: number): Promise<number> {
    const again = 'dispatched_at = NULL, run_at = LEAST(run_at, now())';
    return this.set(again, beyond('dispatched_at', '0'), [limit]);
  }

  /** Messages that wait for the next attempt, or for the latest end of the running one, whose worker may be gone. */
  private shortenWaits(limit: number): Promise<number> {
    return this.set(
      `run_at = now() + make_interval(secs => ${FURTHEST})`,
      `dispatched_at IS NULL AND ${WRITTEN_AT} > date_part('epoch', now()) + ${SLACK}
        AND ${beyond('run_at', FURTHEST)}`,
      [limit, inHandSeconds(this.config)],
    );
  }

  private async set(changes: string, which: string, parameters: [limit: number, ...more: number[]]): Promise<number> {
    const rows = await sql(
      this.db,
      `UPDATE webhook_deliveries SET ${changes} WHERE id = ANY (ARRAY(SELECT id FROM webhook_deliveries
         WHERE status = 'PENDING' AND ${which} LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED)) RETURNING id`,
      parameters,
    );
    return rows.length;
  }
}
