import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { sql, sqlRow } from '../database/sql.js';
import { pauseOf } from '../ledger/throttle.js';

/**
 * Requests a second of the whole fleet, and how many may come at once. TMDB says that it turns away somewhere above 50
 * a second; less than that leaves room for others who use the same address.
 */
const RATE = { perSecond: 40, atOnce: 10 };
const STEP = 1 / RATE.perSecond;
/** Longest wait for a turn or for the end of a pause that is told, seconds. A job that waits has its worker's place. */
export const LONGEST_WAIT = 20;

/**
 * Takes the next turn, unless too many wait, or the provider is known to be away. Turns begin once a pause is over.
 */
const TURN = `WITH pauses AS (SELECT
    GREATEST(extract(epoch FROM max(until) FILTER (WHERE name = 'facts') - now()), 0)::float8 AS told,
    COALESCE(max(until) FILTER (WHERE name = 'facts-away') > now(), false) AS away
  FROM throttles WHERE name IN ('facts', 'facts-away')),
  turn AS (INSERT INTO throttles AS own (name, until, wait_seconds)
    SELECT 'facts-turn', now() + make_interval(secs => ${STEP}), ${LONGEST_WAIT} FROM pauses WHERE NOT away
    ON CONFLICT (name) DO UPDATE SET wait_seconds = EXCLUDED.wait_seconds, until = make_interval(secs => ${STEP})
      + GREATEST(own.until, now() - make_interval(secs => ${RATE.atOnce * STEP}))
      WHERE own.until < now() + make_interval(secs => ${LONGEST_WAIT})
    RETURNING until)
  SELECT told + GREATEST((SELECT extract(epoch FROM until - now()) FROM turn)::float8 - ${STEP}, 0) AS wait,
    EXISTS (SELECT 1 FROM turn) AS taken FROM pauses`;

const CALM = `UPDATE throttles SET untold = 0 WHERE name IN ('facts', 'facts-away') AND untold > 0`;

/** The provider cannot be asked now. The message says why, for the log. */
export class Away extends Error {}

/**
 * How fast the provider of facts is asked: by all workers together, by the database's clock, and with the pauses that
 * it asks for. While it does not answer, nobody asks: a job would only wait for its time-outs.
 */
@Injectable()
export class Pace {
  private readonly logger = new Logger('Facts');
  /** Whether this process has asked for a pause since the last request that went well. */
  private troubled = false;

  constructor(private readonly db: DataSource) {}

  /** Waits for a turn. @throws Away */
  async turn(signal: AbortSignal): Promise<void> {
    const { wait, taken } = await sqlRow<{ wait: number; taken: boolean }>(this.db, TURN);
    if (!taken || wait > LONGEST_WAIT) throw new Away(taken ? 'it asks for a pause' : 'it is away, or too many wait');
    if (wait > 0) await sleep(wait * 1000, undefined, { signal });
  }

  /** What the last pause was about is over. */
  async isWell(): Promise<void> {
    if (!this.troubled) return;
    this.troubled = false;
    await sql(this.db, CALM);
  }

  /** The provider asks for a pause; all wait for its end. @param toldMs `null`: it does not say how long */
  rest(toldMs: number | null, reason: string, began: string): Promise<void> {
    return this.pause('facts', toldMs, reason, began);
  }

  /** The provider does not answer, or turns us away; nobody asks for a while. */
  leave(forMs: number | null, reason: string, began: string): Promise<void> {
    return this.pause('facts-away', forMs, reason, began);
  }

  private async pause(name: 'facts' | 'facts-away', ms: number | null, reason: string, began: string): Promise<void> {
    this.troubled = true;
    const parameters = [ms === null ? null : ms / 1000, reason, began];
    const { until, begins } = await sqlRow<{ until: Date; begins: boolean }>(this.db, pauseOf(name), parameters);
    if (begins) this.logger.warn({ msg: 'the provider of facts is not asked for a while', until, reason });
  }
}
