import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TooManyQuestions } from '../database/question-pool.js';
import { isDatabaseUnavailable } from '../database/sql.js';
import { allowedInstead } from './addresses.js';
import { pathOf } from './base-path.js';
import {
  BODY_LIMIT,
  busy,
  documentOf,
  limitHeaders,
  malformed,
  methodNotAllowed,
  notFound,
  ProblemException,
  tooLarge,
  unavailable,
} from './problem.js';
import { traceIdOf } from '../tracing/traceparent.js';
import { traceparentOf } from './trace.js';

const KINDS: Record<number, [kind: string, detail: string]> = {
  414: ['too-long', 'The address is too long.'],
  415: ['media-type', 'Send content-type: application/json.'],
};

/**
 * The one place where a failure becomes an answer. A failure of the server is logged with its cause and answered
 * without it.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** Also called for failures before a route is found: a malformed address or too long a parameter. */
  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const problem = methodErrorFor(toProblem(error, request), request);
    const status = problem.getStatus();
    if (problem.kind !== 'busy')
      this.log(status, error, { request_id: request.id, trace_id: traceIdOf(traceparentOf(request)) });
    if (reply.sent || reply.raw.headersSent) return;
    const { retryAfter, limit, allow } = problem.more;
    if (retryAfter) void reply.header('retry-after', String(retryAfter));
    if (limit) void reply.headers(limitHeaders(limit, 0, retryAfter ?? 1));
    if (allow) void reply.header('allow', allow.join(', '));
    if (status === 401) void reply.header('www-authenticate', 'Bearer');
    const body = documentOf(problem, pathOf(request), request.id);
    void reply
      .code(status)
      .header('x-request-id', request.id)
      .header('traceparent', traceparentOf(request))
      .type('application/problem+json')
      .send(JSON.stringify(body));
  }

  private log(status: number, error: unknown, request: { request_id: string; trace_id: string | null }): void {
    if (status === 503)
      this.logger.warn({ msg: 'request refused: database away', ...request, reason: (error as Error).message });
    else if (status >= 500) this.logger.error({ msg: 'request failed', ...request, err: error });
  }
}

/**
 * The path may be an address of its own that a route took for a name. If that name is not found, the method is the
 * error.
 */
function methodErrorFor(problem: ProblemException, request: FastifyRequest): ProblemException {
  const allowed = [400, 404].includes(problem.getStatus()) ? allowedInstead(request) : undefined;
  return allowed ? methodNotAllowed(request.method, allowed) : problem;
}

function toProblem(error: unknown, request: FastifyRequest): ProblemException {
  if (error instanceof ProblemException) return error;
  if (error instanceof TooManyQuestions) return busy();
  if (isDatabaseUnavailable(error)) return unavailable();
  const status =
    error instanceof HttpException ? error.getStatus() : ((error as { statusCode?: number }).statusCode ?? 500);
  if (status === 404) return notFound('There is nothing at this address. See /docs.');
  if (status === 413) return tooLarge(request.routeOptions?.bodyLimit ?? BODY_LIMIT);
  const known = KINDS[status];
  if (known) return new ProblemException(status, known[0], known[1]);
  if (status >= 400 && status < 500) return malformed((error as Error).message);
  return new ProblemException(500, 'internal', 'This is our fault and has been logged.');
}
