import type { IncomingMessage } from 'node:http';
import { randomBytes } from 'node:crypto';

/**
 * W3C Trace Context: version, trace id, parent id, flags. A later version may append fields; this one may not. All
 * zeros are no id, and version ff does not exist.
 */
const FORM = /^(?!ff)([\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-.*)?$/;

const TRACES = new WeakMap<object, string>();

/**
 * The client's trace context when it is one, in version 00; else a new one. The same for every question about a
 * request.
 */
export function traceparentOf(request: Pick<IncomingMessage, 'headers'>): string {
  const known = TRACES.get(request) ?? given(request.headers['traceparent']) ?? newTrace();
  TRACES.set(request, known);
  return known;
}

/** Names the trace in log lines; `null` for a job that was made without one. */
export const traceIdOf = (traceparent: string | null) => traceparent?.split('-')[1] ?? null;

/** The same trace for a call that we make: whoever is called sees a parent of its own. */
export function childOf(traceparent: string): string {
  const [, trace, , flags] = traceparent.split('-');
  return `00-${trace}-${newId(8)}-${flags}`;
}

function given(header: string | string[] | undefined): string | null {
  const [, version, trace, parent, flags, more] = (typeof header === 'string' && FORM.exec(header)) || [];
  if (!version || (version === '00' && more !== undefined)) return null;
  return `00-${trace}-${parent}-${flags}`;
}

/** Of a request that brought none. Flags 00: nobody has said that it is recorded. */
export const newTrace = () => `00-${newId(16)}-${newId(8)}-00`;

function newId(bytes: number): string {
  const id = randomBytes(bytes).toString('hex');
  return /^0+$/.test(id) ? newId(bytes) : id;
}
