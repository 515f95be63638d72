import { backOffMs } from './back-off.js';

describe('the wait after a failed try', () => {
  it.each([
    [1, 20_000],
    [2, 60_000],
    [3, 180_000],
  ])('%d is %d ms, give or take a fifth', (attempt, ms) => {
    expect(backOffMs(attempt, 20_000, 0.5)).toBe(ms);
    expect(backOffMs(attempt, 20_000, 0)).toBeCloseTo(ms * 0.8);
    expect(backOffMs(attempt, 20_000, 0.999_999)).toBeCloseTo(ms * 1.2, -1);
  });

  it('is none where none is set', () => expect(backOffMs(3, 0)).toBe(0));
});
