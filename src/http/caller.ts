import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Scope } from '../keys/api-key.entity.js';

/** Who sent the request, as the guard found out. */
export interface Caller {
  /** `null`: nobody had to say (AUTH_REQUIRED=false), or the bearer of ADMIN_TOKEN. */
  key_id: string | null;
  scopes: readonly Scope[];
}

/** With AUTH_REQUIRED=false: may do everything but what operators do. */
export const ANYBODY: Caller = { key_id: null, scopes: ['generate', 'read'] };
export const OPERATOR: Caller = { key_id: null, scopes: ['generate', 'read', 'admin'] };

export const isAdmin = (caller: Caller) => caller.scopes.includes('admin');

/** Whether the caller may see what `owner` made: the key itself, admins, and everybody where nobody needs a key. */
export const maySee = (caller: Caller, owner: string | null) => ownerFor(caller) === null || caller.key_id === owner;

/** Whose things the caller is shown in lists; `null`: everybody's. */
export const ownerFor = (caller: Caller) => (isAdmin(caller) ? null : caller.key_id);

const CALLERS = new WeakMap<object, Caller>();

/** The guard's word, once per request. */
export const setCaller = (request: FastifyRequest, caller: Caller) => void CALLERS.set(request, caller);
export const callerOf = (request: FastifyRequest): Caller => CALLERS.get(request) ?? ANYBODY;

/** Parameter of a route: who calls it. */
export const RequestCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller =>
  callerOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
