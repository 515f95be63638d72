import { comparable, promptsCompared } from './comparable.js';
import { compared } from './compared.js';
import type { CaseRecord, RunSettings, TextRecord } from './records.js';
import { NOTHING } from './spending.js';
import { EvalError, type Results } from './store.js';
import { summaryOf } from './summary.js';
import { gatesLine } from './tables.js';

const TEXT: TextRecord = {
  tone: 'DEFAULT',
  outcome: 'DONE',
  message: null,
  with_facts: true,
  repaired: false,
  met: [],
  duration_ms: 1000,
  text: 'A text.',
  calls: 1,
  input_tokens: 1500,
  output_tokens: 900,
  cost: 0.002,
  untold: { input: 0, output: 0 },
  longest: 900,
  schema: true,
  identity: true,
  year: true,
  director: true,
  original_title: true,
  birth_date: null,
  language: true,
  length: true,
  words: 120,
  ending_untold: true,
  hits: [],
  similarity: null,
};

/** So many cases, each with its own difference to the text above. */
const cases = (count: number, other: (n: number) => Partial<TextRecord> = () => ({})): CaseRecord[] =>
  Array.from({ length: count }, (_, n) => ({
    id: `film ${n}`,
    entity: 'MOVIE',
    subject: `Film ${n}`,
    year: 2000,
    imdb: null,
    locale: 'en-US',
    texts: [{ ...TEXT, ...other(n) }],
  }));

const verdicts = (before: CaseRecord[], after: CaseRecord[]) =>
  Object.fromEntries(compared(before, after).map(({ column, verdict }) => [column.name, verdict]));

describe('two runs beside each other', () => {
  it('are the same where they differ by nothing', () => {
    expect(new Set(Object.values(verdicts(cases(30), cases(30))))).toEqual(new Set(['within noise']));
  });

  it('have a verdict for each column, in the direction that is better', () => {
    const worse = cases(40, (n) => ({
      director: n % 4 === 0,
      duration_ms: 1500 + n,
      repaired: n % 2 === 0,
      words: 190,
    }));
    const there = { director: 'worse', latency: 'worse', repairs: 'worse', words: 'other', year: 'within noise' };
    expect(verdicts(cases(40), worse)).toMatchObject(there);
    expect(verdicts(worse, cases(40))).toMatchObject({ director: 'better', latency: 'better', repairs: 'better' });
  });

  it('say nothing of a difference that chance explains', () => {
    const some = cases(40, (n) => ({ director: n !== 3 && n !== 8, duration_ms: 1000 + (n % 2 === 0 ? 200 : -200) }));
    expect(verdicts(cases(40), some)).toMatchObject({ director: 'within noise', latency: 'within noise' });
  });

  it('are held against each other case by case: what only one has does not count', () => {
    const [first] = compared(cases(10), cases(30));
    expect(first).toMatchObject({ pairs: 10, before: 1, after: 1, difference: 0 });
    expect(
      compared(
        cases(3),
        cases(3).map((one) => ({ ...one, id: `another ${one.id}` })),
      ),
    ).toEqual([]);
  });
});

const RUN: RunSettings = {
  version: 1,
  model: 'small',
  service: null,
  kind: 'all',
  sample: 10,
  seed: 1,
  locales: ['en-US'],
  tones: ['DEFAULT'],
  blind: false,
  prompt: 'v1',
  prompts: 'abc',
};

/** Texts in these tones, of which only the first one needs many tokens. */
const asked = (tones: string[], run: Partial<RunSettings> = {}): Results => ({
  run: { ...RUN, tones, ...run },
  spent: NOTHING,
  cases: cases(20).map((one) => ({
    ...one,
    texts: tones.map((tone, n) => ({
      ...TEXT,
      tone,
      output_tokens: n === 0 ? 900 : 260,
      similarity: n === 0 ? null : 0.1,
    })),
  })),
});

describe('two runs that were not asked alike', () => {
  it('are compared by the tones that both have', () => {
    const { before, after, ...tones } = comparable(asked(['DEFAULT']), asked(['DEFAULT', 'humorous'], { seed: 2 }));
    expect(tones).toEqual({ tones: ['DEFAULT'], leftOut: ['humorous'] });
    expect(after).toEqual(before);
  });

  it('are not compared by tones of which one was asked for with facts, and the other without', () => {
    const [one, other] = [asked(['DEFAULT', 'humorous', 'critical']), asked(['humorous', 'DEFAULT', 'critical'])];
    expect(comparable(one, other)).toMatchObject({ tones: ['critical'], leftOut: ['DEFAULT', 'humorous'] });
    expect(() => comparable(one, asked(['humorous']))).toThrow(EvalError);
    expect(() => comparable(asked(['DEFAULT']), asked(['critical']))).toThrow(
      /^no tone .*: DEFAULT before, critical after/,
    );
  });

  it('have no similarity in common where the tones before are others', () => {
    const { tones, before } = comparable(asked(['DEFAULT', 'humorous']), asked(['DEFAULT', 'critical', 'humorous']));
    expect(tones).toEqual(['DEFAULT', 'humorous']);
    expect(before[0]!.texts.map(({ similarity }) => similarity)).toEqual([null, null]);
  });

  it('are not compared where only one was told the years', () => {
    const blind = asked(['DEFAULT'], { blind: true });
    expect(() => comparable(asked(['DEFAULT']), blind)).toThrow(/^the run after was asked with --blind/);
    expect(() => comparable(blind, asked(['DEFAULT']))).toThrow(EvalError);
    expect(comparable(blind, blind).leftOut).toEqual([]);
  });

  it('say of the prompts what is known', () => {
    expect(promptsCompared(RUN, { ...RUN, model: 'large' })).toBe('The prompts are the same.');
    expect(promptsCompared(RUN, { ...RUN, prompts: 'def' })).toBe('The prompts differ.');
    expect(promptsCompared(RUN, { ...RUN, prompts: 'def', tones: ['humorous'] })).toContain('cannot be told');
  });
});

describe('the summary of a run', () => {
  it('has what could be judged, and no more', () => {
    const found = summaryOf(cases(10, (n) => ({ director: n < 5 ? null : n < 9 })));
    const director = found.find(({ name }) => name === 'director');
    expect(director).toMatchObject({ count: 5, mean: 0.8 });
    expect(director!.interval[0]).toBeLessThan(0.5);
    expect(found.some(({ name }) => name === 'birth_date')).toBe(false);
  });

  it('counts the texts of one film as one finding', () => {
    const [one] = cases(1);
    const both = [{ ...one!, texts: [TEXT, { ...TEXT, schema: false }] }];
    expect(summaryOf(both).find(({ name }) => name === 'schema')).toMatchObject({ count: 1, mean: 0.5 });
  });

  it('names the gates that were met, the most frequent first', () => {
    const some = cases(3, (n) => ({ hits: n === 0 ? ['length', 'language'] : ['language'] }));
    expect(gatesLine(some)).toBe('Gates that first texts met: language 3, length 1.');
    expect(gatesLine(cases(1))).toBe('No first text met a gate.');
  });
});
