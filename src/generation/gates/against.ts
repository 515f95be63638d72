import { isLatin } from '../../domain/slug.js';
import { yearsAgree } from '../../domain/years.js';
import { isTold } from './beyond.js';
import type { Gate, GateContext } from './gate.js';
import { wordsOf } from './words.js';

/** What stands before the name of whoever directed a film, in the languages that most texts are asked for in. */
const DIRECTING = [
  'directed by|helmed by|under the direction of',
  'w reżyserii|(?:wy)?reżyserowan[yae] przez',
  'unter der Regie von|Regie führte|inszeniert von|von Regisseur(?:in)?',
  'réalisée? par|mise? en scène par|sous la direction de',
  'dirigid[oa] por|bajo la dirección de',
]
  .flatMap((forms) => forms.split('|'))
  .map(atAnyPlace)
  .join('|');
/** A full stop belongs to an initial alone. */
const WORD = "\\p{Lu}(?:\\.|[\\p{L}\\p{M}'’-]*)";
/** Two words in capitals at least: in German, any noun has one. */
const DIRECTED = new RegExp(
  `\\b(?:${DIRECTING})\\s+(?<name>${WORD}(?:\\s+(?:${WORD}|d[aei]|del|la|le|van|von|der|den))*\\s+${WORD})`,
  'gu',
);

/** What stands before the year in which a film came out. */
const RELEASED = [
  '(?:released|premiered|first shown|came out) in',
  'premierę mia[łl]a? w',
  '(?:erschien|startete)(?: im Jahre?)?|kam(?: im Jahre?)?',
  'sortie? en',
  'estrenad[oa] en',
].join('|');
const IN_YEAR = new RegExp(`\\b(?:${RELEASED})\\s+(?<year>(?:1[89]|20)\\d\\d)\\b`, 'gu');

/** A text that says of whose work it tells, or of when, something else than facts that were looked up. */
export const against: Gate = (text, context) => {
  const { directors, year } = context;
  if (directors === undefined) return null;
  const other = directorIn(text, directors);
  if (other !== null)
    return `It says that "${other}" directed it; the facts say: ${directors.join(', ')}. The facts hold.`;
  const wrong = yearIn(text, context);
  return wrong === null ? null : `It says "${wrong}"; the facts say that it is of ${year}. The facts hold.`;
};

/** It may begin a sentence. */
function atAnyPlace(form: string): string {
  const [first = ''] = form;
  return /\p{Ll}/u.test(first) ? `[${first}${first.toUpperCase()}]${form.slice(1)}` : form;
}

/** Where one of those named is right, the others may be of other films. */
function directorIn(text: string, directors: string[]): string | null {
  if (!directors.some(isLatin)) return null;
  const told = [...new Set(wordsOf(directors.join(' ')))];
  const names = [...text.matchAll(DIRECTED)].map(({ groups }) => groups!.name!);
  return names.some((name) => isTold(name, told)) ? null : (names[0] ?? null);
}

function yearIn(text: string, { year }: GateContext): string | null {
  if (year === null || text.includes(String(year))) return null;
  const years = [...text.matchAll(IN_YEAR)].map(({ groups }) => groups!.year!);
  return years.find((found) => !yearsAgree(Number(found), year)) ?? null;
}
