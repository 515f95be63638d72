import { isLatin } from '../../domain/slug.js';
import { yearsAgree } from '../../domain/years.js';
import type { Gate, GateContext } from './gate.js';
import { sentencesOf } from './sentences.js';
import { subjectOf } from './subject.js';
import type { Subject } from './titles.js';
import { folded, hasName } from './words.js';

/** "In Alien (1979), …" may be what a text about Aliens begins with. */
const INSIDE = /^(?:in|im|dans|en|w|na|at|on|with|during) /;

/** A text whose subject, by its title and year, is another film; or somebody else, by name and birth. */
export const elsewhere: Gate = (text, context) => {
  const [first = ''] = sentencesOf(text.trim());
  const subject = subjectOf(first.trim(), context);
  if (subject === null || !isOther(subject, first, text, context)) return null;
  return (
    'It is about another one, by the title or name and the year that it begins with: write about the one in ' +
    'the data.'
  );
};

function isOther({ title, year, by }: Subject, first: string, text: string, { names, year: own }: GateContext) {
  if (!yearsAgree(year, own)) {
    const rest = without(INSIDE.test(folded(title)) ? text : first, title);
    return by === 'DEFINITION' || !hasName(rest, names);
  }
  // "Released in 1982, Ridley Scott's film" need not be another one of that year.
  if (by === 'DATE') return false;
  // Of a title in another script letters do not tell: it may be a translation.
  if (names.length > 0 && names.every((name) => isLatin(name) !== isLatin(title))) return false;
  return (
    !hasName(title, names) && !names.some((name) => hasName(name, [title])) && !hasName(without(text, title), names)
  );
}

const without = (text: string, title: string) => folded(text).replace(folded(title), ' ');
