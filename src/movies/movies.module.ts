import { Module } from '@nestjs/common';
import { AcceptModule } from '../accept/accept.module.js';
import { CatalogModule } from '../catalog/catalog.module.js';
import { MoviesController } from './movies.controller.js';
import { MoviesExchangeController } from './movies.exchange.controller.js';
import { MoviesReader } from './movies.reader.js';

@Module({
  imports: [AcceptModule, CatalogModule],
  controllers: [MoviesController, MoviesExchangeController],
  providers: [MoviesReader],
})
export class MoviesModule {}
