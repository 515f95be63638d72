import { Module } from '@nestjs/common';
import { FactsModule } from '../facts/facts.module.js';
import { LlmModule } from '../llm/llm.module.js';
import { Generation } from './generation.js';

/** How texts are written. */
@Module({ imports: [FactsModule, LlmModule], providers: [Generation], exports: [Generation] })
export class GenerationModule {}
