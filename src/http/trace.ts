import type { IncomingMessage } from 'node:http';
import type { Span } from '../tracing/span.js';
import { newTrace, validTraceparent } from '../tracing/traceparent.js';

type Traced = Pick<IncomingMessage, 'headers'>;

const TRACES = new WeakMap<object, string>();
const SPANS = new WeakMap<object, Span>();

/** The client's trace context; `null`: it sent none, or one that is not valid. */
export const sentTraceparent = ({ headers }: Traced) => validTraceparent(headers['traceparent']);

/**
 * What the answer says: the client's trace context if it is valid, in version 00; else a new one. It is the same for
 * the whole request.
 */
export function traceparentOf(request: Traced): string {
  const known = TRACES.get(request) ?? sentTraceparent(request) ?? newTrace();
  TRACES.set(request, known);
  return known;
}

/** The span of a request has begun. Where the client sent no trace, the answer says that of the span. */
export function traceBy(request: Traced, span: Span): void {
  SPANS.set(request, span);
  if (sentTraceparent(request) === null && span.traceparent !== null) TRACES.set(request, span.traceparent);
}

/** The trace context for what the request causes: that of its span, where traces are on. */
export const contextOf = (request: Traced) => SPANS.get(request)?.traceparent ?? traceparentOf(request);
