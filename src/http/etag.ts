import { createHash } from 'node:crypto';

/** Longest If-None-Match, characters: all headers together may have no more. */
export const LONGEST_TAG = 16 * 1024;

/** A strong validator: computed from the bytes of the body, so that a change of any part counts. */
export const tagOf = (json: string): string => `"${createHash('sha256').update(json).digest('base64url')}"`;

export const etagOf = (body: unknown): string => tagOf(JSON.stringify(body));

/** Whether If-None-Match names this ETag (RFC 9110: `*`, or a list, compared without regard to `W/`). */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.trim() === '*' || (ifNoneMatch.match(/"[^"]*"/g) ?? ([] as string[])).includes(etag);
}
