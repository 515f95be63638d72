import { setTimeout as sleep } from 'node:timers/promises';
import { MOCK_MODEL } from '../config/config.js';
import { EARLIEST_BIRTH } from '../domain/kinds.js';
import { wordsOf } from '../domain/slug.js';
import { type Answer, type Ask, Llm } from './llm.js';
import { subjectOf } from './samples.js';

/** Replaces a model: the same question always gets the same answer, which says that it is a mock's. */
export class MockLlm extends Llm {
  readonly service = { provider: 'mock' } as const;

  constructor(private readonly latencyMs: number) {
    super();
  }

  async ask(ask: Ask, signal: AbortSignal): Promise<Answer> {
    const started = performance.now();
    signal.throwIfAborted();
    // An aborted sleep throws an error of its own; the signal's reason is thrown instead.
    await sleep(this.latencyMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    const output = ask.name === 'identity' ? sameAs(ask) : partOf(ask);
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

  greet(): Promise<void> {
    return Promise.resolve();
  }
}

/** Of a sample what the schema has. */
function partOf({ schema, sample, data }: Ask): object {
  const fields = Object.keys(schema.properties as object);
  return Object.fromEntries(Object.entries(sample(data)).filter(([field]) => fields.includes(field)));
}

/** The same to this model is what is spelled the same, case and signs aside. */
function sameAs({ data }: Ask): object {
  const { title, name } = (data.answered ?? {}) as { title?: string; name?: string };
  const asked = subjectOf(data, EARLIEST_BIRTH);
  return { same: wordsOf(asked) === wordsOf(title ?? name ?? '') };
}
