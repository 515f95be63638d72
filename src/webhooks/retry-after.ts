/** Longer than any schedule; it keeps calculations exact. Milliseconds. */
const LONGEST_MS = 7 * 86_400_000;

type Headers = Record<string, string | string[] | undefined>;

/**
 * The wait that `Retry-After` asks for, milliseconds, from seconds or a date (RFC 9110); 0: none, or not understood. A
 * date is measured by the sender's clock, if the answer has a `Date`.
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
  // The form of asctime names no zone, but it is GMT like the others.
  const time = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(time) ? null : time;
}
