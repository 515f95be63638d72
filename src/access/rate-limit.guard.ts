import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Config } from '../config/config.js';
import { type Caller, callerOf, isAdmin } from './caller.js';
import { clientNetwork } from './client-address.js';
import { metadataOf, type Route } from '../http/route.js';
import { limitHeaders, type Quota, tooMany } from '../http/problem.js';
import { type LimitName, MINUTE, RateLimits, type Taken } from './rate-limits.js';

/** Metadata of a route: the limit that counts it. */
export const LIMIT = 'limit';
const limitOf = metadataOf<LimitName | null>(LIMIT);
/** The same in the OpenAPI document. */
export const LIMIT_EXTENSION = 'x-rate-limit';
/** Jobs of a batch that are counted; a larger batch is refused anyway. */
const MOST_JOBS = 5000;

/** Counts requests per key, else per address. It runs after the AuthGuard, which identifies the caller. */
@Injectable()
export class RateLimitGuard {
  constructor(
    private readonly config: Config,
    protected readonly limits: RateLimits,
  ) {}

  /** @throws ProblemException 429 */
  async admit(request: FastifyRequest, reply: FastifyReply, route: Route): Promise<void> {
    const name = limitOf(route);
    const caller = callerOf(request);
    const quota = name && this.quotaOf(name, caller);
    if (!name || !quota) return;
    const limit = { name, quota, seconds: MINUTE };
    const taken = await this.take(limit, whose(caller, request), request);
    if (!taken) return;
    const { allowed, left, seconds } = taken;
    if (!allowed) throw tooMany(`The limit of ${limit.quota} requests a minute is reached.`, seconds, limit);
    void reply.headers(limitHeaders(limit, left, seconds));
  }

  /** Counts texts that a request turned out to cost beyond the first. */
  async charge(request: FastifyRequest, more: number): Promise<void> {
    const caller = callerOf(request);
    const quota = this.quotaOf('generate', caller);
    if (quota && more > 0) await this.limits.charge('generate', whose(caller, request), more, quota);
  }

  /** `null`: there is none. A key's own limit is of requests for texts. */
  private quotaOf(name: LimitName, caller: Caller): number | null {
    if (isAdmin(caller)) return null;
    const own = name === 'generate' ? caller.rate_limit : null;
    return (own ?? this.config.rateLimits[name]) || null;
  }

  /** `null`: there is nothing to count. */
  protected async take({ name, quota }: Limited, who: string, _request: FastifyRequest): Promise<Taken | null> {
    return this.limits.take(name, who, quota);
  }
}

/**
 * Counts the jobs of a batch after the first, where each is a request for a text. It runs after the BodyGuard; the
 * items are not validated yet.
 */
@Injectable()
export class ItemsGuard extends RateLimitGuard {
  protected override async take(
    { name, quota }: Limited,
    who: string,
    { body }: FastifyRequest,
  ): Promise<Taken | null> {
    if (name !== 'generate') return null;
    const more = Math.min(jobsIn(body), MOST_JOBS) - 1;
    return more > 0 ? this.limits.charge(name, who, more, quota) : null;
  }
}

/** What nothing is written for counts as one. */
function jobsIn(body: unknown): number {
  const { items, locales, context_tags, dry_run } = (body ?? {}) as Record<string, unknown>;
  const many = (list: unknown) => (Array.isArray(list) ? Math.max(list.length, 1) : 1);
  return dry_run === true ? 1 : many(items) * many(locales) * many(context_tags);
}

type Limited = Quota & { name: LimitName };

const whose = ({ key_id }: Caller, request: FastifyRequest) => key_id ?? clientNetwork(request);
