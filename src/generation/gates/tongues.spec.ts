import { readFileSync } from 'node:fs';
import { LOCALE_TAGS, type Locale } from '../../domain/vocabulary.js';
import { firstFault, type GateContext } from './gates.js';
import { endsWithSentence, sentencesOf } from './sentences.js';
import { lengthOf } from './words.js';

interface Tongue {
  fit: string;
  refusals: string[];
}
/** Of every locale but those that the other corpora are of, and those that differ from another by region alone. */
const TONGUES = JSON.parse(readFileSync('test/corpus/tongues.json', 'utf8')) as Record<string, Tongue>;
const TESTED = Object.keys(TONGUES) as Locale[];

const gateOf = (text: string, locale: Locale, more: Partial<GateContext> = {}) =>
  firstFault(text, {
    entity: 'MOVIE',
    locale,
    names: [],
    year: null,
    known: [],
    instructions: '',
    siblings: [],
    ...more,
  })?.gate;
const languageOf = (locale: Locale) => new Intl.Locale(locale).language;

/** The library has one name for Indonesian and Malay; Serbian is written in Latin letters as well, as Croatian is. */
const TAKEN_FOR = new Set(['id-ID ms-MY', 'ms-MY id-ID', 'hr-HR sr-RS']);

it('a corpus has texts of every language', () => {
  const languages = new Set(['en', 'pl', 'de', 'fr', 'es', ...TESTED.map(languageOf)]);
  expect(languages).toEqual(new Set(LOCALE_TAGS.map(languageOf)));
});

describe.each(TESTED)('a text in the language of %s', (locale) => {
  const { fit, refusals } = TONGUES[locale]!;

  it('is fit, and ends where a sentence does', () => {
    expect(gateOf(fit, locale)).toBeUndefined();
    expect(endsWithSentence(fit)).toBe(true);
    expect(sentencesOf(fit).length).toBeGreaterThanOrEqual(4);
  });

  it('is unfit in every other language', () => {
    const others = LOCALE_TAGS.filter((other) => languageOf(other) !== languageOf(locale));
    const passed = others.filter((other) => !TAKEN_FOR.has(`${locale} ${other}`) && !gateOf(fit, other));
    expect(passed).toEqual([]);
  });

  it('is too short as one sentence, and too long many times over', () => {
    expect(gateOf(sentencesOf(fit)[0]!, locale)).toBe('length');
    expect(gateOf(fit.repeat(8), locale)).toBe('length');
    expect(lengthOf(fit)).toBeLessThan(120);
  });

  it('is repetition, and sameness, when it is said again', () => {
    expect(gateOf(`${fit} ${fit}`, locale)).toBe('repetition');
    expect(gateOf(fit, locale, { siblings: [fit] })).toBe('sameness');
  });

  it.each(refusals)('is none when the model refuses: %s', (sentence) => {
    expect(gateOf(sentence, locale)).toBe('refusal');
    expect(gateOf(`${sentence} ${fit}`, locale)).toBe('refusal');
  });
});

describe('either kind of Chinese', () => {
  it('is unfit where the other one is asked for', () => {
    expect(gateOf(TONGUES['zh-CN']!.fit, 'zh-TW')).toBe('language');
    expect(gateOf(TONGUES['zh-TW']!.fit, 'zh-CN')).toBe('language');
  });
});
