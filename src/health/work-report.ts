import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { HealthReads } from '../database/pools.js';
import { type Session, sqlRow } from '../database/sql.js';
import { type AnyQueueName, QUEUE_OF_ROW } from '../domain/queues.js';
import { LONGEST_WAIT } from '../facts/pace.js';
import { DAILY_TOKENS } from '../ledger/model-report.js';
import { NO_PENDING_MESSAGE } from '../ledger/pending-messages.js';
import { within } from '../timing/within.js';

/** A job that is due for as long, while a worker that beats has a free place, has been left lying; seconds. */
export const LEFT_SECONDS = 60;
/** Most rows of a kind that are counted: what is found is found by fewer. */
const MOST = 10_000;

/** What becomes of the work, beyond what the queues tell. */
export interface WorkReport {
  /** Jobs that ended over the last hour; of those that failed, without what no model knows. */
  last_hour: { ended: number; failed: number };
  /** Messages to webhooks over the last hour. */
  messages: { delivered: number; failing: number };
  disabled_endpoints: number;
  /** Rows that should have been forgotten a day ago. */
  overdue: Record<'jobs' | 'batches' | 'idempotency keys' | 'endpoints', number>;
  /** Of this day; `limit` `null`: none. */
  tokens: { used: number; limit: number | null };
  /** Why the provider of facts is not asked, and for how long yet; `null`: it is asked. */
  facts_away: { reason: string; seconds: number } | null;
  /** Workers that took jobs lately, by queue. Filled only while jobs are left lying. */
  taken: { worker: string; queue: AnyQueueName }[];
  /** Living workers that keep to bounds which all workers share. */
  bounded: string[];
}

const countOf = (rows: string) => `(SELECT count(*)::int FROM (SELECT 1 ${rows} LIMIT ${MOST}) AS counted)`;
const LAST_HOUR = `now() - interval '1 hour'`;
/** $1: how long finished jobs are kept, days. */
const OVERDUE = 'now() - make_interval(days => $1 + 1)';
const ENDED = `status IN ('DONE', 'CANCELLED', 'EXPIRED')`;
const LATELY = `now() - interval '${LEFT_SECONDS} seconds'`;

/** Jobs that a worker has ended, or given back to wait for their next try. Those that run are counted elsewhere. */
const TAKEN = `SELECT worker, entity FROM generation_jobs WHERE ${ENDED} AND finished_at > ${LATELY}
  UNION (SELECT worker, entity FROM generation_jobs
    WHERE status = 'PENDING' AND dispatched_at IS NULL AND run_at > now() ORDER BY run_at LIMIT 500)
  UNION SELECT job.worker, job.entity FROM failed_jobs JOIN generation_jobs AS job ON job.id = job_id
    WHERE failed_at > ${LATELY}
  UNION SELECT worker, entity FROM generation_jobs WHERE status = 'IN_PROGRESS'`;
const IS_LEFT = `EXISTS (SELECT 1 FROM generation_jobs WHERE status = 'PENDING' AND run_at <= ${LATELY})`;

/** Jobs wait out a short pause themselves; in a longer one the model tells the facts. */
const FACTS_AWAY = `(name = 'facts-away' AND until > now())
  OR (name = 'facts' AND until > now() + interval '${LONGEST_WAIT} seconds')`;

/** Each part reads an index, and a bounded part of it. */
const WORK = `SELECT
  json_build_object(
    'ended', ${countOf(`FROM generation_jobs WHERE ${ENDED} AND finished_at > ${LAST_HOUR}`)},
    'failed', ${countOf(`FROM failed_jobs WHERE failed_at > ${LAST_HOUR}
      AND split_part(exception, ': ', 1) NOT IN ('NOT_FOUND', 'AMBIGUOUS')`)}) AS last_hour,
  json_build_object(
    'delivered', ${countOf(`FROM webhook_deliveries WHERE status = 'DELIVERED' AND finished_at > ${LAST_HOUR}`)},
    'failing', ${countOf(`FROM webhook_deliveries WHERE status = 'FAILED' AND finished_at > ${LAST_HOUR}`)}
      + ${countOf(`FROM webhook_deliveries WHERE status = 'PENDING' AND attempts > 0 AND NOT in_hand
        AND attempted_at > ${LAST_HOUR}`)}) AS messages,
  ${countOf('FROM webhook_disabled_endpoints')} AS disabled_endpoints,
  json_build_object(
    'jobs', ${countOf(`FROM generation_jobs AS job WHERE ${ENDED} AND finished_at < ${OVERDUE}
      AND ${NO_PENDING_MESSAGE('job_id = job.id')}`)},
    'batches', ${countOf(`FROM batches WHERE created_at < ${OVERDUE}
      AND NOT EXISTS (SELECT 1 FROM batch_jobs WHERE batch_id = batches.id)
      AND ${NO_PENDING_MESSAGE('batch_id = batches.id')}`)},
    'idempotency keys', ${countOf(`FROM idempotency_keys WHERE created_at < now() - interval '8 days'`)},
    'endpoints', ${countOf(`FROM webhook_disabled_endpoints WHERE disabled_at < ${OVERDUE}`)}) AS overdue,
  (SELECT row_to_json(day) FROM (${DAILY_TOKENS}) AS day) AS tokens,
  (SELECT json_build_object('reason', reason, 'seconds', ceil(extract(epoch FROM until - now()))::int) FROM throttles
    WHERE ${FACTS_AWAY} ORDER BY until DESC LIMIT 1) AS facts_away,
  CASE WHEN ${IS_LEFT} THEN (SELECT json_agg(one) FROM (SELECT worker, ${QUEUE_OF_ROW} AS queue
    FROM (${TAKEN}) AS taken WHERE worker IS NOT NULL) AS one) END AS taken,
  (SELECT COALESCE(array_agg(name), '{}') FROM workers WHERE bounded AND expires_at > now()) AS bounded`;

@Injectable()
export class WorkReader {
  constructor(
    private readonly reads: HealthReads,
    private readonly config: Config,
  ) {}

  /** Never throws. @returns `null`: PostgreSQL does not answer, or not in time */
  report(patienceMs: number): Promise<WorkReport | null> {
    const { retentionDays } = this.config;
    return within(
      patienceMs,
      this.reads.read((db) => workOf(db, retentionDays)),
    ).catch(() => null);
  }
}

async function workOf(db: Session, retentionDays: number): Promise<WorkReport> {
  type Row = Omit<WorkReport, 'taken'> & { taken: WorkReport['taken'] | null };
  const { taken, ...row } = await sqlRow<Row>(db, WORK, [retentionDays]);
  return { ...row, taken: taken ?? [] };
}
