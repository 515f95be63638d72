import { Injectable } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { FastifyRequest } from 'fastify';
import { pointerTo, unprocessable } from './problem.js';
import type { Route } from './route.js';

/** Refuses a query where a route takes none. Where a route takes one, its class defines the fields. */
@Injectable()
export class QueryGuard {
  /** @throws ProblemException 422 */
  admit({ query }: FastifyRequest, route: Route): void {
    const names = Object.keys(query ?? {});
    if (names.length === 0 || takesQuery(route)) return;
    throw unprocessable(names.map((name) => ({ pointer: pointerTo(name), detail: 'is not a known field' })));
  }
}

/** Whether the route has a parameter with `@Query()`. Nest stores the parameters of a route under `<type>:<place>`. */
function takesQuery({ handler, controller }: Route): boolean {
  const parameters: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler.name);
  return Object.keys(parameters ?? {}).some((name) => name.startsWith(`${RouteParamtypes.QUERY}:`));
}
