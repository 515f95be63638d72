import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BodyGuard } from '../http/body.guard.js';
import { QueryGuard } from '../http/query.guard.js';
import type { Route } from '../http/route.js';
import { AuthGuard } from './auth.guard.js';
import { ItemsGuard, RateLimitGuard } from './rate-limit.guard.js';

/** What every request has to pass before its route sees it. */
@Injectable()
export class DoorGuard implements CanActivate {
  constructor(
    private readonly auth: AuthGuard,
    private readonly requests: RateLimitGuard,
    private readonly body: BodyGuard,
    private readonly items: ItemsGuard,
    private readonly query: QueryGuard,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const route = { handler: context.getHandler(), controller: context.getClass() };
    await this.admit(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), route);
    return true;
  }

  /** In this order: who it is, how often it may ask, and then what it sends. @throws ProblemException */
  async admit(request: FastifyRequest, reply: FastifyReply, route: Route): Promise<void> {
    await this.auth.admit(request, route);
    await this.requests.admit(request, reply, route);
    await this.body.admit(request, reply);
    await this.items.admit(request, reply, route);
    this.query.admit(request, route);
  }
}
