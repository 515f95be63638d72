import ipaddr from 'ipaddr.js';
import { lookup, Resolver } from 'node:dns/promises';

/** All addresses of a name. Injected, so that tests can replace the name server. */
export type Resolve = (hostname: string) => Promise<string[]>;

/** Longest wait for a name server, milliseconds; it is asked twice. The whole attempt has its own bound. */
const NAME_SERVER_MS = 3000;

/** The range of public IPv6 addresses (RFC 4291, IANA); NAT64 and IPv4-compatible ones are outside of it. */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];

/** Public by range, but internal: Azure's platform service, which also gives out credentials. */
const PLATFORM = new Set(['168.63.129.16']);

/**
 * Whether an address is on the public internet. The following are not:
 * - private, loopback, link-local (metadata services) and shared (100.64/10) addresses;
 * - multicast, unspecified and broadcast addresses;
 * - addresses for documentation or benchmarks;
 * - IPv6 forms of an IPv4 address.
 */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address) || PLATFORM.has(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || (parsed as ipaddr.IPv6).match(GLOBAL_IPV6);
}

/**
 * The literal address in the host of a URL; `null`: it is a name. The URL has already normalised decimal, octal and hex
 * forms.
 */
export function literalOf({ hostname }: URL): string | null {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1');
  return ipaddr.isValid(bare) ? bare : null;
}

/** Names that always mean this machine (RFC 6761), with or without the dot of the root. */
export const isLocalName = ({ hostname }: URL) => /(^|\.)localhost\.?$/i.test(hostname);

/**
 * Asks the name servers directly. The system's resolver would use a thread that PostgreSQL and files need too, and a
 * name server can be slow on purpose.
 */
export const askNameServers: Resolve = async (hostname) => {
  const resolver = new Resolver({ timeout: NAME_SERVER_MS, tries: 2 });
  const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
};

/** For local work: also knows the names in /etc/hosts. */
export const askSystem: Resolve = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);
