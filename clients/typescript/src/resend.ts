import { ConnectionError } from './errors.js';

/** A longer wait than this is left to the caller, milliseconds. */
const LONGEST_WAIT_MS = 60_000;
const FIRST_BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 10_000;

/**
 * A `fetch` that repeats requests:
 * - those that were refused for now: 429, 503, and 409 while the first request of the same Idempotency-Key is under
 *   way;
 * - those without an answer, if doing them twice has the effect of doing them once.
 *
 * It waits as long as `Retry-After` says, else a growing time with jitter.
 * @param retries how often it repeats a request
 */
export function resending(send: typeof fetch, retries: number): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    for (let attempt = 0; ; attempt++) {
      const last = attempt >= retries || isStream(request);
      try {
        const response = await send(request.clone());
        const waitMs = last ? null : waitBefore(response, attempt);
        if (waitMs === null) return response;
        await response.body?.cancel();
        await pause(waitMs, request.signal);
      } catch (error) {
        request.signal.throwIfAborted();
        if (last || !doneOnce(request)) throw new ConnectionError(`No answer from ${request.url}`, { cause: error });
        await pause(backoff(attempt), request.signal);
      }
    }
  };
}

/** `Retry-After` in seconds, from a number or a date; `null`: the answer has none. */
export function retryAfterOf({ headers }: Response): number | null {
  const value = headers.get('retry-after');
  if (value === null) return null;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

/** @throws the reason of the signal's abort */
export async function pause(ms: number, signal?: AbortSignal | null): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((done) => {
    const over = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', over);
      done();
    };
    const timer = setTimeout(over, ms);
    signal?.addEventListener('abort', over);
  });
  signal?.throwIfAborted();
}

function waitBefore(response: Response, attempt: number): number | null {
  const seconds = retryAfterOf(response);
  const refused = response.status === 429 || response.status === 503;
  if (!refused && !(response.status === 409 && seconds !== null)) return null;
  if (seconds === null) return backoff(attempt);
  return seconds * 1000 > LONGEST_WAIT_MS ? null : Math.max(seconds * 1000, FIRST_BACKOFF_MS);
}

const backoff = (attempt: number) =>
  Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** attempt) * (0.5 + Math.random() / 2);

/** A stream is not repeated: its caller has other ways to wait. */
const isStream = ({ headers }: Request) => headers.get('accept') === 'text/event-stream';

/**
 * Whether sending the request twice has the effect of sending it once: reads, deletions, cancellations and anything
 * with an Idempotency-Key.
 */
const doneOnce = ({ method, headers, url }: Request) =>
  ['GET', 'HEAD', 'DELETE'].includes(method) || headers.has('idempotency-key') || url.endsWith('/cancel');
