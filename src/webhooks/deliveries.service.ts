import { Injectable, Logger } from '@nestjs/common';
import { EventEmitter } from 'node:events';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Config } from '../config/config.js';
import { type Doer, noteDeed } from '../audit/audit-log.js';
import { type Database, sql } from '../database/sql.js';
import { inTransaction } from '../database/transaction.js';
import { logFields, waitFields } from '../ledger/about-job.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { WEBHOOKS_NOT_PAUSED } from '../ledger/pauses.js';
import { AT_ONCE } from '../ledger/waits.js';
import { inHandSeconds } from './delivery-waits.js';
import type { AttemptEnd } from './events.js';
import type { MessageContent } from './message.js';
import { nextAfter } from './schedule.js';
import type { Outcome } from './sender.js';
import { ownerOf } from '../ledger/owner.js';
import type { JobWebhook } from './job-webhook.entity.js';
import type { WebhookDelivery } from './webhook-delivery.entity.js';

/** A delivery with its endpoint. */
export type DeliveryRow = WebhookDelivery & Pick<JobWebhook, 'url' | 'api_key_id' | 'job_id' | 'batch_id'>;

/** A delivery that a worker has, with the content of its message. */
export type Claimed = MessageContent &
  Pick<GenerationJob, 'traceparent'> & { request_id: string | null } & Pick<
    DeliveryRow,
    'id' | 'dispatch' | 'attempts' | 'url' | 'api_key_id'
  > & {
    /** When it was claimed, by the database's clock. */
    attempted_at: Date;
    /** Whether the endpoint answered 410 before. */
    gone: boolean;
  };

/** Most deliveries of a job in its list, the newest first. */
const LISTED = 200;
const DUE = `status = 'PENDING' AND run_at <= now()`;
const NOT_IN_HAND = 'in_hand = false, dispatched_at = NULL';
const ENDED = `${NOT_IN_HAND}, finished_at = now()`;
const HELD = `id = $1 AND dispatch = $2 AND in_hand`;
/** Whether the endpoint of `webhook` answered 410. */
const GONE = `EXISTS (SELECT 1 FROM webhook_disabled_endpoints AS gone
  WHERE gone.url = webhook.url AND ${ownerOf('gone.api_key_id')} = ${ownerOf('webhook.api_key_id')})`;

/**
 * The states of a delivery, as jobs.service.ts has those of a job; a trigger of the database makes the row:
 *
 *   PENDING → claim (in hand) → DELIVERED
 *      ↑                     ├→ PENDING, later; FAILED after the last attempt
 *      ↑                     └→ DISABLED: 410, or the endpoint said 410 before
 *      └── replay ← DELIVERED, FAILED, DISABLED
 *
 * A delivery that a worker has lost becomes due by itself: a claim sets `run_at` to its latest end.
 */
@Injectable()
export class DeliveriesService {
  /**
   * `dispatchable`: a row waits for the dispatcher; messages that jobs make are found by polling. `attempted`: what
   * became of an attempt is written down.
   */
  readonly events = new EventEmitter<{ dispatchable: []; attempted: [end: AttemptEnd] }>();
  private readonly logger = new Logger('Webhooks');

  constructor(
    private readonly db: DataSource,
    private readonly config: Config,
  ) {}

  /** Takes a due delivery for one attempt; `null`: it is not available (sent, taken, paused, or not due). */
  async claim(id: string): Promise<Claimed | null> {
    const [claimed] = await sql<Claimed>(
      this.db,
      `WITH claimed AS (
         UPDATE webhook_deliveries
         SET attempts = attempts + 1, dispatch = dispatch + 1, dispatched_at = NULL, in_hand = true,
           attempted_at = now(), run_at = now() + make_interval(secs => $2), wait_seconds = $2
         WHERE id = $1 AND ${DUE} AND ${WEBHOOKS_NOT_PAUSED} RETURNING *)
       SELECT claimed.*, webhook.url, webhook.api_key_id, webhook.job_id, webhook.batch_id, batch.total, job.entity,
         job.requested_slug, job.locale, job.context_tag, job.result, job.request_id, job.traceparent, ${GONE} AS gone
       FROM claimed JOIN job_webhooks AS webhook ON webhook.id = claimed.webhook_id
       LEFT JOIN generation_jobs AS job ON job.id = webhook.job_id
       LEFT JOIN batches AS batch ON batch.id = webhook.batch_id`,
      [id, inHandSeconds(this.config)],
    );
    return claimed ?? null;
  }

  /** Whether it could be claimed if the queue were not paused. */
  async isDue(id: string): Promise<boolean> {
    return (await sql(this.db, `SELECT 1 FROM webhook_deliveries WHERE id = $1 AND ${DUE}`, [id])).length > 0;
  }

  /** For a delivery that no worker used: the dispatcher hands it over again. */
  async undispatch(id: string): Promise<void> {
    await sql(
      this.db,
      `UPDATE webhook_deliveries SET dispatched_at = NULL, dispatch = dispatch + 1
       WHERE id = $1 AND status = 'PENDING' AND (NOT in_hand OR run_at <= now())`,
      [id],
    );
    this.events.emit('dispatchable');
  }

  /** Writes the outcome of an attempt, unless another attempt was made since. */
  async conclude(claimed: Claimed, outcome: Outcome): Promise<void> {
    const fields = aboutDelivery(claimed);
    if (outcome.error === null) {
      await this.end(claimed, 'DELIVERED', outcome);
      return this.logger.debug({ msg: 'webhook delivered', ...fields });
    }
    if (outcome.status === 410) return this.disable(claimed, outcome);
    const why = { status: outcome.status ?? undefined, reason: outcome.error };
    const next = nextAfter(claimed.attempts, this.config.webhooks.backoffMs, outcome.retryAfterMs ?? 0);
    if (next === null) {
      await this.end(claimed, 'FAILED', outcome);
      return this.logger.warn({ msg: 'webhook given up', ...fields, ...why });
    }
    const { waitMs, attempts } = next;
    const later = `run_at = now() + make_interval(secs => $5), wait_seconds = $5, attempts = $6, ${NOT_IN_HAND}`;
    await this.set(claimed, later, outcome, [waitMs / 1000, attempts]);
    this.events.emit('attempted', 'RETRIED');
    this.logger.warn({ msg: 'webhook not delivered', ...fields, ...why, ...waitFields(waitMs) });
  }

  /** The endpoint is gone: this delivery ends, and each other one to the endpoint ends when its turn comes. */
  async disable(claimed: Claimed, outcome: Outcome): Promise<void> {
    if (!claimed.gone)
      await sql(
        this.db,
        `INSERT INTO webhook_disabled_endpoints (id, api_key_id, url) VALUES ($1, $2, $3)
         ON CONFLICT (url, ${ownerOf('api_key_id')}) DO NOTHING`,
        [uuidv7(), claimed.api_key_id, claimed.url],
      );
    await this.end(claimed, 'DISABLED', outcome);
    this.logger.warn({ msg: 'webhook endpoint is gone', ...aboutDelivery(claimed), reason: outcome.error });
  }

  /** No attempt was made, because the worker stops or sends enough to that server already. It does not count. */
  async putBack({ id, dispatch }: Pick<Claimed, 'id' | 'dispatch'>, waitMs: number): Promise<void> {
    await sql(
      this.db,
      `UPDATE webhook_deliveries SET attempts = GREATEST(attempts - 1, 0), run_at = now() + make_interval(secs => $3),
         wait_seconds = GREATEST($3, ${AT_ONCE}), ${NOT_IN_HAND} WHERE ${HELD}`,
      [id, dispatch, waitMs / 1000],
    );
  }

  /**
   * Sends it again, under the same id and with all attempts; one that waits for its next attempt is sent now. A second
   * call at the same time finds it waiting.
   * @param doer an operator who sends what is not its own, which is written down; `null`: nobody like that
   */
  async replay({ id }: DeliveryRow, doer: Doer | null): Promise<DeliveryRow | null> {
    await inTransaction(this.db, async (tx) => {
      const deed = { action: 'replay_delivery', target_kind: 'DELIVERY', target: id, details: {} } as const;
      if ((await this.sendAgain(id, tx)) && doer) await noteDeed(tx, doer, deed);
    });
    this.events.emit('dispatchable');
    return this.find(id);
  }

  /** @returns whether it has to be sent again: it may wait already */
  private async sendAgain(id: string, tx: Database): Promise<boolean> {
    const again = await sql(
      tx,
      `UPDATE webhook_deliveries
       SET status = 'PENDING', attempts = 0, run_at = now(), wait_seconds = 0, dispatch = dispatch + 1,
         dispatched_at = NULL, finished_at = NULL
       WHERE id = $1 AND NOT in_hand AND (status <> 'PENDING' OR attempts > 0) RETURNING 1`,
      [id],
    );
    return again.length > 0;
  }

  /** A delivery, and whether its endpoint is gone. @param jobId only if it is of this job */
  async find(id: string, jobId: string | null = null): Promise<(DeliveryRow & Pick<Claimed, 'gone'>) | null> {
    const [row] = await sql<DeliveryRow & Pick<Claimed, 'gone'>>(
      this.db,
      `SELECT delivery.*, webhook.url, webhook.api_key_id, webhook.job_id, webhook.batch_id, ${GONE} AS gone
       FROM webhook_deliveries AS delivery JOIN job_webhooks AS webhook ON webhook.id = delivery.webhook_id
       WHERE delivery.id = $1 AND ($2::uuid IS NULL OR webhook.job_id = $2)`,
      [id, jobId],
    );
    return row ?? null;
  }

  /** The deliveries of a job, newest first. `owners`: only those of their webhooks; `undefined`: all. */
  list(jobId: string, owners: readonly (string | null)[] | undefined): Promise<DeliveryRow[]> {
    return sql<DeliveryRow>(
      this.db,
      `SELECT delivery.*, webhook.url, webhook.api_key_id, webhook.job_id, webhook.batch_id
       FROM webhook_deliveries AS delivery JOIN job_webhooks AS webhook ON webhook.id = delivery.webhook_id
       WHERE webhook.job_id = $1
         AND ($2 OR ${ownerOf('webhook.api_key_id')} IN (SELECT ${ownerOf('one')} FROM unnest($3::uuid[]) AS one))
       ORDER BY delivery.created_at DESC, delivery.id DESC LIMIT $4`,
      [jobId, owners === undefined, owners ?? [], LISTED],
    );
  }

  private async end(claimed: Claimed, status: Exclude<AttemptEnd, 'RETRIED'>, outcome: Outcome): Promise<void> {
    await this.set(claimed, `status = '${status}', ${ENDED}`, outcome);
    this.events.emit('attempted', status);
  }

  private async set(
    { id, dispatch }: Claimed,
    changes: string,
    { status, error }: Outcome,
    more: unknown[] = [],
  ): Promise<void> {
    await sql(this.db, `UPDATE webhook_deliveries SET ${changes}, last_status = $3, last_error = $4 WHERE ${HELD}`, [
      id,
      dispatch,
      status,
      error,
      ...more,
    ]);
  }
}

/** Fields by which a log line names a message, and what it is about. */
const aboutDelivery = (claimed: Claimed) => ({
  delivery_id: claimed.id,
  ...(claimed.job_id === null
    ? { batch_id: claimed.batch_id }
    : logFields({ ...claimed, id: claimed.job_id, request_id: claimed.request_id! })),
  event: claimed.event,
  attempt: claimed.attempts,
});
