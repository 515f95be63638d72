import type { IQueueBackend } from 'bullmq';
import type { Loop } from '../timing/loop.js';

/**
 * Reports to `loop` how a worker of BullMQ gets on: whether it is given jobs, whether its waits end, whether its locks
 * are extended. Its `error` events say neither what was refused nor when it is over.
 */
export function observe(backend: IQueueBackend, loop: Loop): void {
  for (const part of ['moveToActive', 'waitForJob', 'extendLocks', 'moveStalledJobsToWait'] as const) {
    const call = backend[part].bind(backend) as (...args: unknown[]) => Promise<never>;
    backend[part] = (...args: unknown[]) => loop.run(() => call(...args), part);
  }
  // After an error here BullMQ would wait for 5 s by a timer that its close does not end. The loop knows of the error.
  const look = backend.moveStalledJobsToWait.bind(backend);
  backend.moveStalledJobsToWait = () => look().catch(() => []);
}
