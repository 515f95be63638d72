import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Limits are written as a quiet machine needs them; each lasts so many times longer. A limit ends what hangs, and says
 * nothing of speed: a machine that does other work too is no failure.
 */
export const PATIENCE = 3;

/** Between two questions, milliseconds: at first, and at most. */
const [SHORTEST_MS, LONGEST_MS] = [25, 200];

/**
 * Asks until there is an answer; fails at the deadline. The longer it has waited, the less often it asks: a question
 * is a request and a look into the database, and many files ask at the same time.
 */
export async function eventually<T>(ask: () => Promise<T | undefined | null | false>, deadlineMs = 15_000): Promise<T> {
  const began = Date.now();
  for (let waited = 0; waited < deadlineMs * PATIENCE; waited = Date.now() - began) {
    const answer = await ask();
    if (answer) return answer;
    await sleep(Math.min(Math.max(SHORTEST_MS, waited / 20), LONGEST_MS));
  }
  throw new Error(`not within ${deadlineMs * PATIENCE} ms`);
}
