import anyAscii from 'any-ascii';
import { type EntityKind, KINDS } from '../../domain/kinds.js';
import { baseOf, isLatin, slugOf, wordsOf } from '../../domain/slug.js';
import { parsedNames } from './names.js';
import { numbered } from './numbers.js';
import { AND, LONG_FORM } from './words.js';

/** Vowels that are written with a second letter where their sign is missing: "Häxan", "Haexan". */
const TWO_LETTERS: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', ø: 'oe', å: 'aa' };
/** Signs over and under letters that readers leave out; those of Japanese and of India make other letters. */
const SIGNS_OF_LETTERS = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0640]/gu;
/** Letters of which the same name is written with either. */
const SAME_LETTER: Record<string, string> = { ς: 'σ', ی: 'ي', ک: 'ك' };
const FRACTION = /[\u00bc-\u00be\u2150-\u215e]/gu;
const RAISED = /[\u00b2\u00b3\u00b9\u2070-\u2089]+/gu;

/**
 * The keys under which a title, a name or a slug without its year is found again. Two texts are written alike when
 * they share one. Case, accents, punctuation, "and", numerals and words for a part do not count; in names the order
 * of the words does not either.
 * @returns at least one; the first is the main one
 */
export function foldedKeys(text: string, entity: EntityKind = 'MOVIE'): string[] {
  const spellings = [text, withTwoLetters(text), baseOf(text), slugOf(text, null)];
  return [...new Set(spellings.flatMap(KINDS[entity].called === 'TITLE' ? titleKeys : nameKeys))];
}

const titleKeys = (text: string) => [titleWords(text).join('')];

function nameKeys(text: string): string[] {
  const names = parsedNames(text).map(({ text, suffix }) => ({ words: plainWords(text), suffix }));
  return names.flatMap(({ words, suffix }) => [words.toSorted().join('') + suffix, words.join('') + suffix]);
}

/** The words of a title with all that does not count taken out. */
export const titleWords = (text: string): string[] => numberedWords(text).filter(isTelling).map(longForm);

/** "And" is still among them, which tells that a number after it is none of a part. */
export const numberedWords = (text: string): string[] => numbered(articleFirst(plainWords(text)));

/** Between words alone "i" is Polish for "and". */
const isTelling = (word: string, at: number, words: string[]) => !AND.has(word) || at === 0 || at === words.length - 1;

const longForm = (word: string, at: number, words: string[]) =>
  word === 'v' && at > 0 && at < words.length - 1 ? 'versus' : (LONG_FORM.get(word) ?? word);

/** "Godfather, The" */
const articleFirst = (words: string[]) =>
  words.length > 1 && words.at(-1) === 'the' ? ['the', ...words.slice(0, -1)] : words;

/** The words in small letters without accents, in their own script; a text of signs alone is one word. */
export function plainWords(text: string): string[] {
  const spaced = text
    .normalize('NFC')
    .replace(FRACTION, ' $&')
    .replace(RAISED, (raised) => ` ${raised.normalize('NFKC')} `);
  const words = isLatin(text) ? wordsOf(spaced).split('-') : wordsOfScript(spaced);
  const found = words.filter((word) => word !== '');
  return found.length > 0 ? found : [text.normalize('NFKC').toLowerCase().replace(/\s+/g, '')];
}

function wordsOfScript(text: string): string[] {
  const plain = text.normalize('NFKC').toLowerCase().normalize('NFD').replace(SIGNS_OF_LETTERS, '').normalize('NFC');
  const letters = plain.replace(/['’‘`´]/g, '').replace(/[ςیک]/gu, (letter) => SAME_LETTER[letter]!);
  const digits = letters.replace(/\p{Nd}/gu, (digit) => anyAscii(digit));
  return digits.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}

const withTwoLetters = (text: string) =>
  text.normalize('NFC').replace(/[äöüøå]/giu, (letter) => TWO_LETTERS[letter.toLowerCase()]!);
