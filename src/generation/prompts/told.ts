import { ASKED_IN_ITSELF } from '../../domain/locales.js';
import { LOCALES, type Locale } from '../../domain/vocabulary.js';

/** What the text is to be. */
export interface TextTold {
  /** What a text of the kind tells, and what it leaves out. */
  about: string;
  /** Its parts, in their order, for versions that say how it is built. */
  outline: readonly string[];
  locale: Locale;
  /** Of the tone: how it is to write, and what the text must not become. */
  manner: string;
  /** Whether facts were given, and nothing else may be claimed. */
  given: boolean;
}

/** What the instructions of one question are made of. Nothing of it is from a request but the choice of our words. */
export interface Told {
  /** The fields of the answer in words. */
  fields: string[];
  /** Missing: no text is asked for. */
  text?: TextTold;
}

/** A version of the prompts: the lines of the instructions, the stable ones first. */
export type Instructing = (told: Told) => string[];

/** The language, once in English and once in itself: small models follow the second where they pass over the first. */
export const languageOf = (locale: Locale): string =>
  `Write the text in ${LOCALES[locale]}, from its first to its last word; ` +
  `names stay as that language writes them. ${ASKED_IN_ITSELF[locale]}`;

/** Where facts were given. */
export const GIVEN =
  'The data has "facts": they were given to you, hold, and are all that is known. What they are about exists, even ' +
  'if you do not know it. Write nothing that the facts do not tell: no name, year, place, award or event beyond them.';
