import type { FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { BELOW, type Config } from '../config/config.js';
import { trustIn } from './proxies.js';

/** Longest X-Forwarded-Prefix. */
const LONGEST = 200;

const PREFIXES = new WeakMap<IncomingMessage, string>();

type Settings = Pick<Config, 'basePath' | 'trustedProxies'>;

/**
 * Reads the path for the router from the request line. It removes the host of a request to a proxy, and BASE_PATH,
 * which a proxy may have kept or removed. It remembers the prefix below which the client sees this server.
 */
export function addressReader({ basePath, trustedProxies }: Settings): (request: IncomingMessage) => string {
  const trusts = trustIn(trustedProxies);
  return (request) => {
    const forwarded = trusts(request.socket?.remoteAddress) ? validPrefix(request.headers['x-forwarded-prefix']) : null;
    PREFIXES.set(request, forwarded ?? basePath);
    return withoutBase(ofOrigin(request.url ?? '/'), basePath);
  };
}

/** The path below which this client sees the server; empty: at the root. */
export const prefixOf = ({ raw }: Pick<FastifyRequest, 'raw'>): string => PREFIXES.get(raw) ?? '';

/** The path as the client sees it, without its query. */
export const pathOf = (request: Pick<FastifyRequest, 'raw' | 'url'>): string =>
  prefixOf(request) + (request.url.split('?')[0] || '/');

/** A copy of the value in which every address in `links` has the prefix. What a client has noted stays as it is. */
export function linkedBelow<Value>(prefix: string, value: Value): Value {
  return prefix === '' ? value : (walk(prefix, value) as Value);
}

function walk(prefix: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => walk(prefix, item));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      name === 'links' ? links(prefix, part) : name === 'metadata' ? (part as unknown) : walk(prefix, part),
    ]),
  );
}

const links = (prefix: string, value: unknown) =>
  Object.fromEntries(
    Object.entries(value ?? {}).map(([name, link]: [string, unknown]) => [
      name,
      typeof link === 'string' && link.startsWith('/') ? prefix + link : link,
    ]),
  );

/** A request to a proxy names `http://host/movies`, which means `/movies` (RFC 9112). */
function ofOrigin(target: string): string {
  const rest = /^https?:\/\/[^/?#]+(.*)$/is.exec(target)?.[1];
  if (rest === undefined) return target;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

function withoutBase(target: string, base: string): string {
  if (base === '' || !target.startsWith(base)) return target;
  const rest = target.slice(base.length);
  if (rest.startsWith('/')) return rest;
  return rest === '' || rest.startsWith('?') ? `/${rest}` : target;
}

/** `null`: there is no prefix, or it is no valid part of an address. */
function validPrefix(header: string | string[] | undefined): string | null {
  if (typeof header !== 'string' || header.length > LONGEST) return null;
  const prefix = header.trim().replace(/\/$/, '');
  return prefix === '' || BELOW.test(prefix) ? prefix : null;
}
