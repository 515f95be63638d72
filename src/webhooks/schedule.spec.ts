import { MAX_ATTEMPTS, waitAfter } from './schedule.js';

const waits = (random: () => number) =>
  Array.from({ length: MAX_ATTEMPTS - 1 }, (_, n) => waitAfter(n + 1, 5000, random)!);
const hours = (list: number[]) => list.reduce((sum, wait) => sum + wait, 0) / 3_600_000;

describe('the schedule of a delivery', () => {
  it('begins after seconds, grows each time and ends after about a day, whatever the jitter', () => {
    for (const random of [() => 0, () => 0.5, () => 1]) {
      const list = waits(random);
      expect(list[0]).toBeLessThan(6000);
      expect(list).toEqual(list.toSorted((a, b) => a - b));
      expect(hours(list)).toBeGreaterThan(21);
      expect(hours(list)).toBeLessThan(26);
    }
  });

  it('has no wait after the last attempt', () => {
    expect(waitAfter(MAX_ATTEMPTS, 5000)).toBeNull();
  });

  it('spreads what failed together', () => {
    expect(new Set(Array.from({ length: 50 }, () => waitAfter(2, 5000))).size).toBeGreaterThan(40);
  });
});
