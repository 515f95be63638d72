import type { FastifyRequest } from 'fastify';
import { malformed } from './problem.js';

/** Letters that an address cannot contain: letters beyond ASCII, spaces and control characters. */
export const NOT_IN_ADDRESS = /[^\x21-\x7e]/;
export const NOT_ENCODED =
  'The address has characters that do not belong there: percent-encode the address (curl: -G --data-urlencode).';

/**
 * Refuses what the router accepts although it is no valid address:
 * - control characters, which a Location cannot contain either;
 * - NUL in the path, which PostgreSQL cannot store;
 * - a query that is not percent-encoded UTF-8, which would be read differently from what the client intended.
 * @throws ProblemException 400
 */
export function checkAddress(url: string): void {
  if (NOT_IN_ADDRESS.test(url)) throw malformed(NOT_ENCODED);
  const [path = '', ...query] = url.split('?');
  if (path.includes('%00')) throw malformed('The path contains a NUL character.');
  try {
    decodeURIComponent(query.join('?'));
  } catch {
    throw malformed('The query is not percent-encoded UTF-8.');
  }
}

/** A request must name the host it is for (RFC 9112). @throws ProblemException 400 */
export function checkHost({ headers, raw }: Pick<FastifyRequest, 'headers' | 'raw'>): void {
  if (headers.host === undefined && raw.httpVersion === '1.1') throw malformed('The request has no Host header.');
}
