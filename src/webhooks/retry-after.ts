/** Longer than any plan; keeps what is calculated with it exact. Milliseconds. */
const LONGEST_MS = 7 * 86_400_000;

type Headers = Record<string, string | string[] | undefined>;

/**
 * What a `Retry-After` asks for, milliseconds: seconds or a date (RFC 9110); 0: nothing that is understood. A date is
 * measured by the clock of whoever sent it, where the answer tells that.
 */
export function retryAfterOf({ 'retry-after': wanted, date }: Headers, now = Date.now()): number {
  if (typeof wanted !== 'string') return 0;
  const text = wanted.trim();
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, LONGEST_MS);
  const until = dateOf(text);
  if (until === null) return 0;
  return Math.min(Math.max(0, until - (dateOf(date) ?? now)), LONGEST_MS);
}

/** `Sun, 06 Nov 1994 08:49:37 GMT`, and the two older forms of it. */
const DATE = /^[A-Z][a-z]{2,8},? .*\d{2}:\d{2}:\d{2}/;

function dateOf(text: string | string[] | undefined): number | null {
  if (typeof text !== 'string' || !DATE.test(text)) return null;
  // The form of asctime names no zone; it is in GMT like the others.
  const time = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(time) ? null : time;
}
