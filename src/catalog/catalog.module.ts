import { Module } from '@nestjs/common';
import { Exports } from './export.js';
import { Imports } from './import.js';
import { WordsController } from './words.controller.js';

@Module({ controllers: [WordsController], providers: [Exports, Imports], exports: [Exports, Imports] })
export class CatalogModule {}
