/** Times below this are noise, milliseconds. */
const FLOOR_MS = 5;
const MOST_TRIES = 5;
/** Four times the size takes less than this many times as long; by the square of it, it would take 16 times. */
export const BELOW_SQUARE = 10;

/** How many times as long four times the size takes. */
export function growthOf(work: (size: number) => unknown, size: number): number {
  const small = Math.max(
    FLOOR_MS,
    timeOf(() => work(size)),
  );
  let large = Infinity;
  // Another process may slow one try down.
  for (let n = 0; n < MOST_TRIES && large >= BELOW_SQUARE * small; n++)
    large = Math.min(
      large,
      timeOf(() => work(4 * size)),
    );
  return large / small;
}

function timeOf(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}
