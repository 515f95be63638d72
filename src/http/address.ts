import type { FastifyRequest } from 'fastify';
import { malformed, ProblemException } from './problem.js';

const packed = () => new ProblemException(415, 'media-type', 'Send the body as it is, without a Content-Encoding.');

/**
 * Refuses what the router lets through: NUL in the path, which PostgreSQL cannot take, and a query that is not
 * percent-encoded UTF-8, which would be read as something else than was meant.
 * @throws ProblemException 400
 */
export function checkAddress(url: string): void {
  const [path = '', ...query] = url.split('?');
  if (path.includes('%00')) throw malformed('The path contains a NUL character.');
  try {
    decodeURIComponent(query.join('?'));
  } catch {
    throw malformed('The query is not percent-encoded UTF-8.');
  }
}

/**
 * Refuses a request that does not say for whom it is (RFC 9112), and a body that would have to be unpacked first.
 * @throws ProblemException 400, 415
 */
export function checkHeaders({ headers, raw }: Pick<FastifyRequest, 'headers' | 'raw'>): void {
  if (headers.host === undefined && raw.httpVersion === '1.1') throw malformed('The request has no Host header.');
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') throw packed();
}
