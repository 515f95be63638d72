import { Module } from '@nestjs/common';
import { MoviesController } from './movies.controller.js';
import { MoviesReader } from './movies.reader.js';
import { MoviesService } from './movies.service.js';

@Module({ controllers: [MoviesController], providers: [MoviesService, MoviesReader], exports: [MoviesService] })
export class MoviesModule {}
