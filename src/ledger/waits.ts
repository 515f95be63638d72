import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { sql } from '../database/sql.js';
import { MAX_RETRY_AFTER_MS } from '../domain/failure.js';
import { MAX_DEADLINE_SECONDS } from '../domain/vocabulary.js';

/**
 * `wait_seconds` of a row without a wait. It is not 0: after a try, 0 means that the version before has written the
 * row.
 */
export const AT_ONCE = 1;
/** A row may be this much too far ahead, seconds, because it was written while the sweep began. */
export const SLACK = 1;
/** For a WHERE: the time lies further ahead than so many seconds. */
export const beyond = (time: string, seconds: string) =>
  `${time} > now() + make_interval(secs => ${seconds} + ${SLACK})`;
/** How far ahead the `run_at` of a waiting row may lie, seconds; NULL: not known. */
const WAIT = `CASE attempts WHEN 0 THEN wait_seconds ELSE NULLIF(wait_seconds, 0) END`;

const LEASE = 'GREATEST(wait_seconds, $2::float8)';

/**
 * Brings rows forward whose time lies further ahead than it ever should. That happens when PostgreSQL's clock was set
 * back: rows with an old time would wait for that much longer. Each row keeps how far ahead its time was, and never
 * waits longer than that from now on. Where no such number is kept, the longest wait by the settings or the contract
 * holds.
 *
 * A living worker renews its lease long before the shortened one ends. A worker that lost its lease is still fenced out
 * by its token.
 */
@Injectable()
export class Waits {
  constructor(
    private readonly db: DataSource,
    private readonly config: Config,
  ) {}

  /** @param limit rows of a kind @returns how many jobs were brought forward */
  async shorten(limit: number): Promise<number> {
    await this.shortenPause();
    await this.shortenHeartbeats();
    const counts = [
      await this.shortenWaits(limit),
      await this.shortenDispatched(limit),
      await this.shortenLeases(limit),
      await this.shortenDeadlines(limit),
    ];
    return counts.reduce((sum, count) => sum + count);
  }

  /** Jobs between two tries, or before the first. They are few: reading each costs less than another index. */
  private shortenWaits(limit: number): Promise<number> {
    return this.set(
      `run_at = now() + make_interval(secs => wait_seconds)`,
      `status = 'PENDING' AND dispatched_at IS NULL AND run_at > now() AND ${beyond('run_at', WAIT)}`,
      [limit],
    );
  }

  /**
   * Jobs in the queue, which may have dropped one as too early. The dispatcher hands it over again, under the same id
   * in the queue.
   */
  private shortenDispatched(limit: number): Promise<number> {
    return this.set(
      `dispatched_at = NULL, run_at = LEAST(run_at, now())`,
      `status = 'PENDING' AND ${beyond('dispatched_at', '0')}`,
      [limit],
    );
  }

  private shortenLeases(limit: number): Promise<number> {
    return this.set(
      `lease_expires_at = now() + make_interval(secs => ${LEASE})`,
      `status = 'IN_PROGRESS' AND lease_expires_at > now() AND ${beyond('lease_expires_at', LEASE)}`,
      [limit, this.config.leaseMs / 1000],
    );
  }

  private shortenDeadlines(limit: number): Promise<number> {
    return this.set(
      `deadline_at = now() + make_interval(secs => ${MAX_DEADLINE_SECONDS}), revision = revision + 1`,
      `status = 'PENDING' AND started_at IS NULL AND ${beyond('deadline_at', String(MAX_DEADLINE_SECONDS))}`,
      [limit],
    );
  }

  private async set(changes: string, which: string, parameters: [limit: number, ...more: number[]]): Promise<number> {
    const rows = await sql(
      this.db,
      `UPDATE generation_jobs SET ${changes}
        WHERE id = ANY (ARRAY(SELECT id FROM generation_jobs WHERE ${which} LIMIT $1
         FOR NO KEY UPDATE SKIP LOCKED)) RETURNING id`,
      parameters,
    );
    return rows.length;
  }

  /** The pause that the model's service asked for, and the next look at a model that is held. */
  private async shortenPause(): Promise<void> {
    const longest = 'COALESCE(wait_seconds, $1::float8)';
    await sql(
      this.db,
      `WITH probes AS (UPDATE model_breakers SET next_probe_at = now() + make_interval(secs => wait_seconds),
          opened_at = LEAST(opened_at, now())
        WHERE opened_at IS NOT NULL AND ${beyond('next_probe_at', 'wait_seconds')})
       UPDATE throttles SET until = now() + make_interval(secs => ${longest}), since = LEAST(since, now())
        WHERE ${beyond('until', longest)}`,
      [MAX_RETRY_AFTER_MS / 1000],
    );
  }

  /** A worker that died must not count as alive until the old time. */
  private async shortenHeartbeats(): Promise<void> {
    await sql(
      this.db,
      `UPDATE workers SET seen_at = now(), expires_at = now() + (expires_at - seen_at) WHERE ${beyond('seen_at', '0')}`,
    );
  }
}
