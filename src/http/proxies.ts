import ipaddr from 'ipaddr.js';

/** A proxy may add the port to an address: `203.0.113.1:50001`, `[2001:db8::1]:443`. */
const WITH_PORT = /^(?:\[([^\]]*)\](?::\d{1,5})?|(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5})$/;

export function withoutPort(address: string): string {
  const [, inBrackets, before] = WITH_PORT.exec(address) ?? [];
  return inBrackets ?? before ?? address;
}

/** @param networks addresses and CIDRs, as in TRUSTED_PROXIES @returns whether an address belongs to one of them */
export function trustIn(networks: readonly string[]): (address: string | undefined) => boolean {
  const ranges = networks.map((network) =>
    network.includes('/') ? ipaddr.parseCIDR(network) : wholeOf(ipaddr.parse(network)),
  );
  if (ranges.length === 0) return () => false;
  return (address = '') => {
    const bare = withoutPort(address);
    if (!ipaddr.isValid(bare)) return false;
    const exact = ipaddr.process(bare); // ::ffff:192.0.2.1 is 192.0.2.1
    return ranges.some(([range, bits]) => range.kind() === exact.kind() && exact.match(range, bits));
  };
}

function wholeOf(address: ipaddr.IPv4 | ipaddr.IPv6): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  const exact = ipaddr.process(address.toString());
  return [exact, exact.kind() === 'ipv4' ? 32 : 128];
}
