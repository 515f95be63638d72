import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { sql } from '../database/sql.js';
import { MAX_RETRY_AFTER_MS } from '../domain/failure.js';
import { MAX_DEADLINE_SECONDS } from '../domain/vocabulary.js';

/**
 * As `wait_seconds`: without a wait, and not 0, which after a try means that the version before has written the row.
 */
export const AT_ONCE = 1;
/** What lies so little too far ahead was written while the sweep began, seconds. */
export const SLACK = 1;
/** In a WHERE: no wait of so many seconds can have been meant. */
export const beyond = (time: string, seconds: string) =>
  `${time} > now() + make_interval(secs => ${seconds} + ${SLACK})`;
/** Of a row that waits: how far ahead its `run_at` may lie, seconds; NULL: nobody told. */
export const WAIT = `CASE attempts WHEN 0 THEN wait_seconds ELSE NULLIF(wait_seconds, 0) END`;

const LEASE = 'GREATEST(wait_seconds, $2::float8)';

/**
 * Brings forward what lies further ahead than it was ever meant to: PostgreSQL's clock was set back, and what waits
 * for a time of the old one would rest for as long as it was set back. Every such row keeps how far ahead its time
 * was, and never waits longer from now on. Where a wait is one of the settings or of the contract, the longest that
 * there is holds.
 *
 * A living worker renews its lease long before the shortened one ends, and whoever lost one is still fenced out by
 * its token.
 */
@Injectable()
export class Waits {
  constructor(
    private readonly db: DataSource,
    private readonly config: Config,
  ) {}

  /** @param limit rows of a kind. @returns how many jobs were brought forward */
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

  /** Between two tries, or before the first. They are few: a look at each costs less than another index. */
  private shortenWaits(limit: number): Promise<number> {
    return this.set(
      `run_at = now() + make_interval(secs => wait_seconds)`,
      `status = 'PENDING' AND dispatched_at IS NULL AND run_at > now() AND ${beyond('run_at', WAIT)}`,
      [limit],
    );
  }

  /** In the queue, which may have dropped it as too early: it is handed over again, under the same id there. */
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

  /** The one that the model's service asked for. */
  private async shortenPause(): Promise<void> {
    const longest = 'COALESCE(wait_seconds, $1::float8)';
    await sql(
      this.db,
      `UPDATE throttles SET until = now() + make_interval(secs => ${longest}), since = LEAST(since, now())
        WHERE ${beyond('until', longest)}`,
      [MAX_RETRY_AFTER_MS / 1000],
    );
  }

  /** A worker that died must not count as alive until then. */
  private async shortenHeartbeats(): Promise<void> {
    await sql(
      this.db,
      `UPDATE workers SET seen_at = now(), expires_at = now() + (expires_at - seen_at) WHERE ${beyond('seen_at', '0')}`,
    );
  }
}
