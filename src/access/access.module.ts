import { Module } from '@nestjs/common';
import { AuthGuard } from './auth.guard.js';
import { BodyGuard } from '../http/body.guard.js';
import { QueryGuard } from '../http/query.guard.js';
import { DoorGuard } from './door.guard.js';
import { ItemsGuard, RateLimitGuard } from './rate-limit.guard.js';
import { AccessTokens } from './access-tokens.js';
import { Authentication } from './authentication.js';
import { KeyLookup } from './key-lookup.js';
import { KeyWatch } from './key-watch.js';
import { RateLimits } from './rate-limits.js';
import { WhoAmIController } from './who-am-i.controller.js';
import { ServerSecrets } from './server-secrets.js';

/** What the door asks, in its order. */
const GUARDS = [AuthGuard, RateLimitGuard, BodyGuard, ItemsGuard, QueryGuard];

/** Identifies callers and limits their requests. */
@Module({
  controllers: [WhoAmIController],
  providers: [AccessTokens, Authentication, KeyLookup, KeyWatch, RateLimits, ServerSecrets, DoorGuard, ...GUARDS],
  exports: [AccessTokens, Authentication, AuthGuard, DoorGuard, KeyWatch, RateLimitGuard, RateLimits],
})
export class AccessModule {}
