import { clientNetwork, isSameMachine, networkOf } from './client-address.js';

describe('whose requests count together', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
    ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
    ['fe80::1%eth0', 'fe80::/64'],
  ])('%s is of %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it.each([
    ['203.0.113.1:50001', '203.0.113.1'],
    ['[2001:db8:1:2::9]:443', '2001:db8:1:2::/64'],
  ])('a proxy may write the port behind it: %s is of %s', (ip, network) => {
    expect(clientNetwork({ ip, socket: { remoteAddress: '198.51.100.7' } as never })).toBe(network);
  });

  it.each(['', 'unknown', '192.0.2', '0x7f.1', '192.0.2.1:x', '192.0.2.1, 192.0.2.2', 'x'.repeat(9000)])(
    'nothing is an address that is none: %.20s',
    (text) => {
      expect(networkOf(text)).toBeNull();
      const socket = { remoteAddress: '::ffff:198.51.100.7' } as never;
      expect(clientNetwork({ ip: text, socket })).toBe('198.51.100.7');
    },
  );
});

describe('this very machine', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1', true],
    ['::1', '::1', true],
    ['::ffff:127.0.0.1', '::ffff:127.0.0.1', true],
    ['192.0.2.7', '192.0.2.7', true],
    ['192.0.2.8', '192.0.2.7', false],
    ['2001:db8::2', '2001:db8::1', false],
    [undefined, undefined, false],
  ])('%s that reached %s: %s', (remoteAddress, localAddress, same) => {
    expect(isSameMachine({ remoteAddress, localAddress })).toBe(same);
  });
});
