import { Module } from '@nestjs/common';
import { AcceptModule } from '../accept/accept.module.js';
import { LlmModule } from '../llm/llm.module.js';
import { MoviesController } from './movies.controller.js';
import { MoviesReader } from './movies.reader.js';
import { MoviesService } from './movies.service.js';

@Module({
  imports: [AcceptModule, LlmModule],
  controllers: [MoviesController],
  providers: [MoviesService, MoviesReader],
  exports: [MoviesService],
})
export class MoviesModule {}
