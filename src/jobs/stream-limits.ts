import { HttpStatus, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Config } from '../config/config.js';
import { callerOf, isAdmin } from '../access/caller.js';
import { clientNetwork } from '../access/client-address.js';
import { ProblemException } from '../http/problem.js';

/** Seconds until a client should try again. */
const RETRY_AFTER = 5;

/** @param quota most streams of the caller */
export const tooManyStreams = (quota: number) =>
  new ProblemException(
    HttpStatus.TOO_MANY_REQUESTS,
    'too-many-streams',
    'You have too many event streams open. Close some, or poll.',
    { retryAfter: RETRY_AFTER, limit: { name: 'streams', quota } },
  );

const noStreamLeft = () =>
  new ProblemException(
    HttpStatus.SERVICE_UNAVAILABLE,
    'unavailable',
    'No more event streams can be opened here now. Poll, or try again.',
    { retryAfter: RETRY_AFTER },
  );

/** Counts open event streams, of each caller and of the process. */
@Injectable()
export class StreamLimits {
  private open = 0;
  private readonly byCaller = new Map<string, number>();

  constructor(private readonly config: Config) {}

  /**
   * Takes a place. @returns a function that gives the place back
   * @throws ProblemException 429 for too many of this key (or address), 503 for too many at all
   */
  enter(request: FastifyRequest): () => void {
    const caller = callerOf(request);
    const { maxEventStreams, maxEventStreamsPerCaller: most } = this.config;
    // Operators have no limit of their own.
    const name = isAdmin(caller) ? null : (caller.key_id ?? clientNetwork(request));
    if (name && most > 0 && (this.byCaller.get(name) ?? 0) >= most) throw tooManyStreams(most);
    if (this.open >= maxEventStreams) throw noStreamLeft();
    this.count(name, 1);
    return () => this.count(name, -1);
  }

  private count(name: string | null, change: 1 | -1): void {
    this.open += change;
    if (name === null) return;
    const own = (this.byCaller.get(name) ?? 0) + change;
    if (own > 0) this.byCaller.set(name, own);
    else this.byCaller.delete(name);
  }
}
