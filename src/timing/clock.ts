/**
 * How far this machine's clock is ahead of another one, seconds; negative: behind. The other was read between `before`
 * and `after`. How long each way took is not known, so only what is certain counts. Milliseconds since 1970.
 */
export function aheadOf(other: number, before: number, after: number): number {
  if (other < before) return (before - other) / 1000;
  return other > after ? (after - other) / 1000 : 0;
}
