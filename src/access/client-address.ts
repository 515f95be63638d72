import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';
import type { Socket } from 'node:net';
import { withoutPort } from '../http/proxies.js';

/** Bits of an IPv6 address that a provider gives to one customer. */
const IPV6_CUSTOMER = 64;

/**
 * The address whose requests count together when there is no key: an IPv4 address, or the /64 of an IPv6 one. Fastify
 * has read X-Forwarded-For by TRUSTED_PROXIES. Its value may still be no address.
 */
export const clientNetwork = ({ ip, socket }: Pick<FastifyRequest, 'ip' | 'socket'>): string =>
  networkOf(withoutPort(ip)) ?? networkOf(socket.remoteAddress ?? '') ?? 'unknown';

/** `null`: the text is no address. */
export function networkOf(text: string): string | null {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text) && !ipaddr.IPv6.isValid(text)) return null;
  const address = ipaddr.process(text); // ::ffff:192.0.2.1 is 192.0.2.1
  if (address.kind() === 'ipv4') return address.toString();
  const { parts } = address as ipaddr.IPv6;
  const network = parts.map((part, n) => (n < IPV6_CUSTOMER / 16 ? part : 0));
  return `${new ipaddr.IPv6(network).toString()}/${IPV6_CUSTOMER}`;
}

/** Whether the connection comes from this machine. The socket decides, not what a proxy forwards. */
export const isSameMachine = ({
  remoteAddress,
  localAddress,
}: Pick<Socket, 'remoteAddress' | 'localAddress'>): boolean =>
  remoteAddress !== undefined &&
  ipaddr.isValid(remoteAddress) &&
  (ipaddr.process(remoteAddress).range() === 'loopback' || remoteAddress === localAddress);
