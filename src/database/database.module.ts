import { Global, Module } from '@nestjs/common';
import { CatalogReads } from './catalog-reads.js';
import { HealthReads, Reads } from './pools.js';

/** The pools besides TypeORM's. */
@Global()
@Module({ providers: [Reads, HealthReads, CatalogReads], exports: [Reads, HealthReads, CatalogReads] })
export class DatabaseModule {}
