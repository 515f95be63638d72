import { Global, Module } from '@nestjs/common';
import { Authentication } from './authentication.js';
import { KeyLookup } from './key-lookup.js';
import { KeyWatch } from './key-watch.js';

@Global()
@Module({ providers: [Authentication, KeyLookup, KeyWatch], exports: [Authentication, KeyWatch] })
export class KeysModule {}
