import { jittered, waitAfter } from './backoff.js';

describe('the wait after failures in a row', () => {
  it('doubles from the first up to the longest', () => {
    const waits = [1, 2, 3, 4, 5, 100].map((failures) => waitAfter(failures, { firstMs: 100, longestMs: 1000 }));
    expect(waits).toEqual([100, 200, 400, 800, 1000, 1000]);
  });

  it('grows by the factor that is given', () => {
    expect([1, 2, 3].map((failures) => waitAfter(failures, { firstMs: 20, factor: 3 }))).toEqual([20, 60, 180]);
  });

  it('differs by up to its share', () => {
    expect([0, 0.5, 1].map((random) => jittered(100, 0.2, random))).toEqual([80, 100, 120]);
  });
});
