import { ConnectionError } from './errors.js';
import type { Job } from './generated/index.js';
import { isFinished, type WaitOptions, within } from './wait.js';

export interface WatchOptions extends WaitOptions {
  /** Used in place of the global `EventSource`, which Node has not. */
  EventSource?: typeof globalThis.EventSource;
}

/** `readyState` of an EventSource that does not try again. */
const CLOSED = 2;

/**
 * Follows a job from a browser, without a key. Your server has asked for the address: `movieMind.accessTo(jobId)`.
 * @param events `links.events` of that answer, with the address of the server before it
 * @returns the job in a final state @throws ConnectionError when the token has ended; WaitTimeout
 */
export function watchJob(events: string, options: WatchOptions = {}): Promise<Job> {
  return within('The job', options, (signal) => ended(events, options, signal));
}

function ended(events: string, options: WatchOptions, signal: AbortSignal): Promise<Job> {
  const { onUpdate, EventSource = globalThis.EventSource } = options;
  signal.throwIfAborted();
  const source = new EventSource(events);
  return new Promise<Job>((done, failed) => {
    signal.addEventListener('abort', () => failed(signal.reason as Error), { once: true });
    source.addEventListener('status', (event: Event) => {
      const job = JSON.parse((event as unknown as { data: string }).data) as Job;
      onUpdate?.(job);
      if (isFinished(job)) done(job);
    });
    // It connects again by itself after a break, but not after a refusal.
    source.addEventListener('error', () => {
      if (source.readyState === CLOSED) failed(new ConnectionError('No events: the token is wrong or has ended'));
    });
  }).finally(() => source.close());
}
