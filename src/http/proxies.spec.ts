import { trustIn, withoutPort } from './proxies.js';

describe('an address in X-Forwarded-For', () => {
  it.each([
    ['203.0.113.1:50001', '203.0.113.1'],
    ['203.0.113.1', '203.0.113.1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['2001:db8::1', '2001:db8::1'],
    ['unknown', 'unknown'],
    ['203.0.113.1:x', '203.0.113.1:x'],
  ])('%s is %s', (written, address) => {
    expect(withoutPort(written)).toBe(address);
  });
});

describe('who is trusted', () => {
  const trusts = trustIn(['10.0.0.0/8', '192.0.2.7', '2001:db8::/32']);

  it.each(['10.1.2.3', '::ffff:10.1.2.3', '10.1.2.3:443', '192.0.2.7', '2001:db8:1::1', '[2001:db8:1::1]:443'])(
    'is %s',
    (address) => {
      expect(trusts(address)).toBe(true);
    },
  );

  it.each(['11.0.0.1', '192.0.2.8', '2001:db9::1', '', 'unknown', '0x0a.1.2.3.4', '10.1.2.3, 10.1.2.4'])(
    'is not %s',
    (address) => {
      expect(trusts(address)).toBe(false);
    },
  );

  it('is nobody where no proxy is named, and nobody without an address', () => {
    expect(trustIn([])('127.0.0.1')).toBe(false);
    expect(trusts(undefined)).toBe(false);
  });
});
