import { Module } from '@nestjs/common';
import { AcceptModule } from '../accept/accept.module.js';
import { CatalogModule } from '../catalog/catalog.module.js';
import { EditsModule } from '../edits/edits.module.js';
import { MovieEditsController } from './movie-edits.controller.js';
import { MoviesController } from './movies.controller.js';
import { MoviesExchangeController } from './movies.exchange.controller.js';
import { MoviesReader } from './movies.reader.js';

@Module({
  imports: [AcceptModule, CatalogModule, EditsModule],
  controllers: [MoviesController, MoviesExchangeController, MovieEditsController],
  providers: [MoviesReader],
})
export class MoviesModule {}
