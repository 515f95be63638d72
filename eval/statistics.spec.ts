import { bootstrapped, medianOf, quantile, signFlipTest, signTest, standing, wilson } from './statistics.js';

const over = (count: number, value: (n: number) => number) => Array.from({ length: count }, (_, n) => value(n));

describe('the statistics of an evaluation', () => {
  it('know the interval of a share, also where it is all or nothing', () => {
    // Source: the examples in Newcombe, 1998, "Two-sided confidence intervals for the single proportion".
    const [low, high] = wilson(81 / 263, 263);
    expect([low, high].map((value) => value.toFixed(4))).toEqual(['0.2553', '0.3662']);
    expect(wilson(0, 20).map((value) => value.toFixed(4))).toEqual(['0.0000', '0.1611']);
    expect(wilson(1, 20)[1]).toBeCloseTo(1, 10);
    expect(wilson(NaN, 0)).toEqual([0, 1]);
  });

  it('know how likely signs are by chance', () => {
    expect(signTest([])).toBe(1);
    expect(signTest([0, 0, 1, -1])).toBe(1);
    // Ten of ten: twice 1 in 1024. Nine of ten: twice 11 in 1024.
    expect(signTest(over(10, () => 1))).toBeCloseTo(2 / 1024, 10);
    expect(signTest([...over(9, () => -1), 1])).toBeCloseTo(22 / 1024, 10);
    expect(signTest(over(5000, (n) => (n % 2 === 0 ? 1 : -1)))).toBe(1);
  });

  it('draw the same by chance each time, around the mean', () => {
    const values = over(40, (n) => n % 10);
    const [low, high] = bootstrapped(values);
    expect(bootstrapped(values)).toEqual([low, high]);
    expect(low).toBeGreaterThan(3);
    expect(low).toBeLessThan(4.5);
    expect(high).toBeGreaterThan(4.5);
    expect(high).toBeLessThan(6);
    expect(bootstrapped([7, 7, 7])).toEqual([7, 7]);
  });

  it('tell a difference from noise', () => {
    expect(signFlipTest(over(30, (n) => 5 + (n % 3)))).toBeLessThan(0.001);
    expect(signFlipTest(over(30, (n) => (n % 2 === 0 ? 5 : -5)))).toBeGreaterThan(0.5);
    expect(signFlipTest([0, 0, 0])).toBe(1);
    // All five of one sign: 2 of 32 ways to sign them.
    expect(signFlipTest([1, 1, 1, 1, 1])).toBe(1 / 16);
    expect(signFlipTest([0.1, 0.2, 0.3, 0.2, 0.1])).toBe(1 / 16);
  });

  it('have a finding stand only where it would among all that were looked at', () => {
    expect(standing([0.04, 0.2, 0.5], 0.05)).toEqual([false, false, false]);
    expect(standing([0.5, 0.001, 0.02], 0.05)).toEqual([false, true, true]);
    expect(standing([], 0.05)).toEqual([]);
  });

  it('know middles', () => {
    expect(medianOf([3, 1, 2])).toBe(2);
    expect(quantile([1, 2, 3, 4], 0.95)).toBe(4);
    expect(medianOf([])).toBeNaN();
  });
});
