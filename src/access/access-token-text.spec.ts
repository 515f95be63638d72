import { randomBytes, randomUUID } from 'node:crypto';
import { ACCESS_TOKEN_PATTERN, accessTokenOf, claimsIn } from './access-token-text.js';

describe('an access token', () => {
  const secret = randomBytes(32);
  const claims = { jobId: randomUUID(), keyId: randomUUID(), expiresAt: new Date(1_800_000_000_000) };
  const token = accessTokenOf(claims, secret);

  it('says which job, whose key and until when', () => {
    expect(claimsIn(token, secret)).toEqual(claims);
    expect(claimsIn(accessTokenOf({ ...claims, keyId: null }, secret), secret)).toEqual({ ...claims, keyId: null });
    expect(token).toMatch(new RegExp(ACCESS_TOKEN_PATTERN));
  });

  it('needs no encoding in an address', () => {
    expect(encodeURIComponent(token)).toBe(token);
  });

  it('says nothing under another secret', () => {
    expect(claimsIn(token, randomBytes(32))).toBeNull();
  });

  it('says nothing once a letter of it was changed, wherever', () => {
    // Of the last letter two bits belong to no byte, so some changes of it change nothing.
    for (let place = 0; place < token.length - 1; place++) {
      const other = token[place] === 'A' ? 'B' : 'A';
      const changed = token.slice(0, place) + other + token.slice(place + 1);
      expect([place, claimsIn(changed, secret)]).toEqual([place, null]);
    }
  });

  it.each(['', 'mmt_', 'mmt_x', `mmt_${'A'.repeat(91)}`, `mmt_${'.'.repeat(91)}`])('is not %s', (text) => {
    expect(claimsIn(text, secret)).toBeNull();
  });

  it('is cut or lengthened in vain', () => {
    expect([claimsIn(token.slice(0, -1), secret), claimsIn(`${token}A`, secret)]).toEqual([null, null]);
  });
});
