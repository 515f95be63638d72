import { type ExecutionContext, type PipeTransform, RequestMethod, type Type } from '@nestjs/common';
import {
  HTTP_CODE_METADATA,
  METHOD_METADATA,
  PARAMTYPES_METADATA,
  PATH_METADATA,
  ROUTE_ARGS_METADATA,
} from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { DoorGuard } from '../access/door.guard.js';
import { DIRECT } from '../http/direct.js';
import { restOfTurn } from '../timing/turn.js';
import { ProblemFilter } from '../http/problem.filter.js';

type Controller = Record<string, (...values: unknown[]) => unknown>;
/** Gives one parameter of a method its value. */
type Read = (request: FastifyRequest, reply: FastifyReply) => unknown;

/** What Nest keeps of a parameter, under `<type>:<place>`. */
interface Parameter {
  index: number;
  data?: string;
  factory?: (data: unknown, context: ExecutionContext) => unknown;
}

/**
 * Handlers for the routes with `@Direct()`, by method and address. Nest's pipeline makes a dozen objects and promises
 * for a request; these make what they need, by the same decorators.
 */
export function directRoutes(app: NestFastifyApplication, pipe: PipeTransform): Map<string, RouteHandlerMethod> {
  const routes = new Map<string, RouteHandlerMethod>();
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [...module.controllers.values()]);
  for (const { instance, metatype } of controllers)
    for (const name of new MetadataScanner().getAllMethodNames((metatype as Type).prototype as object)) {
      const direct = { controller: instance as Controller, type: metatype as Type, name };
      const method = direct.controller[name]!;
      if (Reflect.getMetadata(DIRECT, method)) routes.set(addressOf(direct.type, method), handlerOf(app, direct, pipe));
    }
  return routes;
}

/** As in `GET /jobs/:id`. */
export function addressOf(type: Type, method: object): string {
  const verb = RequestMethod[Reflect.getMetadata(METHOD_METADATA, method) as RequestMethod];
  const parts = [type, method].map((one) => Reflect.getMetadata(PATH_METADATA, one) as string);
  return `${verb} /${parts.join('/')}`;
}

interface DirectRoute {
  controller: Controller;
  type: Type;
  name: string;
}

function handlerOf(
  app: NestFastifyApplication,
  { controller, type, name }: DirectRoute,
  pipe: PipeTransform,
): RouteHandlerMethod {
  const door = app.get(DoorGuard);
  const filter = new ProblemFilter();
  const method = controller[name]!;
  const route = { handler: method, controller: type };
  const reads = readsOf(type, name, pipe);
  const status = Reflect.getMetadata(HTTP_CODE_METADATA, method) as number | undefined;
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    try {
      await restOfTurn();
      await door.admit(request, reply, route);
      const values = [];
      for (const read of reads) {
        const value = read(request, reply);
        // A reply is no promise, but could be awaited too: until it is sent.
        values.push(value instanceof Promise ? await value : value);
      }
      if (status) void reply.code(status);
      void reply.send(await method.apply(controller, values));
    } catch (error) {
      filter.answer(error, request, reply);
    }
  };
  return (request, reply) => void answer(request, reply);
}

function readsOf(type: Type, name: string, pipe: PipeTransform): Read[] {
  const parameters = Reflect.getMetadata(ROUTE_ARGS_METADATA, type, name) as Record<string, Parameter>;
  const types = Reflect.getMetadata(PARAMTYPES_METADATA, type.prototype as object, name) as Type[];
  return Object.entries(parameters)
    .sort(([, one], [, other]) => one.index - other.index)
    .map(([key, parameter]) => readOf(key, parameter, types[parameter.index]!, pipe));
}

function readOf(key: string, { data, factory }: Parameter, metatype: Type, pipe: PipeTransform): Read {
  if (factory) return (request, reply) => factory(data, contextOf(request, reply));
  switch (Number(key.split(':')[0]) as RouteParamtypes) {
    case RouteParamtypes.REQUEST:
      return (request) => request;
    case RouteParamtypes.RESPONSE:
      return (_, reply) => reply;
    case RouteParamtypes.PARAM:
      return ({ params }) => (params as Record<string, string>)[data!];
    case RouteParamtypes.BODY:
      return ({ body }) => pipe.transform(body, { type: 'body', metatype, data });
    case RouteParamtypes.QUERY:
      return ({ query }) => pipe.transform(query, { type: 'query', metatype, data });
    default:
      throw new Error(`${key}: a direct route has no such parameter`);
  }
}

/** As much of a context as our own parameters ask for. */
const contextOf = (request: FastifyRequest, reply: FastifyReply) =>
  ({ switchToHttp: () => ({ getRequest: () => request, getResponse: () => reply }) }) as ExecutionContext;
