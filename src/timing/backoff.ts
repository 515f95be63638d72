/** How waits grow from one failure to the next. */
interface Growth {
  /** The wait after the first failure, milliseconds. */
  firstMs: number;
  /** Longest wait, milliseconds. Default: none. */
  longestMs?: number;
  /** Each wait is so many times the one before. Default: 2. */
  factor?: number;
}

/** How long to wait after so many failures in a row, from 1. Milliseconds. */
export const waitAfter = (failures: number, { firstMs, longestMs = Infinity, factor = 2 }: Growth): number =>
  Math.min(firstMs * factor ** (failures - 1), longestMs);

/**
 * A wait that differs by up to a share of it, so that those that failed together do not come back together.
 * @param share 0..1
 * @param random 0 ≤ random < 1
 */
export const jittered = (milliseconds: number, share: number, random = Math.random()): number =>
  milliseconds * (1 + share * (2 * random - 1));
