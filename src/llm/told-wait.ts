import { MAX_RETRY_AFTER_MS } from '../domain/failure.js';

/** What both `Headers` and a Map are. */
export interface HeaderLines {
  get(name: string): string | null | undefined;
  forEach(each: (value: string, name: string) => void): void;
}

/**
 * The wait that a service asked for, milliseconds, at most {@link MAX_RETRY_AFTER_MS}; `null`: it asked for none.
 * The first that says something counts: `retry-after-ms`, `Retry-After` (RFC 9110), the words of the body, then when a
 * limit that is used up begins anew.
 */
export function toldWaitMs(headers: HeaderLines | undefined, body: string, now = Date.now()): number | null {
  const clock = Date.parse(headers?.get('date') ?? '') || now;
  const waits = [
    () => positive(headers?.get('retry-after-ms')),
    () => retryAfter(headers?.get('retry-after'), clock),
    () => bodyDelay(body),
    () => bodyReset(body, clock),
    () => resetOf(headers, clock),
  ];
  for (const told of waits) {
    const wait = told();
    if (wait !== null) return Math.min(Math.max(Math.ceil(wait), 0), MAX_RETRY_AFTER_MS);
  }
  return null;
}

const positive = (text: string | null | undefined) => (Number(text) > 0 ? Number(text) : null);

/** Seconds, or a date by the service's clock. */
function retryAfter(value: string | null | undefined, clock: number): number | null {
  const text = value?.trim() ?? '';
  if (text === '') return null;
  return durationMs(text) ?? dateIn(text, clock);
}

const dateIn = (text: string, clock: number) => (Number.isNaN(Date.parse(text)) ? null : Date.parse(text) - clock);

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `20`, `1.5` (seconds), `20ms`, `7.66s`, `2m59.56s`, `1h`; `null`: something else. */
export function durationMs(text: string): number | null {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (!/^(\d+(\.\d+)?(ms|[smhd]))+$/.test(text)) return null;
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g);
  return [...parts].reduce((sum, [, number, unit]) => sum + Number(number) * UNITS[unit!]!, 0);
}

/** `"retryDelay": "37s"`, `"retry_after": 20`, `"retry_after_ms": 20`, `"estimated_time": 20.5`; seconds but for ms. */
const FIELD = /"(retry_?delay|retry_?after|estimated_?time)(_?ms|_?seconds)?"\s*:\s*"?(\d+(?:\.\d+)?(?:ms|[smhd])?)/i;
const UNIT = 'milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|h';
const DURATION = `(?:\\d+(?:\\.\\d+)?\\s?(?:${UNIT})(?![a-z])\\s?)+`;
/** "Please try again in 7.66s", "retry after 20 seconds", "Please wait 2 minutes", "in 2m59s". */
const WORDS = new RegExp(`\\b(?:try(?:ing)? again|retry(?:ing)?|wait)\\s+(?:(?:in|after|for)\\s*)?(${DURATION})`, 'i');

function bodyDelay(body: string): number | null {
  const [, , unit = '', value] = FIELD.exec(body) ?? [];
  if (value !== undefined) return /ms/i.test(unit) && /^[\d.]+$/.test(value) ? Number(value) : durationMs(value);
  const [, words] = WORDS.exec(body) ?? [];
  return words === undefined ? null : durationMs(shortUnits(words));
}

/** The header, as a service in front of others repeats it. */
function bodyReset(body: string, clock: number): number | null {
  const [, value] = /"x-ratelimit-reset(?:-\w+)?"\s*:\s*"?([\w.]+)/i.exec(body) ?? [];
  return value === undefined ? null : resetMs(value, clock);
}

const shortUnits = (words: string) =>
  words
    .toLowerCase()
    .replace(/\s+/g, '')
    .replace(/milliseconds?/g, 'ms')
    .replace(/sec(?:ond)?s?/g, 's')
    .replace(/min(?:ute)?s?/g, 'm')
    .replace(/hours?/g, 'h');

/** Larger numbers are times and no durations: seconds since 1970 until 5138, else milliseconds. */
const EARLIEST_EPOCH = 1_000_000_000;
const EARLIEST_EPOCH_MS = 100_000_000_000;

/** Of several limits those that are used up, else all; the longest of them. */
function resetOf(headers: HeaderLines | undefined, clock: number): number | null {
  const limits: { wait: number; isUsedUp: boolean }[] = [];
  headers?.forEach((value, name) => {
    if (!/ratelimit.*reset/i.test(name)) return;
    const wait = resetMs(value.trim(), clock);
    const isUsedUp = headers.get(name.replace(/reset/i, 'remaining'))?.trim() === '0';
    if (wait !== null) limits.push({ wait, isUsedUp });
  });
  const counting = limits.some(({ isUsedUp }) => isUsedUp) ? limits.filter(({ isUsedUp }) => isUsedUp) : limits;
  return counting.length === 0 ? null : Math.max(...counting.map(({ wait }) => wait));
}

function resetMs(text: string, clock: number): number | null {
  const number = Number(text);
  if (text === '' || Number.isNaN(number)) return durationMs(text) ?? dateIn(text, clock);
  if (number >= EARLIEST_EPOCH_MS) return number - clock;
  return number >= EARLIEST_EPOCH ? number * 1000 - clock : number * 1000;
}
