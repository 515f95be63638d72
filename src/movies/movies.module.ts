import { Module } from '@nestjs/common';
import { AcceptModule } from '../accept/accept.module.js';
import { MoviesController } from './movies.controller.js';
import { MoviesReader } from './movies.reader.js';

@Module({
  imports: [AcceptModule],
  controllers: [MoviesController],
  providers: [MoviesReader],
})
export class MoviesModule {}
