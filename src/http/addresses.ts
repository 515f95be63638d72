import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { methodNotAllowed } from './problem.js';
import { RouteTable } from './route-table.js';

/** The dashboard handles its own addresses. */
const DASHBOARD = /^\/admin\/board(\/|$)/;
/** The target of a request about the server as a whole (RFC 9110). */
const WHOLE_SERVER = '*';
const ALL_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Addresses with a route that may still have another spelling. */
const MAYBE_MISSPELT = /[A-Z]|\/\/|.\/$/;

const ALLOWED = new WeakMap<FastifyRequest, string[]>();

/** Methods of an address that a route took for a name, and where nothing has that name; see problem.filter.ts. */
export const allowedInstead = (request: FastifyRequest): string[] | undefined => ALLOWED.get(request);

/**
 * Answers these requests before any route does:
 * 1. another spelling of an address: 308 to the right one, with its query, whatever the method;
 * 2. a known address with a method that it does not have: 405 with `Allow`;
 * 3. OPTIONS: 204 with `Allow`.
 */
export class Addresses {
  private readonly table = new RouteTable();

  /** Called for every route. */
  add({ url, method }: Pick<RouteOptions, 'url' | 'method'>): void {
    if (!DASHBOARD.test(url)) this.table.add(url, method);
  }

  /** @returns the reply, when it is complete. @throws ProblemException 405 */
  answer(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
    const [path = '', ...query] = request.url.split('?');
    const isOptions = request.method === 'OPTIONS';
    if (isOptions && path === WHOLE_SERVER) return allowing(reply, ALL_METHODS);
    if (DASHBOARD.test(path)) return undefined;
    // Other addresses are right as they are, and this look-up is expensive.
    const canonical = isOptions || request.is404 || MAYBE_MISSPELT.test(path) ? this.table.canonical(path) : path;
    if (canonical === null) return undefined;
    // The path begins with one slash and a known folder, so it cannot lead to another host.
    if (canonical !== path)
      return reply
        .code(308)
        .header('location', [canonical, ...query].join('?'))
        .send();
    if (isOptions) return allowing(reply, this.table.methodsAt(path));
    if (request.is404) throw methodNotAllowed(request.method, this.table.methodsAt(path));
    const exactly = this.table.methodsOfExactly(path);
    if (exactly.length > 0 && !exactly.includes(request.method)) ALLOWED.set(request, exactly);
    return undefined;
  }
}

const allowing = (reply: FastifyReply, methods: string[]) =>
  reply
    .code(204)
    .header('allow', [...methods, 'OPTIONS'].join(', '))
    .send();
