import { aheadOf } from './clock.js';

describe('how far a clock is ahead of another', () => {
  it('is nothing while the other was read between question and answer, however long that took', () => {
    expect([aheadOf(1000, 1000, 1000), aheadOf(5000, 1000, 9000)]).toEqual([0, 0]);
  });

  it('is told of what no journey explains', () => {
    expect(aheadOf(1000, 4000, 4010)).toBe(3);
    expect(aheadOf(7010, 4000, 4010)).toBe(-3);
  });
});
