import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GenerationFailure } from '../src/domain/failure.js';
import type { Ask, Llm } from '../src/llm/llm.js';
import { prose } from '../test/support/model/prose.js';
import type { CaseAsked } from './case.js';
import { type Program, programFrom } from './program.js';
import type { RunSettings } from './records.js';
import { type Ending, Run } from './run.js';
import { NOTHING, Spending } from './spending.js';
import { Store } from './store.js';
import { subjectsIn } from './subjects.js';

const SETTINGS: RunSettings = {
  version: 1,
  model: 'small',
  service: null,
  kind: 'movie',
  sample: 8,
  seed: 1,
  locales: ['en-US'],
  tones: ['DEFAULT'],
  blind: false,
  prompt: 'v1',
  prompts: 'abc',
};

/** A film of its own in each case. */
const CASES: CaseAsked[] = subjectsIn('examples', 'movie')
  .slice(0, 8)
  .map((subject) => ({ subject, locale: 'en-US', tones: ['DEFAULT'], blind: false }));

describe('a run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'moviemind-run-'));
  let program: Program;
  let runs = 0;
  let asked: string[];

  beforeAll(async () => {
    program = await programFrom((place) => import(`../src/${place}.js`));
    program.generate.loadDetector();
  });

  beforeEach(() => {
    asked = [];
    runs++;
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const openStore = () => Store.open(join(folder, String(runs)), SETTINGS);

  function answerTo({ data, sample }: Ask) {
    const { title, release_year } = data as { title: string; release_year: number };
    const output = { ...sample(data), found: true, title, release_year, description: prose('en-US', title) };
    return Promise.resolve({
      output,
      usage: { model: 'small', input_tokens: 30, output_tokens: 20, duration_ms: 5 },
    });
  }

  const broken = (): GenerationFailure =>
    new program.failure.GenerationFailure('AI_API_ERROR', 'The model service answered 503.', {
      retryable: true,
      trouble: { kind: 'capability', status: 503, waitMs: null, reason: 'it says why' },
    });

  /** @param ask answers the call of this place, counted from 1 */
  async function ended(
    ask: (question: Ask, place: number, signal: AbortSignal) => ReturnType<Llm['ask']>,
    stop = new AbortController(),
  ): Promise<{ ending: Ending; done: number }> {
    const llm: Llm = {
      service: { provider: 'mock' },
      greet: () => Promise.resolve(),
      ask: (question, signal) => {
        asked.push((question.data as { title: string }).title);
        return ask(question, asked.length, signal);
      },
    };
    const bounds = { cost: null, tokens: null };
    const prices = new Map();
    const spending = new Spending(program.usage, { model: 'small', prices, bounds, before: NOTHING });
    const store = openStore();
    const running = { program, llm, spending, store, prices, model: 'small', prompt: 'v1' as const };
    const ending = await new Run(
      { ...running, concurrency: 1, stop: stop.signal, onCase: () => undefined },
      CASES,
    ).toItsEnd();
    return { ending, done: store.done.size };
  }

  it('ends when nothing is left, and asks for nothing twice', async () => {
    expect(await ended(answerTo)).toEqual({ ending: { why: 'finished' }, done: 8 });
    expect(asked).toHaveLength(8);
    expect(await ended(answerTo)).toEqual({ ending: { why: 'finished' }, done: 8 });
    expect(asked).toHaveLength(8);
  });

  it('ends when the service fails five times in a row, and what failed is not done', async () => {
    const message = 'The model service answered 503. it says why';
    expect(await ended(() => Promise.reject(broken()))).toEqual({ ending: { why: 'service', message }, done: 0 });
    expect(asked).toHaveLength(5);
    expect(await ended(answerTo)).toMatchObject({ ending: { why: 'finished' }, done: 8 });
  });

  it('goes on after a single failure, says so at its end, and the next one asks for that film alone', async () => {
    const once = (question: Ask, place: number) => (place === 3 ? Promise.reject(broken()) : answerTo(question));
    expect(await ended(once)).toMatchObject({ ending: { why: 'service' }, done: 7 });
    const [failed] = asked.splice(0).slice(2);
    expect(await ended(answerTo)).toEqual({ ending: { why: 'finished' }, done: 8 });
    expect(asked).toEqual([failed]);
  });

  it('is broken off at once where somebody asks for that, and keeps what is done', async () => {
    const stop = new AbortController();
    const hanging = (question: Ask, place: number, signal: AbortSignal): ReturnType<Llm['ask']> => {
      if (place < 3) return answerTo(question);
      stop.abort();
      return new Promise((_answer, fail) => {
        const end = () => fail(signal.reason as Error);
        if (signal.aborted) end();
        else signal.addEventListener('abort', end, { once: true });
      });
    };
    expect(await ended(hanging, stop)).toEqual({ ending: { why: 'interrupted' }, done: 2 });
    expect(asked).toHaveLength(3);
  });
});
