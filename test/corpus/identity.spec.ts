import { baseOf, partsOf, slugOf } from '../../src/domain/slug.js';
import { type Answered, type Asked, type Verdict, verdictOn } from '../../src/generation/identity/verdict.js';
import { filmCases, personCases } from './identity.js';

interface Judged {
  line: string;
  byText: Verdict['is'];
  bySlug: Verdict['is'];
  /** "+1" and "1" of 2013 have one slug, which asks for either. */
  isOneSlug: boolean;
  right: boolean;
  expect: Verdict['is'];
}
/** So few of the right answers may cost a question. */
const MOST_UNCLEAR = 0.15;

const judged = (entity: Asked['entity'], text: string, year: number | null, answered: Answered) => ({
  line: `${text} (${year}): ${answered.main} (${answered.year})`,
  byText: verdictOn({ entity, text, base: baseOf(text), year }, answered).is,
  bySlug: verdictOn({ entity, text: null, ...partsOf(slugOf(text, year)) }, answered).is,
  isOneSlug: slugOf(text, year) === slugOf(answered.main, answered.year),
});

const films = filmCases().map(({ asked, answered, right, expect }): Judged => {
  const { title, original_title, other_titles, release_year } = answered;
  const answer = { main: title, others: [original_title, ...other_titles], year: release_year };
  return { ...judged('MOVIE', asked.title, asked.year, answer), right, expect };
});
const people = personCases().map(({ asked, answered, right, expect }): Judged => {
  const { name, other_names, birth_year } = answered;
  const answer = { main: name, others: other_names, year: birth_year };
  return { ...judged('PERSON', asked.name, asked.birth_year, answer), right, expect };
});

describe.each([
  ['films', films, 120],
  ['people', people, 60],
])('the corpus of %s', (_, cases, least) => {
  const right = cases.filter((one) => one.right);
  const wrong = cases.filter((one) => !one.right);

  it('has enough right and wrong answers', () => {
    expect(Math.min(right.length, wrong.length)).toBeGreaterThanOrEqual(least);
  });

  it('is judged as a careful editor judges it', () => {
    expect(cases.filter((one) => one.byText !== one.expect)).toEqual([]);
  });

  it('has no right answer that is refused, by title or by slug', () => {
    expect(right.filter((one) => one.byText === 'other' || one.bySlug === 'other')).toEqual([]);
  });

  it('has no wrong answer that is accepted, by title or by slug', () => {
    expect(wrong.filter((one) => one.byText === 'same' || (one.bySlug === 'same' && !one.isOneSlug))).toEqual([]);
  });

  it('has few right answers that cost a question, by title or by slug', () => {
    const share = (form: 'byText' | 'bySlug') => right.filter((one) => one[form] === 'unclear').length / right.length;
    expect(share('byText')).toBeLessThan(MOST_UNCLEAR);
    expect(share('bySlug')).toBeLessThan(MOST_UNCLEAR);
  });
});
