import { GenerationFailure } from '../src/domain/failure.js';
import type { TroubleKind } from '../src/domain/trouble.js';
import * as usage from '../src/domain/usage.js';
import type { Answer, Ask, Llm } from '../src/llm/llm.js';
import { HeardLlm, HeardSpan, mostOf, ServiceGone } from './listening.js';
import type { Program } from './program.js';
import { BoundReached, NOTHING, Spending } from './spending.js';

const program = { failure: { GenerationFailure }, usage } as unknown as Program;
const ASK: Ask = { name: 'movie', instructions: 'Write.', data: {}, schema: {}, sample: () => ({}), traceparent: null };
const GOOD: Answer = {
  output: { found: true },
  usage: { model: 'small', input_tokens: 30, output_tokens: 20, duration_ms: 5 },
};
const UNTOLD = { ...GOOD.usage, input_tokens: 0, output_tokens: 0 };
const failed = (kind: TroubleKind, status: number | null = 400, cause?: unknown) =>
  new GenerationFailure(kind === 'slip' ? 'VALIDATION_ERROR' : 'AI_API_ERROR', 'The model service answered 4xx.', {
    retryable: true,
    trouble: { kind, status, waitMs: null, reason: 'it says why' },
    usage: UNTOLD,
    cause,
  });
/** What was thrown where no connection was made, as the model's client wraps it. */
const unconnected = (code: string) =>
  new Error('The connection to the model failed.', {
    cause: new Error('Connection error.', {
      cause: new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) }),
    }),
  });

/** A model that answers so, one after the other, and then well. */
function listening(answers: (Answer | Error)[], tokens: number | null = null) {
  const asked = { calls: 0 };
  const llm: Llm = {
    service: { provider: 'mock' },
    greet: () => Promise.resolve(),
    ask: () => {
      asked.calls++;
      const next = answers.shift() ?? GOOD;
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    },
  };
  const bounds = { cost: null, tokens };
  const spending = new Spending(usage, { model: 'small', prices: new Map(), bounds, before: NOTHING });
  return { asked, spending, heard: new HeardLlm({ program, llm, spending, patience: { firstMs: 1, longestMs: 2 } }) };
}

const { signal } = new AbortController();

describe('a model that is listened to', () => {
  it('is noted with what it answered, and what that took', async () => {
    const { heard, spending } = listening([]);
    expect(await heard.ask(ASK, signal)).toBe(GOOD);
    expect(heard.calls).toEqual([{ ask: ASK, output: { found: true } }]);
    expect(heard.spent).toEqual({ ...NOTHING, calls: 1, input_tokens: 30, output_tokens: 20, longest: 20 });
    heard.forget();
    expect({ calls: heard.calls, spent: heard.spent }).toEqual({ calls: [], spent: NOTHING });
    expect(spending.spent.calls).toBe(1);
  });

  it('is asked again for what passes, and a call that was turned away counts for nothing', async () => {
    const away = [failed('broken', 503), failed('broken', null, unconnected('ECONNREFUSED'))];
    const { heard, asked } = listening([failed('rate-limited', 429), failed('loading'), ...away]);
    await heard.ask(ASK, signal);
    expect(asked.calls).toBe(5);
    expect(heard.spent).toMatchObject({ calls: 1, untold: NOTHING.untold });
    expect(heard.calls).toHaveLength(1);
  });

  it.each([
    ['did not come in time', failed('broken', null)],
    ['was cut on its way', failed('broken', null, unconnected('ECONNRESET'))],
    ['was given up on by a proxy', failed('broken', 504)],
    ['was no JSON', failed('slip')],
    ['was of no use', new GenerationFailure('VALIDATION_ERROR', 'Nothing.', { retryable: true, usage: UNTOLD })],
  ])('counts as estimated where an answer %s', async (_, failure) => {
    const { heard, spending } = listening([failure]);
    await heard.ask(ASK, signal).catch(() => undefined);
    expect(heard.spent.untold).toEqual(mostOf(ASK));
    expect(spending.spent.untold).toEqual(mostOf(ASK));
  });

  it('is asked again only within the bound, whatever the calls before came to', async () => {
    const { input, output } = mostOf(ASK);
    const broken = Array.from({ length: 20 }, () => failed('broken', null));
    const { heard, asked } = listening(broken, 2 * (input + output));
    await expect(heard.ask(ASK, signal)).rejects.toThrow(BoundReached);
    expect(asked.calls).toBe(2);
  });

  it('is not asked for ever', async () => {
    const { heard, asked } = listening(Array.from({ length: 20 }, () => failed('broken')));
    await expect(heard.ask(ASK, signal)).rejects.toThrow(GenerationFailure);
    expect(asked.calls).toBe(6);
  });

  it.each(['key', 'quota', 'unknown-model'] as const)(
    'ends the run where no call would be answered: %s',
    async (kind) => {
      const { heard, asked } = listening([failed(kind)]);
      await expect(heard.ask(ASK, signal)).rejects.toThrow(ServiceGone);
      expect(asked.calls).toBe(1);
    },
  );

  it('says what nobody can read, which is its own fault', async () => {
    const { heard } = listening([failed('slip')]);
    await expect(heard.ask(ASK, signal)).rejects.toThrow(GenerationFailure);
    expect(heard.calls).toEqual([{ ask: ASK, unreadable: true }]);
  });

  it('is not asked where that might go over the bound', async () => {
    const { heard, asked } = listening([], mostOf(ASK).output);
    await expect(heard.ask(ASK, signal)).rejects.toThrow(BoundReached);
    expect(asked.calls).toBe(0);
  });

  it('is not waited for once the run is to end', async () => {
    const stop = new AbortController();
    const { heard, asked } = listening([failed('broken')]);
    stop.abort(new Error('the run ends'));
    await expect(heard.ask(ASK, stop.signal)).rejects.toThrow('the run ends');
    expect(asked.calls).toBe(0);
  });
});

describe('the steps of a try', () => {
  it('tell which gate each answer met, and nothing else', () => {
    const gates: (string | null)[] = [];
    const span = new HeardSpan(gates).child();
    span.set({ 'moviemind.question': 'movie' });
    span.set({ 'moviemind.fit': false, 'moviemind.gate': 'length' });
    span.set({ 'moviemind.fit': true, 'moviemind.gate': undefined });
    expect(gates).toEqual(['length', null]);
  });
});
