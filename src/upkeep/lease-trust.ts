import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { sqlRow } from '../database/sql.js';

/**
 * Tells a lost worker from a database that was away. Every sweep writes its time into one row. If there was no sweep
 * for half a lease, PostgreSQL was stopped, unreachable or read-only. Then no worker could renew its leases either, so
 * expired leases mean nothing. The workers get another half lease to renew before an expired one counts as a crash.
 *
 * A worker that alone is cut off does lose its leases. From here it looks like a dead one, and its jobs go on
 * elsewhere.
 */
@Injectable()
export class LeaseTrust {
  constructor(
    private readonly db: DataSource,
    private readonly config: Config,
  ) {}

  /**
   * Writes the time of a sweep. It limits `leases_trusted_from`, in case the server's clock was set back.
   * @returns whether an expired lease means that its worker is gone
   */
  async recordSweep(): Promise<boolean> {
    const { trusted } = await sqlRow<{ trusted: boolean }>(
      this.db,
      `INSERT INTO sweeps DEFAULT VALUES
       ON CONFLICT (one_row) DO UPDATE SET swept_at = now(),
         leases_trusted_from = CASE
           WHEN now() - sweeps.swept_at > make_interval(secs => $1) THEN now() + make_interval(secs => $1)
           ELSE LEAST(sweeps.leases_trusted_from, now() + make_interval(secs => $1)) END
       RETURNING leases_trusted_from <= now() AS trusted`,
      [this.config.leaseMs / 2000],
    );
    return trusted;
  }

  /**
   * Forgets the last sweep at a start on the embedded database. It serves one process only, so no worker of before
   * needs time to renew.
   */
  async forgetLastSweep(): Promise<void> {
    if (this.config.embedded) await sqlRow(this.db, 'DELETE FROM sweeps RETURNING one_row');
  }
}
