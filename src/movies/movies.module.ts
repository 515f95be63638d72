import { Module } from '@nestjs/common';
import { AcceptModule } from '../accept/accept.module.js';
import { EditsModule } from '../edits/edits.module.js';
import { MovieEditsController } from './movie-edits.controller.js';
import { MoviesController } from './movies.controller.js';
import { MoviesReader } from './movies.reader.js';

@Module({
  imports: [AcceptModule, EditsModule],
  controllers: [MoviesController, MovieEditsController],
  providers: [MoviesReader],
})
export class MoviesModule {}
