import type { Suggested } from '../../domain/suggestion.js';
import type { Asked } from '../asked.js';
import type { Answered } from '../kind.js';
import { makerVerdict } from './maker.js';
import { type Verdict, verdictOn } from './verdict.js';

/** Whether an answer is about what was asked for: by its names and year, and by the director where one was named. */
export function whoseItIs(asked: Asked, { text, original, others, year, credits }: Answered): Verdict {
  if (text === '') return { is: 'other', reason: 'The answer gives no name.' };
  const names = original === null ? others : [original, ...others];
  const verdict = verdictOn(asked, { main: text, others: names, year });
  if (verdict.is === 'other' || asked.director === null) return verdict;
  const maker = makerVerdict(asked.director, directorsOf(credits));
  return maker.is === 'same' ? verdict : maker;
}

const directorsOf = (credits: Answered['credits']) =>
  credits.filter(({ role }) => role === 'DIRECTOR').map(({ text }) => text);

/** All that an answer names under the name that was asked for, the best known one first; with a year each. */
export function choicesIn(asked: Asked, answered: Answered): Omit<Suggested, 'slug'>[] {
  const { text, original, others, year, namesakes } = answered;
  const own = { text, year, names: original === null ? others : [original, ...others] };
  const all = [own, ...namesakes.map((one) => ({ ...one, names: [] as string[] }))];
  const called = all.filter((one) => isCalled(asked, one.text, one.names));
  const years = new Set<number>();
  return called.filter((one) => {
    if (one === own) return one.year === null || years.add(one.year);
    const isNew = one.year !== null && ![one.year - 1, one.year, one.year + 1].some((near) => years.has(near));
    if (isNew) years.add(one.year!);
    return isNew;
  });
}

/** Whether it bears that name, whatever its year. */
export const isCalled = (
  { entity, text, base }: Pick<Asked, 'entity' | 'text' | 'base'>,
  main: string,
  others: string[],
) => main !== '' && verdictOn({ entity, text, base, year: null }, { main, others, year: null }).is === 'same';
