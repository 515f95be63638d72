import { Lag, orderOf } from './log-place.js';

describe('a place in the log', () => {
  it('has an order, whatever its length', () => {
    const places = ['0/0', '0/FF', '0/1A000000', '1/0', '16/B374D848', 'A0/0'];
    expect([...places].sort((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1))).toEqual(places);
    expect(() => orderOf('16/B374D848; SELECT 1')).toThrow('no place');
  });
});

describe('the lag of a replica', () => {
  it('is none while it has all that the primary had', () => {
    const lag = new Lag();
    expect(lag.seen('0/10', '0/10', 0)).toBe(0);
    expect(lag.seen('0/20', '0/30', 1000)).toBe(0);
  });

  it('is the age of the newest place that it has reached', () => {
    const lag = new Lag();
    lag.seen('0/10', '0/10', 0);
    expect(lag.seen('0/20', '0/18', 1000)).toBe(1);
    expect(lag.seen('0/30', '0/18', 2000)).toBe(2);
    expect(lag.seen('0/40', '0/20', 3000)).toBe(2);
    expect(lag.seen('0/40', '0/40', 4000)).toBe(0);
  });

  it('grows for one that has reached nothing since the start', () => {
    const lag = new Lag();
    expect(lag.seen('0/10', '0/1', 0)).toBeNull();
    expect(lag.seen('0/10', '0/1', 3000)).toBe(3);
  });
});
