import { Global, Module } from '@nestjs/common';
import { Authentication } from './authentication.js';
import { KeyLookup } from './key-lookup.js';

@Global()
@Module({ providers: [Authentication, KeyLookup], exports: [Authentication] })
export class KeysModule {}
