import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../audit/actions.js';
import { type Scope, SCOPES } from './scopes.js';

/** Who sent the request, as the guard found out. */
export interface Caller {
  /** `null`: the bearer of ADMIN_TOKEN, or no key was needed (AUTH_REQUIRED=false). */
  key_id: string | null;
  scopes: readonly Scope[];
  /** Tokens that the jobs of the key may take a day; missing: as many as they need. */
  daily_tokens?: number | null;
  /**
   * The caller sees the jobs of this key only. `null`: it sees all, as with scope read or admin or AUTH_REQUIRED=false.
   */
  sees_only: string | null;
  /**
   * The caller changes the jobs of this key only. `null`: it may change all, as operators do, or with
   * AUTH_REQUIRED=false.
   */
  changes_only: string | null;
  /** Keys of the same project, this one among them: each sees and changes what the others made. Missing: none. */
  fellows?: readonly string[];
  /** Requests for texts that the key may send a minute; missing: as many as the settings say. */
  rate_limit?: number | null;
  /** The caller sees this job alone: it has an access token. */
  only_job?: string;
  /** When that ends. */
  until?: Date;
}

/** A caller without a key, with AUTH_REQUIRED=false: it may do everything except what operators do. */
export const ANYBODY: Caller = {
  key_id: null,
  scopes: ['generate', 'read', 'edit'],
  sees_only: null,
  changes_only: null,
};
/** A caller without a key where others need one: it reads what is published. */
export const STRANGER: Caller = { ...ANYBODY, scopes: [] };
export const OPERATOR: Caller = { key_id: null, scopes: SCOPES, sees_only: null, changes_only: null };

export const isAdmin = (caller: Pick<Caller, 'scopes'>) => caller.scopes.includes('admin');

/** Who the caller is, in the words of the audit log. */
export function actorOf(caller: Pick<Caller, 'key_id' | 'scopes'>): Actor {
  if (caller.key_id !== null) return 'key';
  return isAdmin(caller) ? 'bootstrap' : 'anybody';
}

/** Whether an operator acts on what `owner` has made: what one does with one's own is nobody else's business. */
export const isForeign = (caller: Pick<Caller, 'key_id' | 'scopes'>, owner: string | null) =>
  isAdmin(caller) && (caller.key_id === null || caller.key_id !== owner);

/** Whether the caller may change texts and facts, and so sees what is hidden. */
export const isEditor = (caller: Pick<Caller, 'scopes'>) => caller.scopes.includes('edit') || isAdmin(caller);

/** Whether the caller may see what `owner` made. For jobs see jobs/visibility.ts, which knows more. */
export const maySee = (caller: Caller, owner: string | null) => {
  const keys = seenKeys(caller);
  return keys === null || (owner !== null && keys.includes(owner));
};

/** Whose jobs the caller sees; `null`: everybody's. */
export const seenKeys = ({ sees_only, fellows }: Caller): readonly string[] | null =>
  sees_only === null ? null : (fellows ?? [sees_only]);

/** Whose jobs the caller changes; `null`: everybody's. */
export const changedKeys = ({ changes_only, fellows }: Caller): readonly string[] | null =>
  changes_only === null ? null : (fellows ?? [changes_only]);

const CALLERS = new WeakMap<object, Caller>();

/** Called by the guard, once per request. */
export const setCaller = (request: FastifyRequest, caller: Caller) => void CALLERS.set(request, caller);
export const callerOf = (request: FastifyRequest): Caller => CALLERS.get(request) ?? ANYBODY;

/** Parameter of a route: the caller. */
export const RequestCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller =>
  callerOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
