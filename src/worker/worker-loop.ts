import type { IQueueBackend } from 'bullmq';
import type { Loop } from '../timing/loop.js';

/**
 * Tells how a worker of BullMQ gets on with its queue: whether it is given jobs, whether its wait for one ends,
 * whether it may keep what it has. Its `error` events say neither what was refused nor when it is over.
 */
export function observe(backend: IQueueBackend, loop: Loop): void {
  for (const part of ['moveToActive', 'waitForJob', 'extendLocks', 'moveStalledJobsToWait'] as const) {
    const call = backend[part].bind(backend) as (...args: unknown[]) => Promise<never>;
    backend[part] = (...args: unknown[]) => loop.run(() => call(...args), part);
  }
}
