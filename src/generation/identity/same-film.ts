import { isLatin, wordsOf } from '../../domain/slug.js';
import { foldedKeys, numberedWords, plainWords, titleWords } from './fold.js';
import { isNumber } from './numbers.js';
import { isSlip, type Relation, shareOne, withoutHash } from './relation.js';
import { ARTICLE, COMMON, LEADING_ARTICLE, OR, PART, SEQUEL } from './words.js';

/** After it comes a subtitle. A slug keeps "or" alone of these. */
const BREAK = new RegExp(
  `:\\s+|\\s*[–—]\\s*|\\s+-\\s+|\\s+/\\s+|\\s*\\(|(?<=\\S)[\\s-]+(?:${OR.join('|')})[\\s:(-]+`,
  'giu',
);
/** A word that is spelled so much alike is a slip, or the same word in a related language. */
const WORD_SLIP = 4;
const TITLE_SLIP = 4;
/** So many of the letters of the shorter title's words have to be in the other's as well. */
const LEAST_SHARED = 0.5;
/** A greater number is one of a part at the end alone: "Jeanne Dielman, 23, quai du Commerce". */
const LATEST_PART = 20;

/** How two titles stand to each other; a slug without its year is a title too. */
export function filmsRelation(asked: string, answered: string): Relation {
  const [one, other] = [withoutHash(asked), answered];
  return {
    equal: shareOne(foldedKeys(asked), foldedKeys(answered)),
    get nearly() {
      return nearly(one, other);
    },
    get contradicts() {
      return numbersDiffer(one, other) || sequelsDiffer(one, other);
    },
    get alike() {
      return haveInCommon(one, other);
    },
  };
}

/** Without a subtitle the year has to be exact: of a series there is one every year. */
function nearly(one: string, other: string): Relation['nearly'] {
  if (shareOne(bareKeys(one), bareKeys(other))) return 'near year';
  const isHeadOf = (title: string, longer: string) => shareOne(bareKeys(title), headsOf(longer).flatMap(bareKeys));
  return isHeadOf(one, other) || isHeadOf(other, one) ? 'year' : null;
}

/** Without articles; a title in another script in Latin letters as well. */
function bareKeys(title: string): string[] {
  const spellings = [title, title.replace(/^l['’]\s*/i, '')];
  if (!isLatin(title)) spellings.push(wordsOf(title));
  return spellings.map((text) => bareWords(text).join('')).filter((key) => key !== '');
}

function bareWords(title: string): string[] {
  const words = titleWords(title).filter((word, at) => !ARTICLE.has(word) && (at > 0 || !LEADING_ARTICLE.has(word)));
  return words.length > 0 ? words : titleWords(title);
}

/** The title without each of its subtitles, and what stands in parentheses; not without the number of a later part. */
function headsOf(title: string): string[] {
  const heads = [...title.matchAll(BREAK)].flatMap(({ index, 0: sign }) => {
    const [number] = titleWords(title.slice(index + sign.length));
    const isLater = isNumber(number) && number !== '1';
    return isLater ? [] : [title.slice(0, index)];
  });
  const [, inside = ''] = /\(([^()]+)\)\s*$/.exec(title) ?? [];
  return [...heads, withoutFirstPart(title), inside].filter((head) => head.trim() !== '');
}

/** "It Chapter One" is "It"; '' when the title does not end so. */
function withoutFirstPart(title: string): string {
  const words = plainWords(title);
  const isFirst = words.length > 2 && PART.has(words.at(-2)!) && titleWords(title).at(-1) === '1';
  return isFirst ? words.slice(0, -2).join(' ') : '';
}

/** Numbers count at the end, after a word for a part (then without that word), and before a subtitle. */
function numbersDiffer(one: string, other: string): boolean {
  const [some, others] = [numberedOf(one), numberedOf(other)];
  const apart = some.some((a) => others.some((b) => a.number !== b.number && isSameSeries(a.series, b.series)));
  return apart || isLaterPart(one, other) || isLaterPart(other, one);
}

const isSameSeries = (one: string, other: string) => one.endsWith(other) || other.endsWith(one);

function numberedOf(title: string): { series: string; number: string }[] {
  return [title, ...headsOf(title)].flatMap((text) => {
    const words = bareWords(text);
    const end = words.findLastIndex((word) => !isNumber(word)) + 1;
    if (end === 0 || end === words.length) return [];
    return [{ series: words.slice(0, end).join(''), number: words.slice(end).join('') }];
  });
}

/** "Terminator 2 Judgment Day" begins as "Terminator" does, and a number follows. */
function isLaterPart(title: string, series: string): boolean {
  const [words, start] = [title, series].map((text) => withoutLeading(numberedWords(text)));
  const [next, ...rest] = words!.slice(start!.length);
  const isNumberOfPart = isNumber(next) && next !== '1' && (rest.every(isNumber) || Number(next) <= LATEST_PART);
  return isNumberOfPart && start!.every((word, at) => words![at] === word);
}

const withoutLeading = ([first, ...rest]: string[]) =>
  rest.length > 0 && LEADING_ARTICLE.has(first!) ? rest : [first!, ...rest];

/** "Aliens" and "Alien"; "The Matrix Reloaded" and "The Matrix Revolutions". */
function sequelsDiffer(one: string, other: string): boolean {
  const [some, others] = [bareWords(one), bareWords(other)];
  const start = (words: string[]) => words.slice(0, -1).join(' ');
  if (start(some) === start(others) && isPlural(some.at(-1)!, others.at(-1)!)) return true;
  const series = (words: string[]) => words.filter((word) => !SEQUEL.has(word)).join(' ');
  return series(some) === series(others) && series(some) !== '' && some.join(' ') !== others.join(' ');
}

const isPlural = (one: string, other: string) =>
  Math.min(one.length, other.length) > 2 && (one === `${other}s` || other === `${one}s`);

function haveInCommon(one: string, other: string): boolean {
  const [some, others] = [tellingWords(one), tellingWords(other)];
  const shared = some.filter((word) => others.some((candidate) => isSlip(word, candidate, WORD_SLIP)));
  const letters = (words: string[]) => words.join('').length;
  const shorter = Math.min(letters(some), letters(others));
  if (shorter > 0 && letters(shared) >= LEAST_SHARED * shorter) return true;
  const [key, otherKey] = [bareWords(one).join(''), bareWords(other).join('')];
  return isSlip(key, otherKey, TITLE_SLIP);
}

function tellingWords(title: string): string[] {
  const words = isLatin(title) ? titleWords(title) : [...titleWords(title), ...titleWords(wordsOf(title))];
  return words.filter((word) => !COMMON.has(word) && !isNumber(word) && word !== '');
}
