import { HttpStatus, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { DataSource } from 'typeorm';
import { sql } from '../database/sql.js';
import { malformed, ProblemException } from '../http/problem.js';
import { accessTokenOf, type Claims, claimsIn, looksLikeAccessToken } from './access-token-text.js';
import { bearerIn } from './authentication.js';
import type { Caller } from './caller.js';
import { ServerSecrets } from './server-secrets.js';

/** How long a token reads its job, minutes. */
export const ACCESS_MINUTES = 10;
/** The parameter of an address that carries one: an EventSource sends no header. Source: RFC 6750. */
export const ACCESS_TOKEN = 'access_token';

/** For so long a token goes on after its key was revoked, milliseconds; as keys do (key-lookup.ts). */
const FRESH_MS = 1000;
const REMEMBERED = 10_000;
const SECRET = 'job-access';

export const noAccess = () =>
  new ProblemException(
    HttpStatus.UNAUTHORIZED,
    'unauthorized',
    'The access token is wrong or has expired. Ask for another one: POST /jobs/{id}/access-token.',
  );

/**
 * Tokens that read one job for ten minutes, for browsers. They are signed and stand in no table. A token ends with its
 * key, and its requests count as those of the key.
 */
@Injectable()
export class AccessTokens {
  private readonly valid = new LRUCache<string, Promise<boolean>>({ max: REMEMBERED, ttl: FRESH_MS });

  constructor(
    private readonly db: DataSource,
    private readonly secrets: ServerSecrets,
  ) {}

  /** @param jobId a job that the caller sees */
  async issue(jobId: string, { key_id: keyId }: Caller): Promise<{ token: string; expiresAt: Date }> {
    const seconds = Math.floor(Date.now() / 1000) + ACCESS_MINUTES * 60;
    const expiresAt = new Date(seconds * 1000);
    return { token: accessTokenOf({ jobId, keyId, expiresAt }, await this.secrets.of(SECRET)), expiresAt };
  }

  /**
   * Whoever sends the token: it sees the one job, and changes none.
   * @throws ProblemException 401
   */
  async callerOf(token: string): Promise<Caller> {
    const claims = claimsIn(token, await this.secrets.of(SECRET));
    if (!claims || claims.expiresAt.getTime() <= Date.now() || !(await this.isOfValidKey(claims))) throw noAccess();
    const { jobId: only_job, keyId: key_id, expiresAt: until } = claims;
    return { key_id, scopes: ['read'], sees_only: null, changes_only: key_id, only_job, until };
  }

  private isOfValidKey({ keyId }: Claims): Promise<boolean> | true {
    if (keyId === null) return true;
    const known = this.valid.get(keyId);
    if (known) return known;
    const asked = this.isValid(keyId);
    this.valid.set(keyId, asked);
    asked.catch(() => this.valid.delete(keyId));
    return asked;
  }

  private async isValid(keyId: string): Promise<boolean> {
    const rows = await sql(
      this.db,
      `SELECT 1 FROM api_keys WHERE id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
      [keyId],
    );
    return rows.length > 0;
  }
}

/**
 * The access token of a request, from its address or in place of a key; `null`: it has none.
 * @throws ProblemException 400 for a key beside it, which leaves open who asks; 401 for two of them
 */
export function accessTokenIn({ query, headers }: Pick<FastifyRequest, 'query' | 'headers'>): string | null {
  const bearer = bearerIn(headers.authorization);
  const given = (query as Record<string, unknown> | null)?.[ACCESS_TOKEN];
  if (given === undefined) return bearer !== null && looksLikeAccessToken(bearer) ? bearer : null;
  if (bearer !== null) throw malformed('Send a key or an access token, not both.');
  if (typeof given !== 'string') throw noAccess();
  return given;
}
