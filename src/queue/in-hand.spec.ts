import { InHand, TOO_LONG_MS } from './in-hand.js';

describe('what is in a hand without being begun', () => {
  const [a, b] = [
    { id: 'a', dispatch: 1 },
    { id: 'b', dispatch: 1 },
  ];

  it('is there for too long when it was at each look for that time', () => {
    const inHand = new InHand();
    expect(inHand.tooLong([a], 0)).toEqual([]);
    expect(inHand.tooLong([a, b], TOO_LONG_MS - 1)).toEqual([]);
    expect(inHand.tooLong([a, b], TOO_LONG_MS)).toEqual([a]);
  });

  it('begins anew once it was not, and under each new id in the queue', () => {
    const inHand = new InHand();
    inHand.tooLong([a, b], 0);
    inHand.tooLong([b], 1);
    expect(inHand.tooLong([a, { ...b, dispatch: 2 }], TOO_LONG_MS)).toEqual([]);
  });
});
