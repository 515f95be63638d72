import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Scope, SCOPES } from './scopes.js';

/** Who sent the request, as the guard found out. */
export interface Caller {
  /** `null`: nobody had to say (AUTH_REQUIRED=false), or the bearer of ADMIN_TOKEN. */
  key_id: string | null;
  scopes: readonly Scope[];
  /**
   * Of jobs it may see those of this key alone; `null`: all, as scopes read and admin do, and everybody with
   * AUTH_REQUIRED=false.
   */
  sees_only: string | null;
  /**
   * Of jobs it may change those of this key alone; `null`: all, as operators do, and everybody with
   * AUTH_REQUIRED=false.
   */
  changes_only: string | null;
}

/** With AUTH_REQUIRED=false: may do everything but what operators do. */
export const ANYBODY: Caller = { key_id: null, scopes: ['generate', 'read'], sees_only: null, changes_only: null };
export const OPERATOR: Caller = { key_id: null, scopes: SCOPES, sees_only: null, changes_only: null };

export const isAdmin = (caller: Pick<Caller, 'scopes'>) => caller.scopes.includes('admin');

/** Whether the caller may see what `owner` made; a job has more to it: see jobs/visibility.ts. */
export const maySee = ({ sees_only }: Caller, owner: string | null) => sees_only === null || sees_only === owner;

const CALLERS = new WeakMap<object, Caller>();

/** The guard's word, once per request. */
export const setCaller = (request: FastifyRequest, caller: Caller) => void CALLERS.set(request, caller);
export const callerOf = (request: FastifyRequest): Caller => CALLERS.get(request) ?? ANYBODY;

/** Parameter of a route: who calls it. */
export const RequestCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller =>
  callerOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
