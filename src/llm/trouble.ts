import type { Trouble, TroubleKind } from '../domain/trouble.js';
import { reasonOf } from '../timing/loop.js';
import { plainLine } from './plain-text.js';
import { type HeaderLines, toldWaitMs } from './told-wait.js';
import * as words from './trouble-words.js';

export type { Trouble, TroubleKind };

/** What came back of a call that failed. */
export interface Failed {
  /** HTTP status, also one told inside a 200; `null`: none came. */
  status: number | null;
  headers?: HeaderLines;
  /** As it was sent: text, or what its JSON says. */
  body?: unknown;
  /** What was thrown where no answer came. */
  error?: unknown;
}

/** Longest part of a body that is read for words, characters, and of it what an operator is shown. */
const MOST_READ = 20_000;
const MOST_SHOWN = 300;

/**
 * The one place that says what a failed call is a sign of. What a kind leads to is decided elsewhere.
 * @param mayLack false: the question was as simple as can be, so that no lack of a capability explains it
 */
export function troubleOf({ status, headers, body, error }: Failed, mayLack = true): Trouble {
  const said = textOf(body);
  const waitMs = status === null ? null : toldWaitMs(headers, said);
  const reason = shown(reasonIn(body) || said || rootOf(error));
  return {
    kind: status === null ? kindWithout(said, mayLack) : kindOf(status, said, waitMs, mayLack),
    status,
    waitMs,
    reason,
  };
}

/** The first cause of an error in words; empty: there is no error. */
function rootOf(error: unknown): string {
  const { cause } = (error ?? {}) as { cause?: unknown };
  if (cause) return rootOf(cause);
  return error ? reasonOf(error) : '';
}

/** Whether the part that instructs is what it does not know; else it is the form of the answer. */
export const lacksSystemRole = ({ body }: Failed) => {
  const said = textOf(body);
  return words.NO_SYSTEM_ROLE.test(said) && !/response_?format|json_?schema/i.test(said);
};

type Rule = (status: number, said: string, waitMs: number | null) => boolean;

const MAY_LACK = new Set([400, 404, 405, 415, 422, 500, 501]);
const MAY_FILTER = new Set([400, 403, 422, 451]);
const VAGUE = new Set([400, 403, 422]);

/** In this order, the first that holds: the words of one may be among those of another that comes later. */
const RULES: [TroubleKind, Rule][] = [
  ['filtered', (status, said) => MAY_FILTER.has(status) && words.FILTERED.test(said)],
  ['refused', (status, said) => MAY_FILTER.has(status) && words.REFUSED.test(said)],
  ['slip', (status, said) => status < 500 && status !== 429 && words.SLIP.test(said)],
  ['quota', (status, said) => status === 402 || (QUOTA_STATUSES.has(status) && words.SPENT.test(said))],
  ['quota', (status, said, waitMs) => status === 429 && waitMs === null && isSpent(said)],
  ['rate-limited', (status) => status === 429 || status === 498],
  ['rate-limited', (status, said) => status === 403 && words.TOO_MANY.test(said)],
  ['key', (status, said) => status === 401 || status === 403 || (status === 400 && words.BAD_KEY.test(said))],
  ['loading', (_, said) => words.LOADING.test(said) && !isCapability(said)],
  ['loading', (status, said, waitMs) => status === 503 && (waitMs !== null || /\bloading\b/i.test(said))],
  ['request', (status, said) => VAGUE.has(status) && words.TOO_LONG.test(said)],
  ['capability', (status, said) => MAY_LACK.has(status) && isCapability(said)],
  ['unknown-model', (status, said) => NOT_THERE.has(status) || (VAGUE.has(status) && words.BAD_MODEL.test(said))],
  ['broken', (status) => status < 400 || [408, 409, 425, 499].includes(status) || status >= 500],
];
const isSpent = (said: string) => words.QUOTA.test(said) && !words.ANY_LIMIT.test(said);
const QUOTA_STATUSES = new Set([400, 403, 429]);
const NOT_THERE = new Set([404, 405, 410]);

function kindOf(status: number, said: string, waitMs: number | null, mayLack: boolean): TroubleKind {
  const rules = RULES.filter(([kind]) => mayLack || kind !== 'capability');
  return rules.find(([, holds]) => holds(status, said, waitMs))?.[0] ?? 'request';
}

const isCapability = (said: string) => words.NO_SYSTEM_ROLE.test(said) || words.NO_SUCH_FORM.test(said);

/** Statuses that words stand for where no status is told; the first that fits. */
const SPOKEN: [RegExp, number][] = [
  [words.FILTERED, 403],
  [words.REFUSED, 403],
  [words.SLIP, 400],
  [words.SPENT, 402],
  [words.TOO_MANY, 429],
  [words.BAD_KEY, 401],
  [words.NO_SYSTEM_ROLE, 400],
  [words.NO_SUCH_FORM, 400],
  [words.LOADING, 503],
  [words.BAD_MODEL, 404],
];

/** An error inside a 200 that has no number is what its words say. */
function kindWithout(said: string, mayLack: boolean): TroubleKind {
  const [, status] = SPOKEN.find(([pattern]) => pattern.test(said)) ?? [];
  return status === undefined ? 'broken' : kindOf(status, said, null, mayLack);
}

/** Fields in which services repeat the question or the answer, whose words are not theirs. */
const REPEATED = new Set(['input', 'failed_generation', 'messages', 'request', 'body', 'prompt']);

/** All words of it. JSON in a string of JSON becomes readable. */
function textOf(value: unknown): string {
  const text =
    typeof value === 'string' ? value : JSON.stringify(value, (key, part) => (REPEATED.has(key) ? '' : part));
  return (text ?? '')
    .slice(0, MOST_READ)
    .replaceAll('\\n', ' ')
    .replace(/(?<!\\)\\+"/g, '"');
}

/** The sentence that most services put into one of these fields. */
function reasonIn(body: unknown): string {
  if (Array.isArray(body)) return reasonIn(body[0]);
  const { error, message, detail, metadata } = (body ?? {}) as Record<string, unknown>;
  const raw = (metadata as { raw?: unknown } | undefined)?.raw;
  const own = [message, detail].find((part) => typeof part === 'string');
  if (own !== undefined) return typeof raw === 'string' ? `${own}: ${raw}` : own;
  if (typeof error === 'string') return error;
  return error === undefined || error === null ? '' : reasonIn(error);
}

/** Keys as services repeat them, and credentials in addresses. */
const SECRETS = new RegExp(
  [
    '\\b(?:sk|pk|rk|gsk|xai|hf|key|AIza)[-_]?[\\w*-]{12,}',
    '\\bBearer\\s+\\S+',
    '(?<=://)[^\\s/@]+@',
    '(?<=key provided: ?)[^\\s.]+',
  ].join('|'),
  'gi',
);

const shown = (said: string) => plainLine(said.replace(SECRETS, '[removed]'), MOST_SHOWN);
