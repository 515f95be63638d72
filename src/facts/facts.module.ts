import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { FactsCache } from './facts-cache.js';
import { FactsProvider, NoFacts } from './facts-provider.js';
import { Pace } from './pace.js';
import { TmdbClient } from './tmdb-client.js';
import { TmdbFacts } from './tmdb-facts.js';

@Module({
  providers: [
    FactsCache,
    Pace,
    {
      provide: FactsProvider,
      inject: [Config, FactsCache, Pace],
      useFactory: ({ tmdb }: Config, cache: FactsCache, pace: Pace): FactsProvider =>
        tmdb === null ? new NoFacts() : new TmdbFacts(new TmdbClient(tmdb, pace), cache),
    },
  ],
  exports: [FactsProvider, FactsCache],
})
export class FactsModule {}
