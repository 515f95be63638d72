import { applyDecorators, Injectable, Logger, SetMetadata } from '@nestjs/common';
import { ApiExtension, ApiSecurity } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Config } from '../config/config.js';
import type { Scope } from './scopes.js';
import { accessTokenIn, AccessTokens } from './access-tokens.js';
import { Authentication } from './authentication.js';
import { ANYBODY, type Caller, isAdmin, setCaller, STRANGER } from './caller.js';
import { metadataOf, type Route } from '../http/route.js';
import { forbidden, ProblemException, Problems, unauthorized } from '../http/problem.js';
import { LIMIT, LIMIT_EXTENSION } from './rate-limit.guard.js';
import type { LimitName } from './rate-limits.js';

const ACCESS = 'access';
/**
 * Who may call a route.
 * - public: everybody.
 * - published: everybody, or with PUBLIC_READS=false keys of scope read.
 * - a list: keys with one of these scopes.
 */
type Access = 'public' | 'published' | readonly Scope[];
const accessOf = metadataOf<Access>(ACCESS);
const TOKENS = 'tokens';
const takesTokens = metadataOf<boolean>(TOKENS);

/** One decorator of a route says who may call it and which limit counts it, and documents both. */
function access(who: readonly Scope[], limit?: LimitName) {
  return applyDecorators(
    SetMetadata(ACCESS, who),
    SetMetadata(LIMIT, limit ?? null),
    ...who.map((scope) => ApiSecurity('bearer', [scope])),
    ...(limit ? [ApiExtension(LIMIT_EXTENSION, limit)] : []),
    Problems(401, forbidden(`This takes a key of scope ${who.join(' or ')}.`), 429, 503),
  );
}

/** Open to everybody, whatever the settings; a key in the request is ignored. */
export const Public = () => SetMetadata(ACCESS, 'public');
/** Open to everybody, but a key in the request has to be a right one. Counted by RATE_LIMIT_READ. */
export const Knows = () =>
  applyDecorators(
    SetMetadata(ACCESS, []),
    SetMetadata(LIMIT, 'read' satisfies LimitName),
    ApiExtension(LIMIT_EXTENSION, 'read'),
    ApiSecurity({}),
    ApiSecurity('bearer', []),
    Problems(401, forbidden('An access token reads its own job, and nothing else.'), 429, 503),
  );
/** Reads of published texts: open unless PUBLIC_READS=false; counted by RATE_LIMIT_READ. */
export const PublicRead = () =>
  applyDecorators(
    SetMetadata(ACCESS, 'published'),
    SetMetadata(LIMIT, 'read' satisfies LimitName),
    ApiExtension(LIMIT_EXTENSION, 'read'),
    ApiSecurity({}),
    ApiSecurity('bearer', ['read']),
    Problems(401, forbidden('This takes a key of scope read.'), 429, 503),
  );
/** Requests for texts: counted by RATE_LIMIT_GENERATE, a batch by its items. */
export const Generates = () => access(['generate'], 'generate');
/** Reads of jobs: counted by RATE_LIMIT_POLL. */
export const ReadsJobs = () => access(['generate', 'read'], 'poll');
/** The same of one job, for which an access token suffices. */
export const ReadsOneJob = () => applyDecorators(ReadsJobs(), SetMetadata(TOKENS, true));
/** Changes of a job that cost no model call: counted as reads of jobs. */
export const ChangesJobs = () => access(['generate'], 'poll');
/** Webhooks of the key: their deliveries and secrets. Counted as reads of jobs. */
export const ManagesWebhooks = () => access(['generate'], 'poll');
/** Sending a webhook again: counted as a request for a text, since it costs as many attempts as a new one. */
export const ReplaysWebhooks = () => access(['generate'], 'generate');
/** Changes of texts and facts, which cost no model call: counted as reads of jobs. */
export const Edits = () => access(['edit'], 'poll');
/** All films or people at once: also where single ones are read without a key. Counted as a read of a job. */
export const ExportsAll = () => access(['read'], 'poll');
/** Routes for operators: they always need scope admin, also with AUTH_REQUIRED=false. */
export const Admin = () => access(['admin']);

/** Denies by default: a route without a decorator is for operators. */
@Injectable()
export class AuthGuard {
  constructor(
    private readonly config: Config,
    private readonly authentication: Authentication,
    private readonly tokens: AccessTokens,
  ) {
    if (config.servesHttp && config.authWaived)
      new Logger('Auth').warn('AUTH_REQUIRED=false: everybody who reaches this server may use it');
  }

  /** @throws ProblemException 400, 401, 403, 429 */
  async admit(request: FastifyRequest, route: Route): Promise<void> {
    const scopes = this.scopesFor(accessOf(route));
    const caller = scopes === null ? ANYBODY : await this.callerOf(request, route);
    check(caller, scopes ?? []);
    setCaller(request, caller ?? STRANGER);
  }

  private async callerOf(request: FastifyRequest, route: Route): Promise<Caller | null> {
    const token = accessTokenIn(request);
    if (token === null) return this.authentication.callerOf(request);
    const caller = await this.tokens.callerOf(token);
    if (!takesTokens(route)) throw forbidden('An access token reads its own job, and nothing else.');
    return caller;
  }

  /** Whether the request carries a key of scope admin. For routes outside of Nest, which have no decorator. */
  async isOperator(request: FastifyRequest): Promise<boolean> {
    try {
      const caller = await this.authentication.callerOf(request);
      return caller !== null && isAdmin(caller);
    } catch (error) {
      if (error instanceof ProblemException && error.getStatus() === 401) return false;
      throw error;
    }
  }

  /** The caller needs one of these scopes. Empty: the route is open. `null`: the key is ignored as well. */
  private scopesFor(who: Access = ['admin']): readonly Scope[] | null {
    if (who === 'public') return null;
    if (who === 'published') return this.config.publicReads ? [] : ['read'];
    return who;
  }
}

/** @throws ProblemException 401 without a key, 403 with a key that lacks the scopes */
function check(caller: Caller | null, scopes: readonly Scope[]): void {
  const suffices = (scope: Scope) => scope === 'admin' || scopes.includes(scope);
  if (scopes.length === 0 || caller?.scopes.some(suffices)) return;
  if (!caller?.key_id) throw unauthorized();
  throw forbidden(`This takes a key of scope ${scopes.join(' or ')}.`);
}
