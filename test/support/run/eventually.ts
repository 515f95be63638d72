import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until there is an answer; fails at the deadline. */
export async function eventually<T>(ask: () => Promise<T | undefined | null | false>, deadlineMs = 15_000): Promise<T> {
  for (const deadline = Date.now() + deadlineMs; Date.now() < deadline; await sleep(25)) {
    const answer = await ask();
    if (answer) return answer;
  }
  throw new Error(`not within ${deadlineMs} ms`);
}
