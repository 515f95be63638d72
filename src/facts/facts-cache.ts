import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { DataSource } from 'typeorm';
import { sql } from '../database/sql.js';

/** How long an answer is kept, and how much of them. */
const HOURS = 24;
const MOST_ROWS = 20_000;
const MOST_BYTES = 64 * 1024 * 1024;
/** A larger answer is not kept. Source: a CHECK of the database. */
const MOST_OF_ONE = 64 * 1024;
/** How often a process looks for what is too much, milliseconds. */
const LOOK_MS = 60_000;

/** What was answered, for a day: all workers know what one of them has asked. */
@Injectable()
export class FactsCache {
  private lookedAt = -Infinity;

  constructor(private readonly db: DataSource) {}

  /** The kept answer to a question, else what `ask` answers. What it throws is not kept, and `null` is. */
  async answer<T>(question: string, ask: () => Promise<T>): Promise<T> {
    const key = createHash('sha256').update(question).digest('hex');
    const [kept] = await sql<{ answer: T }>(
      this.db,
      'SELECT answer FROM facts_cache WHERE key = $1 AND expires_at > now()',
      [key],
    );
    if (kept) return kept.answer;
    const answer = await ask();
    await this.keep(key, JSON.stringify(answer));
    return answer;
  }

  private async keep(key: string, answer: string): Promise<void> {
    const bytes = Buffer.byteLength(answer);
    if (bytes > MOST_OF_ONE) return;
    await sql(
      this.db,
      `INSERT INTO facts_cache (key, answer, bytes, expires_at)
       VALUES ($1, $2::jsonb, $3, now() + interval '${HOURS} hours')
       ON CONFLICT (key) DO UPDATE SET answer = EXCLUDED.answer, bytes = EXCLUDED.bytes,
         expires_at = EXCLUDED.expires_at`,
      [key, answer, bytes],
    );
  }

  /**
   * Forgets what is past its time, and the oldest of what is too much. Between two looks there may be more, as much as
   * the provider lets us ask in a minute.
   * @returns how many rows
   */
  async prune(limit: number): Promise<number> {
    if (performance.now() < this.lookedAt + LOOK_MS) return 0;
    const gone = await sql(
      this.db,
      `DELETE FROM facts_cache WHERE key = ANY (ARRAY(SELECT key FROM (SELECT key, expires_at,
           row_number() OVER newest AS place, sum(bytes) OVER newest AS bytes
         FROM facts_cache WINDOW newest AS (ORDER BY expires_at DESC, key)) AS kept
         WHERE expires_at <= now() OR place > $1 OR bytes > $2 LIMIT $3)) RETURNING 1`,
      [MOST_ROWS, MOST_BYTES, limit],
    );
    if (gone.length < limit) this.lookedAt = performance.now();
    return gone.length;
  }
}
