import { setTimeout as sleep } from 'node:timers/promises';

/** How often it is looked, milliseconds. */
const LOOK_MS = 20;

/**
 * Settles when nothing is left, or when nothing has left for `patienceMs`: who is slow gets time, who does not answer
 * none.
 */
export async function drained(left: () => number, patienceMs: number): Promise<void> {
  let [before, since] = [left(), performance.now()];
  while (left() > 0 && performance.now() - since < patienceMs) {
    await sleep(LOOK_MS);
    if (left() < before) since = performance.now();
    before = left();
  }
}
