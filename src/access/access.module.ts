import { Module } from '@nestjs/common';
import { AuthGuard } from './auth.guard.js';
import { Authentication } from './authentication.js';
import { KeyLookup } from './key-lookup.js';
import { KeyWatch } from './key-watch.js';
import { RateLimits } from './rate-limits.js';

/** Identifies callers and limits their requests. */
@Module({
  providers: [Authentication, AuthGuard, KeyLookup, KeyWatch, RateLimits],
  exports: [Authentication, AuthGuard, KeyWatch, RateLimits],
})
export class AccessModule {}
