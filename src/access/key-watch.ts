import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../database/sql.js';

/** How often the watch checks which keys are still valid, milliseconds. */
const LOOK_MS = 1000;

/** Ends long answers when their key ends. It runs one statement a second for all keys that have such answers. */
@Injectable()
export class KeyWatch implements OnApplicationShutdown {
  private readonly held = new Map<string, Set<() => void>>();
  private looking = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly db: DataSource) {}

  /**
   * @param keyId `null`: no key, so the answer is never ended
   * @param ended called once, when the key was revoked, has expired or is gone
   * @returns a function to call when the answer is over
   */
  whileValid(keyId: string | null, ended: () => void): () => void {
    if (keyId === null) return () => undefined;
    const holders = this.held.get(keyId) ?? new Set();
    this.held.set(keyId, holders.add(ended));
    this.timer ??= setInterval(() => void this.look(), LOOK_MS).unref();
    return () => {
      holders.delete(ended);
      if (holders.size === 0 && this.held.get(keyId) === holders) this.held.delete(keyId);
    };
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    if (this.looking || this.held.size === 0) return;
    this.looking = true;
    const ids = [...this.held.keys()];
    // While the database is away, every key counts as valid; the next look is a second away.
    const valid = await this.validOf(ids).catch(() => new Set(ids));
    this.looking = false;
    for (const id of ids) if (!valid.has(id)) this.end(id);
  }

  private async validOf(ids: string[]): Promise<Set<string>> {
    const rows = await sql<{ id: string }>(
      this.db,
      `SELECT id FROM api_keys WHERE id = ANY($1::uuid[]) AND revoked_at IS NULL
        AND (expires_at IS NULL OR expires_at > now())`,
      [ids],
    );
    return new Set(rows.map(({ id }) => id));
  }

  private end(keyId: string): void {
    const holders = this.held.get(keyId) ?? [];
    this.held.delete(keyId);
    for (const ended of holders) ended();
  }
}
