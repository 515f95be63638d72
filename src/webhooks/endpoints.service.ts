import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { sql } from '../database/sql.js';
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
  async enable(id: string, owner: string | null | undefined): Promise<boolean> {
    const enabled = await sql(
      this.db,
      `DELETE FROM webhook_disabled_endpoints WHERE ${OF_OWNER} AND id = $3 RETURNING id`,
      [owner === undefined, owner ?? null, id],
    );
    return enabled.length > 0;
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
