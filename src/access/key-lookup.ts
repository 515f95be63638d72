import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { timingSafeEqual } from 'node:crypto';
import { DataSource } from 'typeorm';
import { Batched } from '../database/batched.js';
import { sql } from '../database/sql.js';
import type { Scope } from './scopes.js';

/**
 * How long a key is believed after it was looked up, milliseconds: so long a revoked one may still be used elsewhere.
 */
const FRESH_MS = 1000;
/** A text that is no key does not become one: for this long it is not asked about again, milliseconds. */
const WRONG_MS = 60_000;
/** Least time between two notes of a key's use, milliseconds. */
const USE_NOTED_MS = 60_000;
/** Keys remembered, and texts that were none; the longest not used go first. */
const REMEMBERED = 10_000;
/** Statements at once, so that one connection that hangs does not hold up all keys; and digests in one of them. */
const STATEMENTS = 3;
const DIGESTS = 500;

export interface ValidKey {
  id: string;
  scopes: Scope[];
}

type KeyRow = ValidKey & { hash: Buffer };

interface Known {
  key: ValidKey;
  freshUntil: number;
  useNotedUntil: number;
}

/**
 * Which key a digest belongs to: asked once a second and key, however many requests it sends. Digests that come while
 * others are being asked about go together in the next statement, so that a flood of made-up keys costs a few
 * connections at most, and a right key among them waits for one or two statements.
 */
@Injectable()
export class KeyLookup {
  private readonly known = new LRUCache<string, Known>({ max: REMEMBERED });
  private readonly wrong = new LRUCache<string, true>({ max: REMEMBERED, ttl: WRONG_MS });
  private readonly asking = new Map<string, Promise<ValidKey | null>>();

  private readonly batched = new Batched((digests: Buffer[]) => this.rowsOf(digests), STATEMENTS, DIGESTS);

  constructor(private readonly db: DataSource) {}

  /** Whether it was no key a moment ago. */
  isKnownWrong(digest: Buffer): boolean {
    return this.wrong.get(digest.toString('base64')) ?? false;
  }

  /**
   * @returns `null` when it is no key, or one that was revoked or has expired
   * @throws what the database throws while it is away: then nobody can tell
   */
  async find(digest: Buffer): Promise<ValidKey | null> {
    const name = digest.toString('base64');
    const known = this.known.get(name);
    const key = known && performance.now() < known.freshUntil ? known.key : await this.askOnce(name, digest);
    if (key) this.noteUse(name);
    return key;
  }

  /** For a while nobody is asked about it again. */
  rememberWrong(digest: Buffer): void {
    this.wrong.set(digest.toString('base64'), true);
  }

  /** Requests that come while the question is on its way share its answer. */
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
    const key = { id: row.id, scopes: row.scopes };
    const useNotedUntil = this.known.get(name)?.useNotedUntil ?? 0;
    this.known.set(name, { key, freshUntil: asked + FRESH_MS, useNotedUntil });
    return key;
  }

  private async rowsOf(digests: Buffer[]): Promise<(KeyRow | undefined)[]> {
    const rows = await sql<KeyRow>(
      this.db,
      `SELECT id, scopes, hash FROM api_keys
       WHERE hash = ANY($1::bytea[]) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
      [digests],
    );
    const found = new Map(rows.map((row) => [row.hash.toString('base64'), row]));
    return digests.map((digest) => found.get(digest.toString('base64')));
  }

  /** Not waited for, and lost when the database is away: nobody's request depends on it. */
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
