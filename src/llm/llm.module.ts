import { Global, Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Llm } from './llm.js';
import { MockLlm } from './mock-llm.js';
import { OpenAiLlm } from './openai-llm.js';

@Global()
@Module({
  providers: [
    {
      provide: Llm,
      inject: [Config],
      useFactory: (config: Config): Llm =>
        config.aiService === 'openai' ? new OpenAiLlm(config.openai) : new MockLlm(config.mockLatencyMs),
    },
  ],
  exports: [Llm],
})
export class LlmModule {}
