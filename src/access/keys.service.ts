import { v7 as uuidv7 } from 'uuid';
import { type Doer, noteDeed } from '../audit/audit-log.js';
import { type Database, sql, sqlRow } from '../database/sql.js';
import { inTransaction } from '../database/transaction.js';
import type { ApiKey } from './api-key.entity.js';
import { digestOf, newKeyText } from './key-text.js';
import type { Scope } from './scopes.js';

/** A key as an operator sees it: everything except its digest. */
export type KeyRow = Omit<ApiKey, 'hash' | 'project_id'> & {
  /** Name of its project; `null`: it is older than projects. */
  project: string | null;
};

const COLUMNS = `id, name, scopes, created_at, expires_at, last_used_at, revoked_at, daily_tokens::float8, rate_limit,
  (SELECT project.name FROM projects AS project WHERE project.id = project_id) AS project`;

/** What an operator says of a new key. */
export interface NewKey {
  name: string;
  scopes: readonly Scope[];
  /** How long it is valid, in days or until then; `null`: until it is revoked. */
  days: number | Date | null;
  /** Tokens that its jobs may take a day; `null`: as many as they need. */
  dailyTokens: number | null;
  /** Requests for texts a minute; `null`: as many as the settings say. */
  rateLimit: number | null;
  /** Made where there is none of that name. */
  project: string;
}

/** The operators' work with keys. It has no decorator, because the commands use it without the application. */
export class KeysService {
  constructor(private readonly db: Database) {}

  /** @returns the row, and the text of the key, which cannot be read again */
  async create(key: NewKey, doer: Doer): Promise<{ row: KeyRow; text: string }> {
    const text = newKeyText();
    const row = await inTransaction(this.db, async (tx) => {
      const made = await insert(tx, key, text);
      const { id, created_at: _, last_used_at: __, revoked_at: ___, ...after } = made;
      await noteDeed(tx, doer, { action: 'create_key', target_kind: 'KEY', target: id, details: { after } });
      return made;
    });
    return { row, text };
  }

  /** Newest first, with the revoked keys. */
  list(): Promise<KeyRow[]> {
    return sql<KeyRow>(this.db, `SELECT ${COLUMNS} FROM api_keys ORDER BY created_at DESC, id DESC`);
  }

  /** Ends a key for ever; a second call changes nothing. @returns `null` when there is no such key */
  revoke(id: string, doer: Doer): Promise<KeyRow | null> {
    return inTransaction(this.db, async (tx) => {
      const text = `UPDATE api_keys SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL RETURNING ${COLUMNS}`;
      const [row] = await sql<KeyRow>(tx, text, [id]);
      if (!row) return (await sql<KeyRow>(tx, `SELECT ${COLUMNS} FROM api_keys WHERE id = $1`, [id]))[0] ?? null;
      const details = { name: row.name, scopes: row.scopes };
      await noteDeed(tx, doer, { action: 'revoke_key', target_kind: 'KEY', target: id, details });
      return row;
    });
  }
}

async function insert(
  tx: Database,
  { name, scopes, days, dailyTokens, rateLimit, project }: NewKey,
  text: string,
): Promise<KeyRow> {
  await sql(tx, 'INSERT INTO projects (id, name) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING', [uuidv7(), project]);
  const [until, left] = days instanceof Date ? [days, null] : [null, days];
  return sqlRow<KeyRow>(
    tx,
    `INSERT INTO api_keys (id, name, hash, scopes, expires_at, daily_tokens, rate_limit, project_id)
        VALUES ($1, $2, $3, $4, COALESCE($5::timestamptz, now() + make_interval(days => $6)), $7, $8,
          (SELECT id FROM projects WHERE name = $9))
       RETURNING ${COLUMNS}`,
    [uuidv7(), name, digestOf(text), [...new Set(scopes)], until, left, dailyTokens, rateLimit, project],
  );
}
