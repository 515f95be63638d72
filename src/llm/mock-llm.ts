import { setTimeout as sleep } from 'node:timers/promises';
import { MOCK_MODEL } from '../config/config.js';
import { type Answer, type Ask, Llm } from './llm.js';

/** Replaces a model: the same question always gets the same answer, which says that it is a mock's. */
export class MockLlm extends Llm {
  constructor(private readonly latencyMs: number) {
    super();
  }

  async ask(ask: Ask, signal: AbortSignal): Promise<Answer> {
    const started = performance.now();
    signal.throwIfAborted();
    // An aborted sleep throws an error of its own; the signal's reason is thrown instead.
    await sleep(this.latencyMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    const output = ask.sample(ask.data);
    return {
      output,
      usage: {
        model: MOCK_MODEL,
        input_tokens: 0,
        output_tokens: 0,
        duration_ms: Math.round(performance.now() - started),
      },
    };
  }
}
