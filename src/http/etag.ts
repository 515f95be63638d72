import { createHash } from 'node:crypto';

/** A strong validator: computed over the very bytes of the body, so that it changes when anything in it does. */
export const etagOf = (body: unknown): string =>
  `"${createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 27)}"`;

/** Whether If-None-Match (RFC 9110: `*`, or a list, compared without regard to `W/`) names this ETag. */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.trim() === '*' || (ifNoneMatch.match(/"[^"]*"/g) ?? ([] as string[])).includes(etag);
}
