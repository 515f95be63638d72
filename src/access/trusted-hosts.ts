import type { FastifyRequest } from 'fastify';
import { isIPv4 } from 'node:net';
import type { Config } from '../config/config.js';
import { ProblemException } from '../http/problem.js';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

const refused = (kind: string, detail: string) => new ProblemException(403, kind, detail);
export const foreignHost = () =>
  refused(
    'foreign-host',
    'This server asks for no key, so it answers only where Host names this machine. Set HOST_ALLOWED to the name in Host, or AUTH_REQUIRED=true.',
  );
export const foreignOrigin = () =>
  refused(
    'foreign-origin',
    'This server asks for no key, so it answers no page of another site. Set HOST_ALLOWED to the name of that site, or AUTH_REQUIRED=true.',
  );
const foreignPage = () => refused('foreign-origin', 'The board answers no page of another site.');

type Headers = Pick<FastifyRequest, 'headers' | 'method'>;
type Trusting = Pick<Config, 'authRequired' | 'host' | 'hostsAllowed'>;

/**
 * Where nobody needs a key, reaching this server is all it takes. A page of any site has its visitor's browser reach
 * it: by a name of its own that it has pointed at 127.0.0.1 meanwhile, which shows in Host; or by a request it may
 * send without asking, which shows in Origin. What is no browser names this machine, and has no Origin.
 * @throws ProblemException 403
 */
export function refuseForeign({ headers, method }: Headers, config: Trusting): void {
  if (config.authRequired) return; // no browser adds the key by itself
  const { host, origin } = headers;
  if (host !== undefined && !isTrusted(nameIn(`http://${host}`), config)) throw foreignHost();
  if (origin !== undefined) {
    if (!isTrusted(nameIn(origin), config)) throw foreignOrigin();
  } else if (!SAFE.has(method) && headers['sec-fetch-site'] === 'cross-site') throw foreignOrigin();
}

/**
 * A browser sends the board's password by itself, whoever made the page that asks: then only to be looked at by its
 * user.
 */
export function refuseForeignPage({ headers, method }: Headers): void {
  const site = headers['sec-fetch-site'];
  if (site !== 'cross-site' && site !== 'same-site') return;
  const isVisit =
    SAFE.has(method) && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  if (!isVisit) throw foreignPage();
}

/** The name in the address of a site, as browsers read it; `null`: there is none, as in the Origin `null`. */
function nameIn(address: string): string | null {
  if (!/^https?:\/\/[\w.:[\]-]+$/i.test(address) || !URL.canParse(address)) return null;
  return new URL(address).hostname;
}

function isTrusted(name: string | null, { host, hostsAllowed }: Trusting): boolean {
  if (hostsAllowed.includes('*')) return true;
  if (name === null) return false;
  const isNamed = (one: string) => (one.startsWith('.') ? name.endsWith(one) : name === one);
  return isThisMachine(name) || name === host || hostsAllowed.some(isNamed);
}

/** Names of loopback (RFC 6761) and its addresses: no name server has a say in them. */
const isThisMachine = (name: string) =>
  name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || (isIPv4(name) && name.startsWith('127.'));
