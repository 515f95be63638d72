import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { type Doer, noteDeed } from '../audit/audit-log.js';
import { sql } from '../database/sql.js';
import { inTransaction } from '../database/transaction.js';
import type { DisabledEndpoint } from './disabled-endpoint.entity.js';
import { ownerOf } from '../ledger/owner.js';

const LISTED = 200;
const OF_OWNER = `($1 OR ${ownerOf('api_key_id')} = ${ownerOf('$2::uuid')})`;

/** Endpoints that answered 410. `owner`: the key they belong to; `undefined`: all keys, for operators. */
@Injectable()
export class EndpointsService {
  constructor(
    private readonly db: DataSource,
    private readonly config: Config,
  ) {}

  /** Newest first. */
  disabled(owner: string | null | undefined): Promise<DisabledEndpoint[]> {
    return sql<DisabledEndpoint>(
      this.db,
      `SELECT * FROM webhook_disabled_endpoints WHERE ${OF_OWNER} ORDER BY disabled_at DESC, id DESC LIMIT $3`,
      [owner === undefined, owner ?? null, LISTED],
    );
  }

  /** Later messages are sent again; those that ended DISABLED wait for a replay. @returns whether there was one */
  enable(id: string, owner: string | null | undefined, doer: Doer): Promise<boolean> {
    return inTransaction(this.db, async (tx) => {
      const [enabled] = await sql<DisabledEndpoint>(
        tx,
        `DELETE FROM webhook_disabled_endpoints WHERE ${OF_OWNER} AND id = $3 RETURNING *`,
        [owner === undefined, owner ?? null, id],
      );
      if (!enabled) return false;
      // The rest of its address may be a secret.
      const details = { origin: new URL(enabled.url).origin, of_key: enabled.api_key_id };
      await noteDeed(tx, doer, { action: 'enable_endpoint', target_kind: 'ENDPOINT', target: id, details });
      return true;
    });
  }

  /** Forgotten like finished jobs: an endpoint that is still gone answers 410 again. @returns how many */
  async prune(limit: number): Promise<number> {
    const pruned = await sql(
      this.db,
      `DELETE FROM webhook_disabled_endpoints WHERE id IN (SELECT id FROM webhook_disabled_endpoints
         WHERE disabled_at < now() - make_interval(days => $2) LIMIT $1) RETURNING id`,
      [limit, this.config.retentionDays],
    );
    return pruned.length;
  }
}
