import { MAX_ATTEMPTS, nextAfter } from './schedule.js';

const waits = (random: () => number) =>
  Array.from({ length: MAX_ATTEMPTS - 1 }, (_, n) => nextAfter(n + 1, 5000, 0, random)!.waitMs);
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
    expect(nextAfter(MAX_ATTEMPTS, 5000, 0)).toBeNull();
    expect(nextAfter(MAX_ATTEMPTS, 5000, 60_000)).toBeNull();
  });

  it('spreads what failed together', () => {
    expect(new Set(Array.from({ length: 50 }, () => nextAfter(2, 5000, 0)!.waitMs)).size).toBeGreaterThan(40);
  });

  const HOUR = 3_600_000;
  const asked = (attempts: number, askedMs: number) => nextAfter(attempts, 5000, askedMs, () => 0.5)!;

  it('comes later when the receiver asks for that, and never earlier', () => {
    expect(asked(1, 3000)).toEqual({ waitMs: 5000, attempts: 1 });
    expect(asked(3, 60_000)).toEqual({ waitMs: 1_800_000, attempts: 3 });
    expect(asked(1, 60_000)).toEqual({ waitMs: 60_000, attempts: 2 });
    expect(asked(1, 10 * HOUR)).toEqual({ waitMs: 10 * HOUR, attempts: 6 });
  });

  it('ends when it would have ended, however often and for however long it is put off', () => {
    for (const wanted of [5001, 60_000, HOUR, 5 * HOUR, 12 * HOUR, 1000 * HOUR]) {
      const list = [];
      for (let next = asked(1, wanted), n = 0; next && n < 20; n++) {
        list.push(next.waitMs);
        next = nextAfter(next.attempts + 1, 5000, wanted, () => 0.5)!;
      }
      expect(list[0]).toBe(Math.min(wanted, hours(waits(() => 0.5)) * HOUR));
      expect(hours(list)).toBeLessThan(24);
    }
  });
});
