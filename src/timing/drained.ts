import { setTimeout as sleep } from 'node:timers/promises';

/** How often `left` is checked, milliseconds. */
const LOOK_MS = 20;

/**
 * Settles when nothing is left, or when the number has not fallen for `patienceMs`. So slow work gets time, and work
 * that does not answer gets none.
 */
export async function drained(left: () => number, patienceMs: number): Promise<void> {
  let [before, since] = [left(), performance.now()];
  while (left() > 0 && performance.now() - since < patienceMs) {
    await sleep(LOOK_MS);
    if (left() < before) since = performance.now();
    before = left();
  }
}
