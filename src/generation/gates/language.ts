import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { eld } from 'eld/extrasmall';
import { type Locale, LOCALES } from '../../domain/vocabulary.js';
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
  const wanted = new Intl.Locale(context.locale).language;
  const isRight = isIn(wanted, plain) && !partsOf(plain).some((part) => isSurelyOther(wanted, part));
  if (isRight && !isInOtherCharacters(context.locale, plain)) return null;
  return (
    `It is not in ${LOCALES[context.locale]} from its first to its last sentence: write all of it in ` +
    `${LOCALES[context.locale]}.`
  );
};

const bare = (text: string) => text.replace(BRACKETS, ' ').replace(CAPITALS, ' ');

/** What the library calls languages. It tells no Indonesian from Malay; Serbian is written in two scripts. */
const FOUND_AS: Record<string, string[]> = { nb: ['no'], id: ['ms'], sr: ['sr', 'hr'] };
/** Relatives that a text full of names is taken for, when its own language is as good as the best. */
const NEAR: Record<string, string[]> = {
  ca: ['es'],
  cs: ['sk'],
  da: ['no'],
  es: ['ca', 'pt'],
  hr: ['sl'],
  no: ['da'],
  pt: ['es'],
  sk: ['cs'],
  sl: ['hr'],
};
const AS_GOOD = 0.97;

/** Names may be most of a text: then it is read as it is. */
const isIn = (wanted: string, text: string, words = bare(text)) =>
  [words, text].some((form) => (FOUND_AS[wanted] ?? [wanted]).some((name) => isFound(name, form)));

function isFound(name: string, text: string): boolean {
  const found = detector().detect(text);
  if (found.language === name) return true;
  if (!NEAR[name]?.includes(found.language)) return false;
  const scores = found.getScores();
  return (scores[name] ?? 0) >= AS_GOOD * scores[found.language]!;
}

/** Characters of which either kind of Chinese has its own. */
const SIMPLIFIED = /[这们为个来时说国对过后发电关长开门见让认给经当动学还样实间问头体东车书难爱亲传业产]/g;
const TRADITIONAL = /[這們為個來時說國對過後發電關長開門見讓認給經當動學還樣實間問頭體東車書難愛親傳業產]/g;

function isInOtherCharacters(locale: Locale, text: string): boolean {
  const { language, script } = new Intl.Locale(locale).maximize();
  if (language !== 'zh') return false;
  const [simplified, traditional] = [SIMPLIFIED, TRADITIONAL].map((form) => text.match(form)?.length ?? 0);
  return script === 'Hans' ? traditional! > simplified! : simplified! > traditional!;
}

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
