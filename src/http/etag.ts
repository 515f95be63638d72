import { createHash } from 'node:crypto';

/** Characters of an If-None-Match: as many as all headers together may have. */
export const LONGEST_TAG = 16 * 1024;

/** A strong validator: computed over the very bytes of the body, so that no change of a part can be forgotten. */
export const tagOf = (json: string): string => `"${createHash('sha256').update(json).digest('base64url')}"`;

export const etagOf = (body: unknown): string => tagOf(JSON.stringify(body));

/** Whether If-None-Match (RFC 9110: `*`, or a list, compared without regard to `W/`) names this ETag. */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.trim() === '*' || (ifNoneMatch.match(/"[^"]*"/g) ?? ([] as string[])).includes(etag);
}
