import { isLatin } from '../../domain/slug.js';
import { yearsAgree } from '../../domain/years.js';
import { isTold } from './beyond.js';
import type { Gate, GateContext } from './gate.js';
import { sentencesOf } from './sentences.js';
import { wordsOf } from './words.js';

/** What stands before the name of whoever directed a film, in the languages that most texts are asked for in. */
const DIRECTING = [
  'directed by|helmed by',
  'w reżyserii|(?:wy)?reżyserowan[yae] przez',
  'unter der Regie von|Regie führte|inszeniert von|von Regisseur(?:in)?',
  'réalisée? par|mise? en scène par',
  'dirigid[oa] por',
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

/** What stands before the year in which a film came out. Coming out again is something else. */
const RELEASED = [
  '(?:released|premiered|first shown|came out) in',
  'premierę mia[łl]a? w',
  '(?:erschien|startete)(?: im Jahre?)?',
  'sortie? en',
  'estrenad[oa] en',
].join('|');
const IN_YEAR = new RegExp(`(?<![\\p{L}-])(?:${RELEASED})\\s+(?<year>(?:1[89]|20)\\d\\d)\\b`, 'giu');

/** A sentence that begins so is about the film; one that begins with its title is, too. */
const OF_FILM = new RegExp(
  '^(?:it|th(?:e|is) (?:film|movie|picture)|released|premiered|first shown|film|obraz|er|der film|il|le film|' +
    'la película|el filme?)\\b',
  'iu',
);

/** A sentence with one of these may be about another work. */
const OF_ANOTHER = new RegExp(
  [
    'remake|original|earlier|previous|novel|book|play|sequel|prequel|franchise',
    'oryginał|pierwowz|poprzedni|wcześniejsz|powieś|książk',
    'vorlage|früher|fortsetzung|roman|précédent|antérieur|suite|anterior|novela|libro|secuela',
  ]
    .map((words) => `\\b(?:${words})`)
    .join('|'),
  'iu',
);

/**
 * A text that says of whose work it tells, or of when, something else than facts that were looked up or corrected. Only
 * what is said of this film beyond doubt counts: a right text that is refused costs a job.
 */
export const against: Gate = (text, context) => {
  const { directors, year } = context;
  if (directors === undefined) return null;
  const sentences = sentencesOf(text).filter((sentence) => !OF_ANOTHER.test(sentence));
  const other = directorIn(sentences, text, directors);
  if (other !== null)
    return `It says that "${other}" directed it; the facts say: ${directors.join(', ')}. The facts hold.`;
  const wrong = yearIn(sentences, text, context);
  return wrong === null ? null : `It says "${wrong}"; the facts say that it is of ${year}. The facts hold.`;
};

/** It may begin a sentence. */
function atAnyPlace(form: string): string {
  const [first = ''] = form;
  return /\p{Ll}/u.test(first) ? `[${first}${first.toUpperCase()}]${form.slice(1)}` : form;
}

/** Where one of those who directed it is named at all, others may have directed something else. */
function directorIn(sentences: string[], text: string, directors: string[]): string | null {
  const words = wordsOf(text);
  if (!directors.some(isLatin) || directors.some((name) => isTold(name, words))) return null;
  const names = sentences.flatMap((sentence) => [...sentence.matchAll(DIRECTED)].map(({ groups }) => groups!.name!));
  return names[0] ?? null;
}

function yearIn(sentences: string[], text: string, { year, names }: GateContext): string | null {
  if (year === null || text.includes(String(year))) return null;
  const isOfFilm = (sentence: string) => OF_FILM.test(sentence) || names.some((name) => sentence.startsWith(name));
  const years = sentences
    .filter(isOfFilm)
    .flatMap((sentence) => [...sentence.matchAll(IN_YEAR)].map(({ groups }) => groups!.year!));
  return years.find((found) => !yearsAgree(Number(found), year)) ?? null;
}
