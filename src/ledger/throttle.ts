import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { sql, sqlRow } from '../database/sql.js';
import { QUEUE_OF_ROW, type QueueName } from '../domain/queues.js';
import { USABLE_MODEL } from './held-models.js';
import { SPENT_BY_KEY } from './uses.js';

/**
 * For the WHERE of a claim: the job waits and is due, and its deadline has not passed. The deadline of a job that was
 * started before does not count any more.
 */
export const DUE = `status = 'PENDING' AND run_at <= now()
  AND (started_at IS NOT NULL OR deadline_at IS NULL OR deadline_at > now())`;

/** The same: no pause of the model's service is in force. */
export const NOT_THROTTLED = `NOT EXISTS (SELECT 1 FROM throttles WHERE name = 'model' AND until > now())`;

/** What keeps a due job from being claimed; all empty: it can be claimed now. */
export interface Hold {
  /** The job's queue, if an operator has paused it. */
  paused: QueueName | null;
  /** The rest of the pause that the model's service asked for, milliseconds; 0: none. */
  throttledMs: number;
  /** Whether its key has spent its tokens of this day; those of other keys do not wait behind it. */
  keyHasSpent: boolean;
  /** Whether every model that this worker would ask is held. */
  modelHeld: boolean;
}

/** A pause that the model's service has asked for and that is not over. */
export interface ModelPause {
  since: Date;
  until: Date;
  /** By the database's clock. */
  seconds_left: number;
  /** The answer of the service; `null`: a program of the version before wrote the row. */
  reason: string | null;
}

/** The pause in force, for reports: no row, or one. */
export const MODEL_PAUSE = `SELECT since, until, extract(epoch FROM until - now())::float AS seconds_left, reason
  FROM throttles
  WHERE name = 'model' AND until > now()`;

/**
 * A pause that becomes longer by less than this is not logged again, milliseconds: many calls are refused at about the
 * same time.
 */
const LOG_AGAIN_MS = 1000;

/** The first pause that the service does not say the length of, and the longest; each doubles the last one. Seconds. */
const UNTOLD = { first: 10, longest: 60 };

const OLD_LASTS = 'known.until > EXCLUDED.until OR EXCLUDED.wait_seconds = 0';

/** What a service may ask a pause for: calls of the model, or look-ups of facts. */
type Paused = 'model' | 'facts' | 'facts-away';

/** Sets a pause, and never shortens one. $1: seconds, `NULL`: untold; $2: the reason; $3: when the call began. */
export const pauseOf = (name: Paused) => `WITH pause AS MATERIALIZED (SELECT COALESCE($1::float8,
    (SELECT CASE WHEN $3::timestamptz < until THEN 0 ELSE LEAST(${UNTOLD.first} * 2 ^ untold, ${UNTOLD.longest}) END
     FROM throttles WHERE name = '${name}'), ${UNTOLD.first}) AS seconds,
    COALESCE((SELECT untold FROM throttles WHERE name = '${name}'), 0) AS untold)
  INSERT INTO throttles AS known (name, until, wait_seconds, reason, untold)
    SELECT '${name}', now() + make_interval(secs => seconds), seconds, $2,
      untold + ($1::float8 IS NULL AND seconds > 0)::int
    FROM pause
  ON CONFLICT (name) DO UPDATE SET
    until = CASE EXCLUDED.wait_seconds WHEN 0 THEN known.until ELSE GREATEST(known.until, EXCLUDED.until) END,
    untold = GREATEST(known.untold, EXCLUDED.untold),
    wait_seconds = CASE WHEN ${OLD_LASTS} THEN known.wait_seconds ELSE EXCLUDED.wait_seconds END,
    since = CASE WHEN known.until > now() OR EXCLUDED.wait_seconds = 0 THEN known.since ELSE now() END,
    reason = CASE WHEN ${OLD_LASTS} THEN known.reason ELSE EXCLUDED.reason END
  RETURNING until, since = now() AS begins`;

const PAUSE = pauseOf('model');

/** The pause a model's service asked for. It holds for all jobs of all workers, by the database's clock. */
@Injectable()
export class Throttle {
  private readonly logger = new Logger('Throttle');
  private loggedUntil = 0;

  constructor(
    private readonly db: DataSource,
    private readonly config: Config,
  ) {}

  /**
   * Never shortens a pause.
   * @param toldMs how long the service wants it to be, milliseconds; `null`: it does not say
   * @param began when the refused call began: one that began before the last pause says nothing new of it
   */
  async pause(toldMs: number | null, reason: string, began: string): Promise<void> {
    const parameters = [toldMs === null ? null : toldMs / 1000, reason, began];
    const { until, begins } = await sqlRow<{ until: Date; begins: boolean }>(this.db, PAUSE, parameters);
    if (!begins && until.getTime() <= this.loggedUntil + LOG_AGAIN_MS) return;
    this.loggedUntil = until.getTime();
    this.logger.warn({ msg: 'the model asks for a pause; all jobs wait', until: until.toISOString(), reason });
  }

  /** Ends it before its time; workers notice within half a second. */
  async lift(): Promise<void> {
    const lifted = await sql(this.db, `DELETE FROM throttles WHERE name = 'model' AND until > now() RETURNING 1`);
    if (lifted.length > 0) this.logger.warn({ msg: 'the pause that the model asked for is lifted by an operator' });
  }

  /** Why a job could not be claimed; `null`: it is not due, or not pending, or too late for its deadline. */
  async findHold(jobId: string): Promise<Hold | null> {
    const [row] = await sql<{ paused: QueueName | null; left: string | null; held: boolean; spent: boolean }>(
      this.db,
      `SELECT (SELECT queue FROM queue_pauses WHERE queue = ${QUEUE_OF_ROW}) AS paused,
         (SELECT EXTRACT(EPOCH FROM until - now()) * 1000 FROM throttles WHERE name = 'model' AND until > now())
           AS left,
         NOT EXISTS (${USABLE_MODEL('$2')}) AS held, ${SPENT_BY_KEY} AS spent
       FROM generation_jobs WHERE id = $1 AND ${DUE}`,
      [jobId, this.config.models],
    );
    if (!row) return null;
    const throttledMs = Math.ceil(Number(row.left ?? 0));
    return { paused: row.paused, throttledMs, keyHasSpent: row.spent, modelHeld: row.held };
  }
}
