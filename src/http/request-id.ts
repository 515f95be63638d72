import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { v7 as uuidv7 } from 'uuid';
import type { Origin } from '../ledger/submit.js';
import { callerOf } from '../access/caller.js';
import { traceparentOf } from './trace.js';

const VALID_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

/** The client's id when it is one a log can carry, else a new one. */
export function requestIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && VALID_ID.test(given) ? given : uuidv7();
}

/** Request id, trace context and key of the request, for the job it makes. */
export const RequestOrigin = createParamDecorator((_: unknown, context: ExecutionContext): Origin => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return {
    request_id: request.id,
    traceparent: traceparentOf(request),
    api_key_id: callerOf(request).key_id,
  };
});
