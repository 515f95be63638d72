import { pooledBytes } from '../domain/random-bytes.js';

/**
 * W3C Trace Context: version, trace id, parent id, flags. A later version may append fields; this one may not. An id of
 * zeros is invalid, and version ff does not exist.
 */
const FORM = /^(?!ff)([\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-.*)?$/;

/** In version 00; `null`: it is not valid. */
export function validTraceparent(header: unknown): string | null {
  const [, version, trace, parent, flags, more] = (typeof header === 'string' && FORM.exec(header)) || [];
  if (!version || (version === '00' && more !== undefined)) return null;
  return `00-${trace}-${parent}-${flags}`;
}

/** The trace id for log lines; `null`: the job was made without one. */
export const traceIdOf = (traceparent: string | null) => traceparent?.split('-')[1] ?? null;

/** The same trace for a call to another service, with a parent id of its own. */
export function childOf(traceparent: string): string {
  const [, trace, , flags] = traceparent.split('-');
  return `00-${trace}-${newId(8)}-${flags}`;
}

/** For a request without a trace. Flags 00: recording is not requested. */
export const newTrace = () => `00-${newId(16)}-${newId(8)}-00`;

function newId(bytes: number): string {
  const id = pooledBytes(bytes).toString('hex');
  return /^0+$/.test(id) ? newId(bytes) : id;
}
