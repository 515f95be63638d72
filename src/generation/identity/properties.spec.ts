import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { baseOf, partsOf, slugOf } from '../../domain/slug.js';
import { type Answered, type Asked, foldedKeys, verdictOn } from './verdict.js';

/** Pieces that the rules look at, so that what is put together of them meets many rules at once. */
const PIECES = (
  'The a L’ Les Die Das part Part Vol. Chapter Teil część II III iv V x i I 1 2 2. 8½ ½ ³ 1/2 0 One two hundred ' +
  'thousand and & + y i und or czyli : – - ( ) [ ] / , . … ! ? $ # " Jr. Sr. Junior fils père Dr. von de O’ ' +
  'Alien Aliens Häxan Returns 1984 (1984) 2049 (2049) 千と千尋 黒澤明 Броненосец Ёлка π Ω يوسف ดวง 봉준호 ’ \u0301 \u200b 😀'
).split(' ');
const FILMS = readFileSync('examples/films.csv', 'utf8').split('\n').slice(1, -1);

const pieced = fc
  .array(fc.tuple(fc.constantFrom(...PIECES), fc.constantFrom(' ', '', '-')), { minLength: 1, maxLength: 7 })
  .map((pieces) => pieces.flat().join(''));
const anyUnits = fc
  .array(fc.nat(0xffff), { minLength: 1, maxLength: 20 })
  .map((units) => String.fromCharCode(...units));
const anyText = fc
  .oneof(pieced, fc.constantFrom(...FILMS), fc.string({ unit: 'binary', minLength: 1 }), anyUnits)
  .filter((text) => text.trim() !== '');
const anyYear = fc.option(fc.integer({ min: 1900, max: 2030 }));
const anyEntity = fc.constantFrom<Asked['entity']>('MOVIE', 'PERSON');
const anyOthers = fc.array(anyText, { maxLength: 4 });

const byText = (entity: Asked['entity'], text: string, year: number | null): Asked => ({
  entity,
  text,
  base: baseOf(text),
  year,
});
const answered = (main: string, others: string[], year: number | null): Answered => ({ main, others, year });
/** Then the request has a year after all. */
const TELLS_YEAR = /[([]\d{4}[)\]]\s*$/;
const runs = { numRuns: 150, seed: 1 };

describe('a verdict, whatever the titles and names', () => {
  it('is "same" for an answer that says what the request says', () => {
    fc.assert(
      fc.property(anyEntity, anyText, anyYear, anyOthers, (entity, text, year, others) => {
        expect(verdictOn(byText(entity, text, year), answered(text, others, year))).toEqual({ is: 'same' });
      }),
      runs,
    );
  });

  it('is "same" for an answer whose slug was asked for', () => {
    fc.assert(
      fc.property(anyEntity, anyText, anyYear, (entity, text, year) => {
        const asked = { entity, text: null, ...partsOf(slugOf(text, year)) };
        expect(verdictOn(asked, answered(text, [], year))).toEqual({ is: 'same' });
      }),
      runs,
    );
  });

  it('is "same" when the asked title is one of the others, unless the years or the main title say otherwise', () => {
    fc.assert(
      fc.property(anyEntity, anyText, anyText, anyOthers, anyYear, (entity, text, main, others, year) => {
        fc.pre(year !== null || !TELLS_YEAR.test(text));
        const answer = answered(main, [...others, text], year);
        const asked = byText(entity, text, year);
        expect(verdictOn(asked, { ...answer, anyProves: true })).toEqual({ is: 'same' });
        expect(verdictOn(asked, answer).is).not.toBe('other');
        if (year === null) return;
        expect(verdictOn(byText(entity, text, year + 2), answer).is).not.toBe('same');
      }),
      runs,
    );
  });

  it('does not depend on the order of the others', () => {
    fc.assert(
      fc.property(
        anyEntity,
        anyText,
        anyText,
        anyOthers,
        anyYear,
        anyYear,
        (entity, text, main, others, one, other) => {
          const asked = byText(entity, text, one);
          const backwards = answered(main, others.toReversed(), other);
          expect(verdictOn(asked, backwards)).toEqual(verdictOn(asked, answered(main, others, other)));
        },
      ),
      runs,
    );
  });

  it('is one of the three, with a reason of one line, for any text at all', () => {
    const whatever = fc.oneof(fc.string({ unit: 'binary' }), anyUnits, pieced, fc.constant(''), fc.constant('\ud800'));
    fc.assert(
      fc.property(anyEntity, fc.option(whatever), whatever, whatever, anyYear, (entity, text, base, main, year) => {
        const verdict = verdictOn({ entity, text, base, year }, answered(main, [base], year));
        const reason = verdict.is === 'same' ? 'The answer is the right one.' : verdict.reason;
        expect(['same', 'other', 'unclear']).toContain(verdict.is);
        expect(reason).toMatch(/^The answer .+\.$/u);
      }),
      runs,
    );
  });
});

describe('the keys of a text', () => {
  it('are found again by its slug, and by the text in another case', () => {
    fc.assert(
      fc.property(anyEntity, anyText, (entity, text) => {
        const keys = foldedKeys(text, entity);
        expect(keys.length).toBeGreaterThan(0);
        expect(keys.some((key) => foldedKeys(baseOf(text), entity).includes(key))).toBe(true);
        expect(foldedKeys(text, entity)).toEqual(keys);
      }),
      runs,
    );
  });
});
