import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { timingSafeEqual } from 'node:crypto';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { Config } from '../config/config.js';
import { ANYBODY, type Caller, OPERATOR } from './caller.js';
import { clientNetwork, isSameMachine } from './client-address.js';
import { ProblemException, tooMany, unauthorized } from '../http/problem.js';
import { KeyLookup, type ValidKey } from './key-lookup.js';
import { digestOf, hasKeyForm } from './key-text.js';

/** Different wrong keys a minute from one address before it gets 429. A right key from there is still accepted. */
const GUESSES = 60;
const WRONG_KEYS = { name: 'wrong-keys', quota: GUESSES, seconds: 60 };

const expiredKey = () =>
  new ProblemException(401, 'unauthorized', 'This key has expired. Ask whoever runs this server for another one.');

/** Finds out who sent a request. */
@Injectable()
export class Authentication {
  /** Of ADMIN_TOKEN, and of the one before. */
  private readonly adminTokens: Buffer[];
  private readonly residentToken: Buffer | null;
  /** Counted by each process alone. It bounds no cost (key-lookup.ts does); it only answers a client that guesses. */
  private readonly guesses = new RateLimiterMemory({ points: GUESSES, duration: WRONG_KEYS.seconds });

  constructor(
    private readonly config: Config,
    private readonly keys: KeyLookup,
  ) {
    const { adminToken, adminTokenPrevious, residentToken } = config;
    this.adminTokens = [adminToken, adminTokenPrevious].filter((token) => token !== null).map(digestOf);
    this.residentToken = residentToken === undefined ? null : digestOf(residentToken);
  }

  /**
   * @returns `null` when no key was sent and one is required
   * @throws ProblemException 401 when a wrong key was sent; 429 when that happens too often
   */
  async callerOf(request: FastifyRequest): Promise<Caller | null> {
    const token = bearerIn(request.headers.authorization);
    if (token === null) return this.config.authRequired ? null : ANYBODY;
    const digest = digestOf(token);
    // Digests have one length, so the comparison takes the same time for every key.
    if (this.adminTokens.some((token) => timingSafeEqual(digest, token))) return OPERATOR;
    const resident = this.residentToken && timingSafeEqual(digest, this.residentToken);
    if (resident && isSameMachine(request.socket)) return OPERATOR;
    const key = await this.keyOf(token, digest, clientNetwork(request));
    if (!key) throw unauthorized();
    if (key.expired) throw expiredKey();
    const { id: key_id, scopes, daily_tokens, rate_limit, fellows } = key;
    const restricted = this.config.authRequired && !scopes.includes('admin');
    // Of keys in no project, which are older than projects, those of scope read see all.
    const seesAll = fellows === null && scopes.includes('read');
    return {
      key_id,
      scopes,
      daily_tokens,
      rate_limit,
      sees_only: restricted && !seesAll ? key_id : null,
      changes_only: restricted ? key_id : null,
      ...(fellows && { fellows }),
    };
  }

  /**
   * Looks up every text that could be a key, also from an address that sent wrong ones: only wrong keys are counted.
   * While the database is away, nothing is counted.
   */
  private async keyOf(token: string, digest: Buffer, network: string): Promise<ValidKey | null> {
    if (this.keys.isKnownWrong(digest)) return null;
    const key = hasKeyForm(token) ? await this.keys.find(digest) : null;
    if (key) return key;
    // Others with the same key may have been looked up together with this one.
    if (this.keys.isKnownWrong(digest)) return null;
    this.keys.rememberWrong(digest);
    await this.countGuess(network);
    return null;
  }

  private async countGuess(network: string): Promise<void> {
    await this.guesses.consume(network).catch(({ msBeforeNext }: RateLimiterRes) => {
      throw tooMany('Too many wrong keys came from this address.', Math.ceil(msBeforeNext / 1000), WRONG_KEYS);
    });
  }
}

/** `null`: no key was sent. An empty `Bearer` counts as a key: a client that sends it intends to use one. */
export function bearerIn(header: string | undefined): string | null {
  return /^Bearer\b *(.*)$/i.exec(header ?? '')?.[1] ?? null;
}
