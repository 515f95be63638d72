import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { v7 as uuidv7 } from 'uuid';
import { callerOf } from './caller.js';
import type { Origin } from '../jobs/submit.js';

const VALID_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;
/** W3C Trace Context, version 00. */
const VALID_TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The client's id when it is one a log can carry, else a new one. */
export function requestIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && VALID_ID.test(given) ? given : uuidv7();
}

/** `null` when the request carries none or junk. */
export function traceparentOf(headers: IncomingMessage['headers']): string | null {
  const given = headers['traceparent'];
  return typeof given === 'string' && VALID_TRACEPARENT.test(given) ? given : null;
}

/** Request id, trace context and key of the request, for the job it makes. */
export const RequestOrigin = createParamDecorator((_: unknown, context: ExecutionContext): Origin => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return {
    request_id: request.id,
    traceparent: traceparentOf(request.headers),
    api_key_id: callerOf(request).key_id,
  };
});
