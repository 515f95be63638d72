import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Loops } from '../timing/loops.js';
import { Llm } from './llm.js';
import { MockLlm } from './mock-llm.js';
import { WatchedLlm } from './watched-llm.js';

@Module({
  providers: [
    {
      provide: Llm,
      inject: [Config, Loops],
      useFactory: (config: Config, loops: Loops): Llm => {
        const { aiService, openai, mockLatencyMs } = config;
        if (aiService === 'mock') return new MockLlm(mockLatencyMs);
        // The client of the service is large, and only a worker uses it.
        const open = async () => new (await import('./openai-llm.js')).OpenAiLlm(openai);
        return new WatchedLlm(open, config, loops);
      },
    },
  ],
  exports: [Llm],
})
export class LlmModule {}
