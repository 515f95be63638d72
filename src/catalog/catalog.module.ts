import { Module } from '@nestjs/common';
import { Exports } from './export.js';
import { WordsController } from './words.controller.js';

@Module({ controllers: [WordsController], providers: [Exports], exports: [Exports] })
export class CatalogModule {}
