import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { BELOW_SQUARE, growthOf } from '../../../test/support/run/growth.js';
import { SAMPLES } from '../../llm/mock-samples.js';
import { GATE_NAMES, TEXT_GATES } from '../../domain/gate-names.js';
import { LOCALE_TAGS } from '../../domain/vocabulary.js';
import { cutAtSentence, firstFault, GATES, type GateContext } from './gates.js';
import { sentencesOf } from './sentences.js';

type Sample = Partial<GateContext> & { locale: GateContext['locale']; text: string };
const samplesOf = <T>(name: string) => JSON.parse(readFileSync(`test/corpus/texts-${name}.json`, 'utf8')) as T[];
const UNFIT = samplesOf<Sample & { gate: string }>('unfit');
const FIT = samplesOf<Sample & { why: string }>('fit');

const contextOf = (sample: Sample): GateContext => ({
  entity: 'MOVIE',
  names: [],
  year: null,
  known: [],
  instructions: '',
  siblings: [],
  ...sample,
});
const faultsOf = (sample: Sample) =>
  Object.keys(GATES).filter((gate) => GATES[gate]!(sample.text, contextOf(sample)) !== null);

describe('the corpus', () => {
  it('has texts of the first locales, fit and unfit', () => {
    expect(UNFIT.length).toBeGreaterThanOrEqual(40);
    expect(FIT.length).toBeGreaterThanOrEqual(60);
    for (const texts of [UNFIT, FIT])
      expect(new Set(texts.map(({ locale }) => locale))).toEqual(new Set(LOCALE_TAGS.slice(0, 5)));
  });
});

describe('the list of gates', () => {
  it('has each of them, in the order in which they are asked', () => {
    expect(Object.keys(GATES)).toEqual(TEXT_GATES);
  });

  it('is that of docs/prompts.md, with the number of texts that each stops', () => {
    const [, table] = readFileSync('docs/prompts.md', 'utf8').split('\n## Gates\n');
    const told = [...table!.split('\n## ')[0]!.matchAll(/^\| `(\w+)` +\|[^|]+\| +(\d*) +\|$/gm)];
    const counted = (gate: string) => UNFIT.filter((sample) => sample.gate === gate).length || '';
    expect(told.map(([, gate, count]) => [gate, count])).toEqual(
      GATE_NAMES.map((gate) => [gate, String(counted(gate))]),
    );
    expect(table).toContain(`${FIT.length} texts that look suspicious`);
  });
});

describe('an unfit text', () => {
  it.each(UNFIT)('is stopped by $gate ($locale, $#)', (sample) => {
    expect(firstFault(sample.text, contextOf(sample))?.gate).toBe(sample.gate);
  });

  it.each(Object.keys(GATES))('is stopped by nothing else than %s in one case at least', (gate) => {
    expect(UNFIT.filter((sample) => faultsOf(sample).join() === gate)).not.toEqual([]);
  });
});

describe('the texts of the mock', () => {
  it.each(Object.keys(SAMPLES) as GateContext['locale'][])('claim nothing, whatever is given: %s', (locale) => {
    const sentences = SAMPLES[locale].places.flat().map((sentence) => sentence.replace('%', 'Salt Harbor'));
    const faults = sentences.map((text) =>
      GATES.beyond!(text, contextOf({ locale, text, given: '{}', names: ['Salt Harbor'] })),
    );
    expect(faults.filter(Boolean)).toEqual([]);
  });
});

describe('a fit text that looks suspicious', () => {
  it.each(FIT)('passes ($locale, $#): $why', (sample) => {
    expect(firstFault(sample.text, contextOf(sample))).toBeNull();
  });
});

/** One sentence each, beside a text that is fit: by gate, and those that pass. */
const SENTENCES = JSON.parse(readFileSync('test/corpus/sentences.json', 'utf8')) as Record<
  string,
  Record<string, string[]>
>;
const inLocales = (name: string) =>
  Object.entries(SENTENCES[name]!).flatMap(([locale, all]) =>
    all.map((sentence) => ({ sentence, base: FIT.find((sample) => sample.locale === locale)! })),
  );
const gateOf = (base: Sample, text: string) => firstFault(text, contextOf({ ...base, text }))?.gate;

describe('one sentence beside a fit text', () => {
  it.each(inLocales('refusal'))('is a refusal, alone too: $sentence', ({ sentence, base }) => {
    expect(gateOf(base, `${sentence} ${base.text}`)).toBe('refusal');
    expect(gateOf(base, sentence)).toBe('refusal');
  });

  it.each(inLocales('itself'))('speaks of who wrote it, before or after: $sentence', ({ sentence, base }) => {
    const gates = [`${sentence} ${base.text}`, `${base.text} ${sentence}`].map((text) => gateOf(base, text));
    expect(gates.some((gate) => gate === 'itself' || gate === 'refusal')).toBe(true);
  });

  it.each(inLocales('elsewhere'))('says first that the text is about another film: $sentence', ({ sentence, base }) => {
    expect(gateOf(base, `${sentence} ${base.text}`)).toBe('elsewhere');
  });

  it.each(inLocales('end'))('ends it: $sentence', ({ sentence, base }) => {
    expect(gateOf(base, `${base.text} ${sentence}`)).toBeUndefined();
  });

  it.each(inLocales('begin'))('begins it: $sentence', ({ sentence, base }) => {
    expect(gateOf(base, `${sentence} ${base.text}`)).toBeUndefined();
  });

  it.each(inLocales('fit'))('is what a film or a critic says: $sentence', ({ sentence, base }) => {
    expect(gateOf(base, `${base.text} ${sentence} ${SENTENCES.end![base.locale]![0]}`)).toBeUndefined();
  });
});

/** First sentences, by what was asked for: those of a text about another one, and right ones that come close. */
type Openings = { asked: Partial<GateContext>; elsewhere: string[]; right: string[] };
const OPENINGS = (JSON.parse(readFileSync('test/corpus/openings.json', 'utf8')) as Openings[]).flatMap(
  ({ asked, elsewhere, right }) =>
    [...elsewhere, ...right].map((opening) => ({
      opening,
      name: asked.names![0]!,
      asked,
      isOther: elsewhere.includes(opening),
    })),
);

describe('a first sentence', () => {
  it.each(OPENINGS)('tells whom the text is about, where $name was asked for: $opening', (sample) => {
    const text = `${sample.opening} The last scene is quiet, and it stays in the mind.`;
    const reason = GATES.elsewhere!(text, contextOf({ locale: 'en-US', text, ...sample.asked }));
    expect(reason !== null).toBe(sample.isOther);
  });
});

/** What makes a careless pattern try everything. */
const HARD = [
  'a',
  'a ',
  '\n',
  '- a\n',
  '1. a\n',
  '*a ',
  '_a ',
  '“',
  '"',
  '((',
  '[[',
  '<a ',
  '{"',
  '`a',
  '| a |\n',
  'a.a',
  'a@',
];
const HARDER = [
  'A ',
  'Dr. ',
  '漢。',
  '= ',
  'I am sorry ',
  'ich kann nicht ',
  'is a film ',
  'no information ',
  '!',
  "'",
  '«',
];

describe('the gates', () => {
  it.each(Object.keys(GATES))('answer soon for whatever a model writes: %s', (gate) => {
    const started = performance.now();
    for (const part of [...HARD, ...HARDER]) {
      const text = part.repeat(5000 / part.length);
      GATES[gate]!(text, contextOf({ locale: 'en-US', names: ['Salt Harbor', `${part}x`], text }));
    }
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('do not read a text without end', () => {
    const started = performance.now();
    expect(firstFault('“'.repeat(500_000), contextOf({ locale: 'en-US', text: '' }))?.gate).toBe('length');
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('do not take a text without end apart into words', () => {
    const faultOf = (n: number) => firstFault('ก'.repeat(n), contextOf({ locale: 'th-TH', text: '' }));
    expect(growthOf(faultOf, 6000)).toBeLessThan(BELOW_SQUARE);
    expect(faultOf(6000)?.reason).toContain('more than 5000 characters');
  });

  it.each(['a-', 'a.', 'A. ', 'born 3. '])('find addresses in time that grows no faster than a text of %j', (part) => {
    const text = (n: number) => part.repeat(n / part.length);
    const context = () => contextOf({ locale: 'en-US', text: '' });
    expect(growthOf((n) => GATES.address!(text(n), context()), 5000)).toBeLessThan(BELOW_SQUARE);
  });

  it('take any text and any name', () => {
    const string = fc.string({ unit: 'binary', maxLength: 300 });
    const sample = fc.record({ text: string, names: fc.array(string, { maxLength: 3 }), known: fc.array(string) });
    const year = fc.option(fc.integer({ min: 1000, max: 2040 }));
    fc.assert(
      fc.property(sample, fc.constantFrom(...LOCALE_TAGS), year, (given, locale, year) => {
        const fault = firstFault(given.text, contextOf({ ...given, locale, year }));
        expect(fault === null || fault.reason.length > 0).toBe(true);
      }),
    );
  });

  it('end a job as refused for a refusal alone', () => {
    const faults = UNFIT.map((sample) => firstFault(sample.text, contextOf(sample))!);
    for (const { gate, refusal } of faults) expect(refusal).toBe(gate === 'refusal' ? true : undefined);
  });

  it('count two Japanese characters as one word', () => {
    const of = (text: string) => GATES.length!(text, contextOf({ locale: 'en-US', text }));
    expect(of('海'.repeat(99))).toBeNull();
    expect(of('海'.repeat(98))).toContain('too short');
    expect(of('海'.repeat(640))).toBeNull();
    expect(of('海'.repeat(641))).toContain('too long');
  });
});

describe('a text that is cut', () => {
  const TEXT = 'Dr. Strangelove meets J. R. Ewing. “Who?” he asks. 終わりだ。Then nothing…';

  it('keeps whole sentences only, whose stops are none of an abbreviation', () => {
    expect(sentencesOf(TEXT).map((sentence) => sentence.trim())).toEqual([
      'Dr. Strangelove meets J. R. Ewing.',
      '“Who?” he asks.',
      '終わりだ。',
      'Then nothing…',
    ]);
    expect(cutAtSentence(TEXT, 3)).toBe('');
    expect(cutAtSentence(TEXT, 33)).toBe('');
    expect(cutAtSentence(TEXT, 34)).toBe('Dr. Strangelove meets J. R. Ewing.');
    expect(cutAtSentence(TEXT, 60)).toBe('Dr. Strangelove meets J. R. Ewing. “Who?” he asks. 終わりだ。');
    expect(cutAtSentence(TEXT, 500)).toBe(TEXT);
  });

  it('is never longer than it may be, and ends where a sentence does', () => {
    const words = fc.stringMatching(/^([A-Za-zé漢😀]{1,8}[ .!?…。]{1,2}){1,30}$/u);
    fc.assert(
      fc.property(words, fc.nat(60), (text, max) => {
        const cut = cutAtSentence(text, max);
        expect(text.startsWith(cut)).toBe(true);
        expect([...cut].length).toBeLessThanOrEqual(max);
        expect(cut === '' || cut === text || /[.!?…。]$/.test(cut)).toBe(true);
      }),
    );
  });
});
