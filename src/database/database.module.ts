import { Global, Module } from '@nestjs/common';
import { HealthReads, Reads } from './pools.js';

/** The pools besides TypeORM's. */
@Global()
@Module({ providers: [Reads, HealthReads], exports: [Reads, HealthReads] })
export class DatabaseModule {}
