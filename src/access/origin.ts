import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../audit/actions.js';
import { contextOf } from '../http/trace.js';
import { actorOf, callerOf } from './caller.js';

/** Where the request came from; the worker's log lines name it as well. */
export interface Origin {
  request_id: string;
  traceparent: string | null;
  api_key_id: string | null;
  actor: Actor;
  /** Tokens that the jobs of the key may take a day; `null`: as many as they need. */
  daily_tokens: number | null;
}

/** Parameter of a route: request id, trace context and key of the request, for the job it makes. */
export const RequestOrigin = createParamDecorator((_: unknown, context: ExecutionContext): Origin => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const caller = callerOf(request);
  const { key_id: api_key_id, daily_tokens = null } = caller;
  const traceparent = contextOf(request);
  return { request_id: request.id, traceparent, api_key_id, actor: actorOf(caller), daily_tokens };
});
