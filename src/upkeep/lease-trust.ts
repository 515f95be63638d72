import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { sqlRow } from '../database/sql.js';

/**
 * Tells a lost worker from a database that was away. Every sweep leaves its time in one row. When nobody could do so
 * for half a lease, PostgreSQL was stopped, unreachable or read-only, and no worker could renew anything either:
 * leases that ran out meanwhile say nothing. Then workers get another half lease to renew theirs before one that has
 * run out counts as a crash.
 *
 * A worker that alone is cut off does lose its leases: from here it cannot be told from one that died, and its jobs
 * go on elsewhere.
 */
@Injectable()
export class LeaseTrust {
  constructor(
    private readonly db: DataSource,
    private readonly config: Config,
  ) {}

  /**
   * Leaves the time of a sweep. No promise of trust lies further ahead than it may, should the server's clock be set
   * back.
   * @returns whether a lease that has run out means that its worker is gone
   */
  async swept(): Promise<boolean> {
    const { trusted } = await sqlRow<{ trusted: boolean }>(
      this.db,
      `INSERT INTO sweeps DEFAULT VALUES ON CONFLICT (one_row) DO UPDATE SET swept_at = now(),
         leases_trusted_from = CASE WHEN now() - sweeps.swept_at > make_interval(secs => $1) THEN now() + make_interval(secs => $1)
           ELSE LEAST(sweeps.leases_trusted_from, now() + make_interval(secs => $1)) END
       RETURNING leases_trusted_from <= now() AS trusted`,
      [this.config.leaseMs / 2000],
    );
    return trusted;
  }

  /** What ran here before is gone with the one process the embedded database serves: nobody needs time to renew. */
  async alone(): Promise<void> {
    if (this.config.embedded) await sqlRow(this.db, 'DELETE FROM sweeps RETURNING one_row');
  }
}
