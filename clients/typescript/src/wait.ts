import { WaitTimeout } from './errors.js';
import type { Client } from './generated/client/index.js';
import type { Job } from './generated/index.js';
import { pause, retryAfterOf } from './resend.js';

export interface WaitOptions {
  /** Stops waiting after this time and throws {@link WaitTimeout}; the job goes on. Default: ten minutes. */
  timeoutMs?: number;
  /** Stops waiting; the job goes on. */
  signal?: AbortSignal;
  /** Called with every state that the client sees. */
  onUpdate?: (job: Job) => void;
}

const DEFAULT_TIMEOUT_MS = 600_000;
/** Seconds the server is asked to hold an answer; it holds an answer for 30 at most. */
const HOLD_SECONDS = 25;
/** A stream is dead when nothing arrives for this long, not even the comments sent every 15 s. Milliseconds. */
const SILENCE_MS = 40_000;
/** Time between two polls when the server names no other, milliseconds. */
export const POLL_MS = 1000;
const BEARER = [{ scheme: 'bearer', type: 'http' }] as const;

export const isFinished = ({ status }: Job) => status !== 'PENDING' && status !== 'IN_PROGRESS';

/** Runs `work` with a signal that aborts it at the deadline. @throws WaitTimeout */
export async function within<T>(
  what: string,
  { timeoutMs = DEFAULT_TIMEOUT_MS, signal }: WaitOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    return await work(signal ? AbortSignal.any([limit, signal]) : limit);
  } catch (error) {
    signal?.throwIfAborted();
    if (limit.aborted) throw new WaitTimeout(what, timeoutMs);
    throw error;
  }
}

/**
 * Resolves with the job in a final state. It learns of it by the event stream, else by held polls, else by plain polls.
 */
export async function finished(client: Client, id: string, options: WaitOptions, signal: AbortSignal): Promise<Job> {
  const told = (job: Job) => {
    options.onUpdate?.(job);
    return isFinished(job);
  };
  return (await streamed(client, id, told, signal)) ?? (await asked(client, id, told, signal));
}

/**
 * Waits by the event stream. `undefined`: there is none, or it broke off. It is not opened again, because polling
 * follows.
 */
async function streamed(client: Client, id: string, told: (job: Job) => boolean, signal: AbortSignal) {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  const { stream } = await client.sse.get<Job>({
    url: '/jobs/{id}/events',
    path: { id },
    security: BEARER,
    headers: { Accept: 'text/event-stream' },
    signal: AbortSignal.any([signal, silence.signal]),
    sseMaxRetryAttempts: 1,
    onSseEvent: () => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
    },
  });
  try {
    for await (const data of stream as AsyncIterable<unknown>) if (isJob(data) && told(data)) return data;
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
  signal.throwIfAborted();
  return undefined;
}

async function asked(client: Client, id: string, told: (job: Job) => boolean, signal: AbortSignal): Promise<Job> {
  for (;;) {
    const { data: job, response } = await client.get<{ 200: Job }, unknown, true>({
      url: '/jobs/{id}',
      path: { id },
      security: BEARER,
      signal,
      headers: { Prefer: `wait=${HOLD_SECONDS}` },
      throwOnError: true,
    });
    if (told(job)) return job;
    const held = response.headers.has('preference-applied');
    if (!held) await pause((retryAfterOf(response) ?? 0) * 1000 || POLL_MS, signal);
  }
}

const isJob = (data: unknown): data is Job => typeof data === 'object' && data !== null && 'job_id' in data;
