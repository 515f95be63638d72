import { setTimeout as sleep } from 'node:timers/promises';

/** An answer did not come in time. */
export class LateError extends Error {}

/** The answer, if it comes in time; a later answer or failure is dropped. @throws LateError */
export async function within<T>(milliseconds: number, answer: Promise<T>): Promise<T> {
  const inTime = new AbortController();
  const late = sleep(milliseconds, undefined, { ref: false, signal: inTime.signal }).then(() => {
    throw new LateError(`no answer within ${milliseconds / 1000} s`);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    inTime.abort();
    late.catch(() => undefined);
  }
}

/** Waits until `work` succeeds or fails, but not longer. @returns whether it ended */
export function settled(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  return within(milliseconds, work).then(
    () => true,
    (error: unknown) => !(error instanceof LateError),
  );
}
