import { malformed } from './problem.js';

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
