import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { isIPv4 } from 'node:net';
import type { Config } from '../config/config.js';
import { ProblemException } from '../http/problem.js';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

const refused = (kind: string, detail: string) => new ProblemException(403, kind, detail);
export const foreignHost = () =>
  refused(
    'foreign-host',
    'This server asks for no key, so it answers only where Host names this machine. ' +
      'Set HOST_ALLOWED to the name in Host, or AUTH_REQUIRED=true.',
  );
const foreignOrigin = () =>
  refused(
    'foreign-origin',
    'This server asks for no key, so it answers no page of another site. ' +
      'Name that site in CORS_ORIGINS, or set HOST_ALLOWED to its name, or AUTH_REQUIRED=true.',
  );
const foreignPage = () => refused('foreign-origin', 'The board answers no page of another site.');

type Headers = Pick<FastifyRequest, 'headers' | 'method'>;
type Trusting = Pick<Config, 'authRequired' | 'host' | 'hostsAllowed' | 'corsOrigins'>;

/**
 * Protects a server that asks for no key: there, reaching the server is enough to use it. A page of any site can make
 * its visitor's browser reach it in two ways:
 * - by a name of its own that now points at 127.0.0.1, which shows in Host;
 * - by a request that needs no permission, which shows in Origin.
 *
 * Other clients name this machine and send no Origin. A site of CORS_ORIGINS may send requests too. That makes it no
 * name of this server.
 * @throws ProblemException 403
 */
export function refuseForeign({ headers, method }: Headers, config: Trusting): void {
  if (config.authRequired) return; // no browser adds the key by itself
  const { host, origin } = headers;
  if (host !== undefined && !isTrusted(nameIn(`http://${host}`), config)) throw foreignHost();
  if (origin !== undefined) {
    if (!config.corsOrigins.includes(origin) && !isTrusted(nameIn(origin), config)) throw foreignOrigin();
  } else if (!SAFE.has(method) && headers['sec-fetch-site'] === 'cross-site') throw foreignOrigin();
}

/**
 * A browser sends the board's password by itself, whichever page makes the request. So only a visit of the board by its
 * user is answered.
 */
export function refuseForeignPage({ headers, method }: Headers): void {
  const site = headers['sec-fetch-site'];
  if (site !== 'cross-site' && site !== 'same-site') return;
  const isVisit =
    SAFE.has(method) && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  if (!isVisit) throw foreignPage();
}

/** Most addresses whose names are remembered: clients of a server name few. */
const REMEMBERED = 100;
const names = new LRUCache<string, { name: string | null }>({ max: REMEMBERED });

/** The host name in the address of a site, as browsers read it; `null`: there is none, as in the Origin `null`. */
function nameIn(address: string): string | null {
  const known = names.get(address) ?? { name: readName(address) };
  names.set(address, known);
  return known.name;
}

function readName(address: string): string | null {
  if (!/^https?:\/\/[\w.:[\]-]+$/i.test(address) || !URL.canParse(address)) return null;
  return new URL(address).hostname;
}

function isTrusted(name: string | null, { host, hostsAllowed }: Trusting): boolean {
  if (hostsAllowed.includes('*')) return true;
  if (name === null) return false;
  const isNamed = (one: string) => (one.startsWith('.') ? name.endsWith(one) : name === one);
  return isThisMachine(name) || name === host || hostsAllowed.some(isNamed);
}

/** Loopback names (RFC 6761) and addresses. They never depend on a name server. */
const isThisMachine = (name: string) =>
  name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || (isIPv4(name) && name.startsWith('127.'));
