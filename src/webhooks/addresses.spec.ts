import { isLocalName, isPublic, literalOf } from './addresses.js';

const PUBLIC = [
  '8.8.8.8',
  '1.1.1.1',
  '172.15.255.255',
  '172.32.0.1',
  '100.63.255.255',
  '100.128.0.1',
  '2606:4700::1111',
];

const REFUSED: [what: string, ...addresses: string[]][] = [
  ['private', '10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
  ['loopback', '127.0.0.1', '127.255.255.254', '::1'],
  ['link-local', '169.254.0.1', 'fe80::1', 'febf::1'],
  ['metadata', '169.254.169.254', 'fd00:ec2::254', '100.100.100.200', '192.0.0.192', '168.63.129.16'],
  ['shared (CGNAT)', '100.64.0.1', '100.127.255.255'],
  ['unspecified', '0.0.0.0', '0.1.2.3', '::'],
  ['multicast and broadcast', '224.0.0.1', '239.255.255.255', 'ff02::1', '255.255.255.255'],
  ['reserved', '240.0.0.1', '192.0.0.8', '192.88.99.1', '100::1', '5f00::1'],
  ['documentation', '192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'],
  ['benchmark', '198.18.0.1', '198.19.255.255', '2001:2::1'],
  ['unique local and site-local', 'fc00::1', 'fdff::1', 'fec0::1'],
  ['IPv4-mapped', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:8.8.8.8', '::ffff:0:10.0.0.1'],
  ['IPv4-compatible', '::127.0.0.1', '::7f00:1', '::8.8.8.8'],
  ['NAT64', '64:ff9b::10.0.0.1', '64:ff9b::7f00:1', '64:ff9b:1::1'],
  ['6to4 and Teredo', '2002:7f00:1::', '2002:a00:1::1', '2001::1'],
  ['no address at all', 'example.com', '', '1.2.3.4.5', '%eth0'],
];

describe('addresses', () => {
  it.each(PUBLIC)('knows %s to be public', (address) => expect(isPublic(address)).toBe(true));

  it.each(REFUSED)('does not take a %s address for public', (_, ...addresses) => {
    expect(addresses.filter(isPublic)).toEqual([]);
  });

  it.each([
    'http://2130706433/',
    'http://0177.0.0.1/',
    'http://0x7f.1/',
    'http://0x7f000001/',
    'http://127.1/',
    'http://127.0.0.1./',
    'http://%31%32%37.0.0.1/',
    'http://１２７.0.0.1/',
    'http://127。0。0。1/',
    'http://[::ffff:127.0.0.1]/',
    'http://[0:0:0:0:0:0:0:1]/',
  ])('sees through %s', (text) => {
    const literal = literalOf(new URL(text));
    expect(literal).not.toBeNull();
    expect(isPublic(literal!)).toBe(false);
  });

  it.each(['http://localhost/', 'http://LOCALHOST./', 'http://api.localhost/', 'http://a.b.localhost.:80/'])(
    'knows the name of this machine in %s',
    (text) => expect(isLocalName(new URL(text))).toBe(true),
  );

  it('leaves other names to the resolver', () => {
    for (const text of ['https://example.com/', 'https://notlocalhost/', 'https://localhost.example.com/']) {
      expect(literalOf(new URL(text))).toBeNull();
      expect(isLocalName(new URL(text))).toBe(false);
    }
  });
});
