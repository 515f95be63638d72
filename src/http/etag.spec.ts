import { etagOf, isKnown } from './etag.js';

describe('an ETag', () => {
  it('is strong, the same for the same body and another for any other', () => {
    const tag = etagOf({ status: 'PENDING', queue_position: 3 });
    expect(tag).toMatch(/^"[\w-]{43}"$/);
    expect(etagOf({ status: 'PENDING', queue_position: 3 })).toBe(tag);
    expect(etagOf({ status: 'PENDING', queue_position: 2 })).not.toBe(tag);
  });

  const tag = '"abc"';

  it.each(['"abc"', 'W/"abc"', '"x", "abc"', 'W/"x",W/"abc"', '*', ' * '])('is named by %s', (header) => {
    expect(isKnown(header, tag)).toBe(true);
  });

  it.each([undefined, '', 'abc', '"ab"', '"abcd"', '"x*"', '"ABC"'])('is not named by %s', (header) => {
    expect(isKnown(header, tag)).toBe(false);
  });
});
