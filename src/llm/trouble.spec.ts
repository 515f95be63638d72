import { readFileSync } from 'node:fs';
import { BELOW_SQUARE, growthOf } from '../../test/support/run/growth.js';
import { MAX_RETRY_AFTER_MS } from '../domain/failure.js';
import { toldWaitMs } from './told-wait.js';
import { lacksSystemRole, troubleOf, type TroubleKind } from './trouble.js';

interface Case {
  server: string;
  status: number | null;
  headers?: Record<string, string>;
  body: unknown;
  kind: TroubleKind;
}

/** Answers of real servers, as their documents and the threads of those who met them tell. */
const CASES = JSON.parse(readFileSync('test/corpus/model-troubles.json', 'utf8')) as Case[];

describe('the trouble of a call', () => {
  it.each(['wait ', '\\', 'violat', ' ', '\n', 'try again in '])('is found soon among many %j', (part) => {
    const body = (n: number) => part.repeat(n / part.length);
    expect(growthOf((n) => troubleOf({ status: 400, body: body(n) }), 4500)).toBeLessThan(BELOW_SQUARE);
    expect(growthOf((n) => troubleOf({ status: 400, body: `wait${body(n)}` }), 4500)).toBeLessThan(BELOW_SQUARE);
  });

  it.each(CASES)('is $kind where the server is $server', ({ status, headers, body, kind }) => {
    expect(troubleOf({ status, body, headers: new Headers(headers) })).toMatchObject({ kind, status });
  });

  it.each(CASES.filter(({ kind }) => kind === 'capability'))(
    'is one with the instructions only where $server says so',
    ({ status, body }) => {
      const said = /system|developer|alternate|assistant/i.test(JSON.stringify(body));
      expect(lacksSystemRole({ status, body })).toBe(said);
    },
  );

  it('is told to operators in the words of the service, in one line, without keys', () => {
    const openAi = (message: string) => ({ error: { message, type: 'invalid_request_error' } });
    const reason = (body: unknown) => troubleOf({ status: 401, body }).reason;
    expect(reason(openAi('Incorrect API key provided: sk-proj-AbCdEfGhIjKlMnOp1234.\nLook it up.'))).toBe(
      'Incorrect API key provided: [removed]. Look it up.',
    );
    expect(reason({ message: 'Bad' })).toBe('Bad');
    expect(reason([{ error: { message: 'In a list' } }])).toBe('In a list');
    expect(reason({ error: { message: 'Provider returned error', metadata: { raw: 'the real one' } } })).toBe(
      'Provider returned error: the real one',
    );
    expect(reason('<b>Forbidden</b> for Bearer abc.def at https://me:secret@host/')).toBe(
      'Forbidden for [removed] at https://[removed]host/',
    );
    expect(reason('x'.repeat(5000))).toHaveLength(300);
    expect(troubleOf({ status: null, error: new Error('socket hang up') }).reason).toBe('socket hang up');
    expect(reason(undefined)).toBe('');
  });
});

const NOW = Date.parse('2026-01-02T03:04:05Z');
type Wait = [ms: number | null, headers: Record<string, string>, body?: string];

describe('the wait that a service asks for', () => {
  it.each<Wait>([
    [null, {}],
    [20_000, { 'retry-after': '20' }],
    [1500, { 'retry-after': '1.5' }],
    [0, { 'retry-after': '0' }],
    [20, { 'retry-after-ms': '20', 'retry-after': '9' }],
    [10_000, { 'retry-after': 'Fri, 02 Jan 2026 03:04:15 GMT' }],
    [10_000, { 'retry-after': 'Fri, 02 Jan 2026 04:04:15 GMT', date: 'Fri, 02 Jan 2026 04:04:05 GMT' }],
    [0, { 'retry-after': 'Fri, 02 Jan 2026 03:04:00 GMT' }],
    [MAX_RETRY_AFTER_MS, { 'retry-after': '999999' }],
    [null, { 'retry-after': 'soon' }],
    [37_000, {}, '{"details":[{"retryDelay":"37s"}]}'],
    [7660, {}, 'Please try again in 7.66s.'],
    [179_560, {}, 'Please try again in 2m59.56s. Visit …'],
    [20, {}, 'Please try again in 20ms.'],
    [20_000, {}, 'Please retry after 20 seconds.'],
    [120_000, {}, 'Please wait 2 minutes'],
    [20_500, {}, '{"error":"loading","estimated_time":20.5}'],
    [400, {}, '{"retry_after_ms":400}'],
    [30_000, {}, '{"metadata":{"retry_after_seconds":30}}'],
    [5000, {}, `{"metadata":{"headers":{"X-RateLimit-Reset":"${NOW + 5000}"}}}`],
    [null, {}, 'The film of 2001 in 70 mm'],
    [6000, { 'x-ratelimit-reset-tokens': '6s', 'x-ratelimit-reset-requests': '20ms' }],
    [
      20,
      {
        'x-ratelimit-reset-tokens': '6m0s',
        'x-ratelimit-reset-requests': '20ms',
        'x-ratelimit-remaining-requests': '0',
      },
    ],
    [9000, { 'x-ratelimit-reset': String(NOW / 1000 + 9) }],
    [9000, { 'x-ratelimit-reset': String(NOW + 9000) }],
    [12_000, { 'ratelimit-reset': '12' }],
    [4000, { 'anthropic-ratelimit-requests-reset': '2026-01-02T03:04:09Z' }],
    [1000, { 'retry-after': '1', 'x-ratelimit-reset-requests': '40s' }],
  ])('is %s ms: %j %s', (ms, headers, body = '') => {
    expect(toldWaitMs(new Headers(headers), body, NOW)).toBe(ms);
  });
});
