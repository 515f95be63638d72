import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Doer, noteDeed } from '../audit/audit-log.js';
import { type Database, sql } from '../database/sql.js';
import { inTransaction } from '../database/transaction.js';
import { conflict } from '../http/problem.js';
import { newSecret } from './signature.js';
import { ownerOf } from '../ledger/owner.js';
import type { WebhookSecret } from './webhook-secret.entity.js';

/** How long an old secret also signs after a rotation. */
const OVERLAP = `interval '24 hours'`;
/**
 * Most secrets that sign at once: one for each rotation that a day allows, so that no receiver loses its secret too
 * soon.
 */
const MAX_SECRETS = 5;

export const rotatedTooOften = () =>
  conflict(`${MAX_SECRETS} secrets sign already. The oldest of them ends within 24 hours; rotate then.`);

const OF_OWNER = `${ownerOf('api_key_id')} = ${ownerOf('$1::uuid')}`;

/**
 * The secrets that sign the messages of each key; `null`: of callers that need no key. Made on first use, never logged.
 */
@Injectable()
export class SecretsService {
  private readonly logger = new Logger('Webhooks');

  constructor(private readonly db: DataSource) {}

  /** All secrets that sign now, the current one first. Two first uses at once result in one secret. */
  async ofOwner(apiKeyId: string | null, db: Database = this.db): Promise<[WebhookSecret, ...WebhookSecret[]]> {
    const known = await this.find(db, apiKeyId);
    if (known.some(({ expires_at }) => expires_at === null)) return known as [WebhookSecret, ...WebhookSecret[]];
    await this.add(db, apiKeyId);
    return (await this.find(db, apiKeyId)) as [WebhookSecret, ...WebhookSecret[]];
  }

  /** @throws ProblemException 409 after too many rotations within a day */
  async rotate(apiKeyId: string | null, doer: Doer): Promise<[WebhookSecret, ...WebhookSecret[]]> {
    const secrets = await inTransaction(this.db, async (tx) => {
      // A second rotation at the same time waits here. A lock on the current row would admit both, each with its own
      // row.
      await sql(tx, 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `webhook secret of ${apiKeyId ?? 'all'}`,
      ]);
      await this.ofOwner(apiKeyId, tx);
      if ((await this.find(tx, apiKeyId)).length >= MAX_SECRETS) throw rotatedTooOften();
      await sql(
        tx,
        `UPDATE webhook_secrets SET expires_at = now() + ${OVERLAP} WHERE ${OF_OWNER} AND expires_at IS NULL`,
        [apiKeyId],
      );
      await this.add(tx, apiKeyId);
      await noteDeed(tx, doer, { action: 'rotate_webhook_secret', target_kind: 'KEY', target: apiKeyId, details: {} });
      return (await this.find(tx, apiKeyId)) as [WebhookSecret, ...WebhookSecret[]];
    });
    this.logger.log({ msg: 'webhook secret rotated', api_key_id: apiKeyId });
    return secrets;
  }

  /** Deletes secrets that sign no more, and limits how long the others sign. @returns how many it deleted */
  async prune(): Promise<number> {
    await sql(
      this.db,
      `UPDATE webhook_secrets SET expires_at = now() + ${OVERLAP}
        WHERE expires_at > now() + ${OVERLAP} + interval '1 second'`,
    );
    return (await sql(this.db, 'DELETE FROM webhook_secrets WHERE expires_at < now() RETURNING id')).length;
  }

  private find(db: Database, apiKeyId: string | null): Promise<WebhookSecret[]> {
    return sql<WebhookSecret>(
      db,
      `SELECT * FROM webhook_secrets WHERE ${OF_OWNER} AND (expires_at IS NULL OR expires_at > now())
       ORDER BY expires_at DESC NULLS FIRST`,
      [apiKeyId],
    );
  }

  private async add(db: Database, apiKeyId: string | null): Promise<void> {
    await sql(
      db,
      `INSERT INTO webhook_secrets (id, api_key_id, secret) VALUES ($1, $2, $3)
       ON CONFLICT (${ownerOf('api_key_id')}) WHERE expires_at IS NULL DO NOTHING`,
      [uuidv7(), apiKeyId, newSecret()],
    );
  }
}
