import { v7 as uuidv7 } from 'uuid';
import { type Database, sql, sqlRow } from '../database/sql.js';
import type { ApiKey } from './api-key.entity.js';
import { digestOf, newKeyText } from './key-text.js';
import type { Scope } from './scopes.js';

/** A key as an operator sees it: everything except its digest. */
export type KeyRow = Omit<ApiKey, 'hash'>;

const COLUMNS = 'id, name, scopes, created_at, expires_at, last_used_at, revoked_at, daily_tokens::float8';

/** What an operator says of a new key. */
export interface NewKey {
  name: string;
  scopes: readonly Scope[];
  /** How long it is valid; `null`: until it is revoked. */
  days: number | null;
  /** Tokens that its jobs may take a day; `null`: as many as they need. */
  dailyTokens: number | null;
}

/** The operators' work with keys. It has no decorator, because the commands use it without the application. */
export class KeysService {
  constructor(private readonly db: Database) {}

  /** @returns the row, and the text of the key, which cannot be read again */
  async create({ name, scopes, days, dailyTokens }: NewKey): Promise<{ row: KeyRow; text: string }> {
    const text = newKeyText();
    const row = await sqlRow<KeyRow>(
      this.db,
      `INSERT INTO api_keys (id, name, hash, scopes, expires_at, daily_tokens)
        VALUES ($1, $2, $3, $4, now() + make_interval(days => $5), $6)
       RETURNING ${COLUMNS}`,
      [uuidv7(), name, digestOf(text), [...new Set(scopes)], days, dailyTokens],
    );
    return { row, text };
  }

  /** Newest first, with the revoked keys. */
  list(): Promise<KeyRow[]> {
    return sql<KeyRow>(this.db, `SELECT ${COLUMNS} FROM api_keys ORDER BY created_at DESC, id DESC`);
  }

  /** Ends a key for ever; a second call changes nothing. @returns `null` when there is no such key */
  async revoke(id: string): Promise<KeyRow | null> {
    const [row] = await sql<KeyRow>(
      this.db,
      `UPDATE api_keys SET revoked_at = COALESCE(revoked_at, now()) WHERE id = $1 RETURNING ${COLUMNS}`,
      [id],
    );
    return row ?? null;
  }
}
