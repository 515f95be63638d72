import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { timingSafeEqual } from 'node:crypto';
import { DataSource } from 'typeorm';
import { Batched } from '../database/batched.js';
import { sql } from '../database/sql.js';
import type { Scope } from './scopes.js';

/**
 * How long a key counts as valid after a look-up, milliseconds. For so long another process may accept a revoked key.
 */
const FRESH_MS = 1000;
/** How long a wrong key is not looked up again, milliseconds: it cannot become valid. */
const WRONG_MS = 60_000;
/** Least time between two records of a key's use, milliseconds. */
const USE_NOTED_MS = 60_000;
/** Most remembered keys and wrong keys; the least recently used go first. */
const REMEMBERED = 10_000;
/** Most statements at once, so that one hanging connection does not delay all keys; and most digests in a statement. */
const STATEMENTS = 3;
const DIGESTS = 500;

export interface ValidKey {
  id: string;
  scopes: Scope[];
  /** `null`: as many as they need. */
  daily_tokens: number | null;
  /** `null`: as many as the settings say. */
  rate_limit: number | null;
  /** All keys of its project, the revoked ones too; `null`: it is in none. */
  fellows: string[] | null;
  /** It was valid once. */
  expired: boolean;
}

type KeyRow = ValidKey & { hash: Buffer };

interface Known {
  key: ValidKey;
  freshUntil: number;
  useNotedUntil: number;
}

/**
 * Finds the key of a digest, once a second for each key, however many requests it sends. Digests that come during a
 * statement go together into the next one. So a flood of invented keys costs a few connections at most. A right key
 * among them waits for one or two statements.
 */
@Injectable()
export class KeyLookup {
  private readonly known = new LRUCache<string, Known>({ max: REMEMBERED });
  private readonly wrong = new LRUCache<string, true>({ max: REMEMBERED, ttl: WRONG_MS });
  private readonly asking = new Map<string, Promise<ValidKey | null>>();

  private readonly batched = new Batched((digests: Buffer[]) => this.rowsOf(digests), STATEMENTS, DIGESTS);

  constructor(private readonly db: DataSource) {}

  /** Whether the digest was found to be wrong a moment ago. */
  isKnownWrong(digest: Buffer): boolean {
    return this.wrong.get(digest.toString('base64')) ?? false;
  }

  /**
   * @returns `null` when it is no key, or the key was revoked
   * @throws the database's error while it is away: then the answer is not known
   */
  async find(digest: Buffer): Promise<ValidKey | null> {
    const name = digest.toString('base64');
    const known = this.known.get(name);
    const key = known && performance.now() < known.freshUntil ? known.key : await this.askOnce(name, digest);
    if (key && !key.expired) this.noteUse(name);
    return key;
  }

  /** The digest is not looked up again for {@link WRONG_MS}. */
  rememberWrong(digest: Buffer): void {
    this.wrong.set(digest.toString('base64'), true);
  }

  /** Requests that come during a look-up share its answer. */
  private askOnce(name: string, digest: Buffer): Promise<ValidKey | null> {
    const asked = this.asking.get(name) ?? this.ask(name, digest).finally(() => this.asking.delete(name));
    this.asking.set(name, asked);
    return asked;
  }

  private async ask(name: string, digest: Buffer): Promise<ValidKey | null> {
    const asked = performance.now();
    const row = await this.batched.ask(digest);
    if (!row || !timingSafeEqual(row.hash, digest)) {
      this.known.delete(name);
      return null;
    }
    const { hash: _, ...key } = row;
    const useNotedUntil = this.known.get(name)?.useNotedUntil ?? 0;
    this.known.set(name, { key, freshUntil: asked + FRESH_MS, useNotedUntil });
    return key;
  }

  private async rowsOf(digests: Buffer[]): Promise<(KeyRow | undefined)[]> {
    const rows = await sql<KeyRow>(
      this.db,
      `SELECT id, scopes, daily_tokens::float8, rate_limit, hash, COALESCE(expires_at <= now(), false) AS expired,
         (SELECT array_agg(id) FROM api_keys AS fellow WHERE fellow.project_id = own.project_id) AS fellows
       FROM api_keys AS own WHERE hash = ANY($1::bytea[]) AND revoked_at IS NULL`,
      [digests],
    );
    const found = new Map(rows.map((row) => [row.hash.toString('base64'), row]));
    return digests.map((digest) => found.get(digest.toString('base64')));
  }

  /** No request waits for it. While the database is away, the record is lost, which harms no request. */
  private noteUse(name: string): void {
    const known = this.known.get(name);
    if (!known || performance.now() < known.useNotedUntil) return;
    known.useNotedUntil = performance.now() + USE_NOTED_MS;
    sql(
      this.db,
      `UPDATE api_keys SET last_used_at = now()
       WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - make_interval(secs => $2))`,
      [known.key.id, USE_NOTED_MS / 1000 - 1],
    ).catch(() => undefined);
  }
}
