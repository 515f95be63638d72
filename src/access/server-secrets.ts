import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { randomBytes } from 'node:crypto';
import { DataSource } from 'typeorm';
import { sql } from '../database/sql.js';
import type { ServerSecret } from './server-secret.entity.js';

/** How long a process goes on with a secret whose row an operator has deleted, milliseconds. */
const REMEMBERED_MS = 60_000;
const BYTES = 32;

/** Secrets that all servers of a database share. Made on first use, never logged, answered to nobody. */
@Injectable()
export class ServerSecrets {
  private readonly known = new LRUCache<string, Buffer>({ max: 10, ttl: REMEMBERED_MS });

  constructor(private readonly db: DataSource) {}

  /** Two first uses at once result in one secret. */
  async of(name: string): Promise<Buffer> {
    const secret = this.known.get(name) ?? (await this.find(name)) ?? (await this.made(name));
    if (!this.known.has(name)) this.known.set(name, secret);
    return secret;
  }

  private async find(name: string): Promise<Buffer | undefined> {
    const [row] = await sql<ServerSecret>(this.db, 'SELECT secret FROM server_secrets WHERE name = $1', [name]);
    return row?.secret;
  }

  private async made(name: string): Promise<Buffer> {
    await sql(this.db, 'INSERT INTO server_secrets (name, secret) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      name,
      randomBytes(BYTES),
    ]);
    return (await this.find(name))!;
  }
}
