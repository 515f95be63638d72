import { applyDecorators, type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiBearerAuth } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import { Config } from '../config/config.js';
import { ANYBODY, OPERATOR, setCaller } from './caller.js';
import { unauthorized } from './problem.js';

const ACCESS = 'access';

/** Open to everybody, whatever the settings. */
export const Public = () => SetMetadata(ACCESS, 'public');
/** Reading what was published: open unless PUBLIC_READS=false. */
export const PublicRead = () => SetMetadata(ACCESS, 'read');
/** For operators: needs scope admin always, also with AUTH_REQUIRED=false. Without an ADMIN_TOKEN nobody has it. */
export const Admin = () => applyDecorators(SetMetadata(ACCESS, 'admin'), ApiBearerAuth());

/** Denies by default: a route without a decorator needs a key as soon as auth is required. */
@Injectable()
export class AuthGuard implements CanActivate {
  private readonly adminToken: Buffer | null;

  constructor(
    private readonly config: Config,
    private readonly reflector: Reflector,
  ) {
    this.adminToken = config.adminToken === null ? null : digest(config.adminToken);
  }

  canActivate(context: ExecutionContext): boolean {
    const access = this.reflector.getAllAndOverride<string>(ACCESS, [context.getHandler(), context.getClass()]);
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const admin = this.isOperator(request);
    setCaller(request, admin ? OPERATOR : ANYBODY);
    if (admin) return true;
    if (access !== 'admin') {
      if (!this.config.authRequired || access === 'public') return true;
      if (access === 'read' && this.config.publicReads) return true;
    }
    throw unauthorized();
  }

  /** Whether the request carries a key of scope admin. */
  isOperator(request: FastifyRequest): boolean {
    const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    // Digests have one length, so the comparison takes the same time whatever was sent.
    return this.adminToken !== null && token !== undefined && timingSafeEqual(digest(token), this.adminToken);
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest();
