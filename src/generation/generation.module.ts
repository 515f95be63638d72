import { Module } from '@nestjs/common';
import { LlmModule } from '../llm/llm.module.js';
import { Generation } from './generation.js';

/** How texts are written. */
@Module({ imports: [LlmModule], providers: [Generation], exports: [Generation] })
export class GenerationModule {}
