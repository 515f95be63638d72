import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { timingSafeEqual } from 'node:crypto';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { Config } from '../config/config.js';
import { ANYBODY, type Caller, OPERATOR } from './caller.js';
import { clientNetwork, isSameMachine } from './client-address.js';
import { tooMany, unauthorized } from '../http/problem.js';
import { KeyLookup, type ValidKey } from './key-lookup.js';
import { digestOf, hasKeyForm } from './key-text.js';

/**
 * Different wrong keys a minute from one address; for more it is told to slow down. A right one among them is served.
 */
const GUESSES = 60;
const WRONG_KEYS = { name: 'wrong-keys', quota: GUESSES, seconds: 60 };

/** Who sent a request. */
@Injectable()
export class Authentication {
  private readonly adminToken: Buffer | null;
  private readonly residentToken: Buffer | null;
  /** In this process alone: it bounds no cost (key-lookup.ts does), it tells a client that guesses. */
  private readonly guesses = new RateLimiterMemory({ points: GUESSES, duration: WRONG_KEYS.seconds });

  constructor(
    private readonly config: Config,
    private readonly keys: KeyLookup,
  ) {
    const { adminToken, residentToken } = config;
    this.adminToken = adminToken === null ? null : digestOf(adminToken);
    this.residentToken = residentToken === undefined ? null : digestOf(residentToken);
  }

  /**
   * @returns `null` when no key was sent and one is required
   * @throws ProblemException 401 when a key was sent that is none; 429 when that happens too often
   */
  async callerOf(request: FastifyRequest): Promise<Caller | null> {
    const token = tokenOf(request.headers.authorization);
    if (token === null) return this.config.authRequired ? null : ANYBODY;
    const digest = digestOf(token);
    // Digests have one length, so the comparison takes the same time whatever was sent.
    if (this.adminToken && timingSafeEqual(digest, this.adminToken)) return OPERATOR;
    const resident = this.residentToken && timingSafeEqual(digest, this.residentToken);
    if (resident && isSameMachine(request.socket)) return OPERATOR;
    const key = await this.keyOf(token, digest, clientNetwork(request));
    if (!key) throw unauthorized();
    const { id: key_id, scopes } = key;
    const restricted = this.config.authRequired && !scopes.includes('admin');
    const sees_only = restricted && !scopes.includes('read') ? key_id : null;
    return { key_id, scopes, sees_only, changes_only: restricted ? key_id : null };
  }

  /**
   * Whatever could be a key is looked up, whoever else sends what from that address: only what turned out wrong is
   * counted. While nobody can tell, nothing is counted either.
   */
  private async keyOf(token: string, digest: Buffer, network: string): Promise<ValidKey | null> {
    if (this.keys.isKnownWrong(digest)) return null;
    const key = hasKeyForm(token) ? await this.keys.find(digest) : null;
    if (key) return key;
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

/** `null`: none was sent. Any `Bearer` is one, also an empty one: a client that sends it means to have a key. */
function tokenOf(header: string | undefined): string | null {
  return /^Bearer\b *(.*)$/i.exec(header ?? '')?.[1] ?? null;
}
