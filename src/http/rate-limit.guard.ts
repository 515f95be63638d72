import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Config } from '../config/config.js';
import { type Caller, callerOf, isAdmin } from './caller.js';
import { clientNetwork } from './client-address.js';
import { limitHeaders, tooMany } from './problem.js';
import { MINUTE, RateLimits } from './rate-limits.js';

export type LimitName = keyof Config['rateLimits'];

/** Metadata of a route: which limit counts it. */
export const LIMIT = 'limit';
/** The same in the OpenAPI document. */
export const LIMIT_EXTENSION = 'x-rate-limit';
/** Of a batch; more is refused anyway. */
const MOST_ITEMS = 500;

/** Counts requests per key, else per address. After the AuthGuard, which says whose they are. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(
    private readonly config: Config,
    private readonly reflector: Reflector,
    private readonly limits: RateLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const name = this.reflector.getAllAndOverride<LimitName | null | undefined>(LIMIT, [
      context.getHandler(),
      context.getClass(),
    ]);
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const caller = callerOf(request);
    if (!name || this.config.rateLimits[name] === 0 || isAdmin(caller)) return true;
    const { allowed, left, seconds } = await this.limits.take(name, whose(caller, request), costOf(request.body));
    const limit = { name, quota: this.config.rateLimits[name], seconds: MINUTE };
    if (!allowed) throw tooMany(`The limit of ${limit.quota} requests a minute is reached.`, seconds, limit);
    void context
      .switchToHttp()
      .getResponse<FastifyReply>()
      .headers(limitHeaders(limit, left, seconds));
    return true;
  }
}

const whose = ({ key_id }: Caller, request: FastifyRequest) => key_id ?? clientNetwork(request);

/** Every item of a batch counts. The body is not validated yet. */
function costOf(body: unknown): number {
  const items = (body as { items?: unknown } | null | undefined)?.items;
  return Array.isArray(items) ? Math.min(Math.max(items.length, 1), MOST_ITEMS) : 1;
}
