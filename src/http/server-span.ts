import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Tracing } from '../tracing/tracing.js';
import { sentTraceparent, traceBy } from './trace.js';

/** Probes and scrapes come every few seconds, and say nothing of what the service does. */
const UNTRACED = new Set(['/health/live', '/health/ready', '/metrics']);

/** The span of a request, until its answer is sent or its client is gone. Its address is that of the route: no text. */
export function traceRequest(tracing: Tracing, request: FastifyRequest, reply: FastifyReply): void {
  const { method } = request;
  const route = request.routeOptions.url;
  if (route !== undefined && UNTRACED.has(route)) return;
  const span = tracing.begin(route === undefined ? method : `${method} ${route}`, sentTraceparent(request), {
    kind: 'server',
    attributes: {
      'http.request.method': method,
      'http.route': route,
      'url.scheme': request.protocol === 'https' ? 'https' : 'http',
    },
  });
  traceBy(request, span);
  reply.raw.once('close', () => {
    const { statusCode, writableFinished } = reply.raw;
    span.set({ 'http.response.status_code': statusCode });
    if (statusCode >= 500) span.fail(String(statusCode));
    else if (!writableFinished) span.set({ 'moviemind.client_gone': true });
    span.end();
  });
}
