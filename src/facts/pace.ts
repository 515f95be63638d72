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

/** The provider's pauses by the database's clock. `shaken`: the last one that it did not tell the length of counts. */
const PAUSES = `SELECT now() AS began, GREATEST(now(), max(until) FILTER (WHERE name = 'facts')) AS resumes,
    COALESCE(max(until) FILTER (WHERE name = 'facts-away') > now(), false) AS away,
    COALESCE(bool_or(untold > 0), false) AS shaken
  FROM throttles WHERE name IN ('facts', 'facts-away')`;
const BEGAN = `to_json(began) #>> '{}' AS began`;
const LOOK = `SELECT ${BEGAN}, resumes > began AS paused, away, shaken FROM (${PAUSES}) AS pauses`;

/**
 * Takes the next turn, unless too many wait, or the provider is known to be away. Turns begin once a pause is over, and
 * no more of them at once than at any other time.
 */
const TURN = `WITH pauses AS (${PAUSES}),
  turn AS (INSERT INTO throttles AS own (name, until, wait_seconds)
    SELECT 'facts-turn', resumes + make_interval(secs => ${STEP}), ${LONGEST_WAIT} FROM pauses
    WHERE NOT away AND resumes <= now() + make_interval(secs => ${LONGEST_WAIT})
    ON CONFLICT (name) DO UPDATE SET wait_seconds = EXCLUDED.wait_seconds, until = make_interval(secs => ${STEP})
      + GREATEST(own.until, EXCLUDED.until - make_interval(secs => ${(RATE.atOnce + 1) * STEP}))
      WHERE own.until < now() + make_interval(secs => ${LONGEST_WAIT})
    RETURNING until)
  SELECT ${BEGAN}, away, shaken, EXISTS (SELECT 1 FROM turn) AS taken, GREATEST(
    extract(epoch FROM (SELECT until FROM turn) - began) - ${STEP}, extract(epoch FROM resumes - began))::float8 AS wait
  FROM pauses`;

/** What a turn tells of the provider. */
export interface Turn {
  /** When it began, by the database's clock, as PostgreSQL reads it. */
  began: string;
  /** Whether its last pauses would make the next one longer. */
  shaken: boolean;
}

const CALM = `UPDATE throttles SET untold = 0 WHERE name IN ('facts', 'facts-away') AND untold > 0`;

type Taken = Turn & { taken: boolean; away: boolean; wait: number };
type Looked = Turn & { paused: boolean; away: boolean };

/** The provider cannot be asked now. The message says why, for the log. */
export class Away extends Error {}

/**
 * How fast the provider of facts is asked: by all workers together, by the database's clock, and with the pauses that
 * it asks for. While it does not answer, nobody asks: a job would only wait for its time-outs.
 */
@Injectable()
export class Pace {
  private readonly logger = new Logger('Facts');

  constructor(private readonly db: DataSource) {}

  /** Waits for a turn, and for the end of a pause that begins meanwhile: then it is a later turn. @throws Away */
  async turn(signal: AbortSignal): Promise<Turn> {
    const latest = performance.now() + LONGEST_WAIT * 1000;
    for (;;) {
      const { taken, away, wait, ...turn } = await sqlRow<Taken>(this.db, TURN);
      const isLate = performance.now() + wait * 1000 > latest;
      if (!taken || isLate) throw new Away(away ? 'it is away' : 'it asks for a pause, or too many wait');
      if (wait === 0) return turn;
      await sleep(Math.ceil(wait * 1000), undefined, { signal });
      const { paused, away: isAway, ...now } = await sqlRow<Looked>(this.db, LOOK);
      if (isAway) throw new Away('it is away');
      if (!paused) return now;
    }
  }

  /** What the last pauses were about is over. */
  async isWell({ shaken }: Turn): Promise<void> {
    if (shaken) await sql(this.db, CALM);
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
    const parameters = [ms === null ? null : ms / 1000, reason, began];
    const { until, begins } = await sqlRow<{ until: Date; begins: boolean }>(this.db, pauseOf(name), parameters);
    if (begins) this.logger.warn({ msg: 'the provider of facts is not asked for a while', until, reason });
  }
}
