import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { eld } from 'eld/extrasmall';
import { LOCALES } from '../../domain/vocabulary.js';
import type { Gate } from './gate.js';
import { sentencesOf } from './sentences.js';
import { lengthOf, withoutNames, withoutQuotes } from './words.js';

/** Of fewer words nobody can tell the language; in a text as short as that, its length is what is wrong. */
const FEWEST_WORDS = 10;
/** Words of a part that is looked at by itself: a text may change its language half-way. */
const PART_WORDS = 12;

/** Loaded with the first text and not before: it takes 50 MB, and a process that only answers HTTP needs none. */
let library: typeof eld | undefined;
function detector(): typeof eld {
  const path = fileURLToPath(import.meta.resolve('eld/extrasmall'));
  library ??= (createRequire(import.meta.url)(path) as { eld: typeof eld }).eld;
  return library;
}

/** Loads it before it is needed: half a second in which a process does nothing else. */
export const loadDetector = (): void => void detector().detect('A text of a few words.');

/** Names say nothing of the language around them: two words or more in capitals, and what is in brackets. */
const CAPITALS = /\p{Lu}[\p{L}\p{M}'’.-]*(?:\s+\p{Lu}[\p{L}\p{M}'’.-]*)+/gu;
const BRACKETS = /\([^()]*\)/g;

/** A text in another language than was asked for, as a whole or in a part. */
export const language: Gate = (text, context) => {
  const plain = withoutQuotes(withoutNames(text, context));
  if (lengthOf(plain) < FEWEST_WORDS) return null;
  const [wanted] = context.locale.split('-');
  if (isIn(wanted!, plain) && !partsOf(plain).some((part) => isSurelyOther(wanted!, part))) return null;
  return (
    `It is not in ${LOCALES[context.locale]} from its first to its last sentence: write all of it in ` +
    `${LOCALES[context.locale]}.`
  );
};

const bare = (text: string) => text.replace(BRACKETS, ' ').replace(CAPITALS, ' ');

/** Names may be most of a text: then it is read as it is. */
const isIn = (wanted: string, text: string, words = bare(text)) =>
  [words, text].some((form) => detector().detect(form).language === wanted);

function isSurelyOther(wanted: string, part: string): boolean {
  const words = bare(part);
  return lengthOf(words) >= FEWEST_WORDS && !isIn(wanted, part, words) && detector().detect(words).isReliable();
}

/** Sentence by sentence, as many together as it takes; what is left over at the end is one too. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  let open = '';
  for (const sentence of sentencesOf(text)) {
    open += sentence;
    if (lengthOf(open) < PART_WORDS) continue;
    parts.push(open);
    open = '';
  }
  return [...parts, open];
}
