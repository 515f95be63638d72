import { compared, isServed } from './program-age.js';

describe('the age of a program', () => {
  it('is told by numbers, and what is not finished counts as its release', () => {
    const order = ['0.1.0', '0.1.2', '0.1.10', '0.2.0', '1.0.0', '10.0.0'];
    expect(order.toReversed().toSorted(compared)).toEqual(order);
    expect(compared('0.2.0-dev', '0.2.0')).toBe(0);
    expect(compared('0.2.0-dev', '0.1.9')).toBeGreaterThan(0);
  });

  it('is no matter where the tables have shut out none', () => {
    expect([isServed(null, '0.0.1'), isServed('0.2.0', '0.1.9'), isServed('0.2.0', '0.2.0')]).toEqual([
      true,
      false,
      true,
    ]);
  });
});
