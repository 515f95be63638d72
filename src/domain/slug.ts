import anyAscii from 'any-ascii';
import { createHash } from 'node:crypto';
import { EARLIEST_BIRTH, FIRST_YEAR } from './kinds.js';

/** The last year of a film: titles are announced years ahead. Source: the contract. */
export const lastYear = () => new Date().getFullYear() + 10;
export const isFilmYear = (year: number) => year >= FIRST_YEAR && year <= lastYear();

/** Leaves room for a year or a hash within the 255 characters of a slug. */
const MAX_BASE = 240;
/** Source: the contract, and a CHECK of the database. */
export const MAX_SLUG = 255;
/**
 * Hexadecimal digits of a hash now, and in former versions. With sixteen nobody can find two titles with one slug on
 * purpose.
 */
const DIGITS = 16;
const FORMER_DIGITS = 8;
/** Letters and digits of other scripts: several texts may share their transliteration. */
const NOT_LATIN = /(?!\p{Script=Latin})\p{L}|(?![0-9])\p{Nd}/u;

/**
 * The words of a title or name as a slug, without a year. It is stable, and unique for the text. Where Latin letters
 * cannot express the difference (another script, or a long text), it contains a hash of the text.
 */
export function baseOf(text: string, digits = DIGITS): string {
  const plain = text.normalize('NFC').trim();
  const words = wordsOf(plain);
  if (words !== '' && words.length <= MAX_BASE && isLatin(plain)) return words;
  const start = words.slice(0, MAX_BASE - digits - 1).replace(/-$/, '');
  return start ? `${start}-${hashOf(plain, digits)}` : `x-${hashOf(plain, digits)}`;
}

/**
 * The words of a text in lower-case Latin letters and digits, joined by hyphens. It may be empty, and several texts may
 * share it.
 */
export function wordsOf(text: string): string {
  const ascii = anyAscii(text.normalize('NFC').replace(/['’‘`´]/g, '')).toLowerCase();
  return ascii.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
}

/** Whether Latin letters express the whole text; punctuation and signs do not count. */
export const isLatin = (text: string) => !NOT_LATIN.test(text);

/**
 * Which of its names a slug is made of: the first one, or where that is in another script, the first in Latin letters.
 * One of several words is preferred: a single one may be a nickname.
 */
export function nameForSlug(text: string, others: string[]): string {
  if (isLatin(text)) return text;
  const latin = others.filter((other) => isLatin(other) && /\p{Script=Latin}/u.test(other) && wordsOf(other) !== '');
  return latin.find((other) => wordsOf(other).includes('-')) ?? latin[0] ?? text;
}

/** The slug of a title and its year, or of a name and the year of birth; `null`: the year is not known. */
export function slugOf(text: string, year: number | null, digits = DIGITS): string {
  const base = baseOf(text, digits);
  if (year !== null) return `${base}-${year}`;
  // A slug must have three characters, and "Blade Runner 2049" is no film of 2049.
  const mistakable = base.length < 3 || yearOf(base) !== null;
  return mistakable ? `${base}-${hashOf(text.normalize('NFC').trim(), digits)}` : base;
}

/** The slugs that a title or a name had with shorter hashes: without its year, and with it. */
export const formerSlugs = (text: string, year: number | null): string[] => [
  slugOf(text, null, FORMER_DIGITS),
  slugOf(text, year, FORMER_DIGITS),
];

/** A LIKE pattern for the present base of such a slug; `null`: the slug is no former one. */
export function formerPattern(slug: string): string | null {
  const [, base] = /^(.+-[\da-f]{8})(-\d{4})?$/.exec(slug) ?? [];
  return base ? base + '_'.repeat(DIGITS - FORMER_DIGITS) : null;
}

/** What tells a slug apart from its twins' takes no more of it. */
const MAX_SUFFIX = 60;

/** A slug, and what tells it apart from its twins'; of words that leave no room for that the last are left out. */
export function suffixed(slug: string, suffix: string): string {
  const end = suffix.slice(0, MAX_SUFFIX).replace(/-$/, '');
  return `${slug.slice(0, MAX_SLUG - 1 - end.length).replace(/-$/, '')}-${end}`;
}

/**
 * The slug of a request that says which of several is meant, by a director or by ids. Its hash is that of what it says:
 * no other request has the same.
 */
export function slugOfOne(slug: string, traits: string[]): string {
  const hash = hashOf(traits.join(' '), DIGITS);
  const words = wordsOf(traits.join(' '))
    .slice(0, MAX_SUFFIX - 1 - DIGITS)
    .replace(/-$/, '');
  return suffixed(slug, words ? `${words}-${hash}` : hash);
}

/** Takes a slug apart: a trailing `-YYYY` is the year, if one from `firstYear` on. "war-of-1812" is no film of 1812. */
export function partsOf(slug: string, firstYear = EARLIEST_BIRTH): { base: string; year: number | null } {
  const year = yearOf(slug, firstYear);
  return { base: year === null ? slug : slug.slice(0, -5), year };
}

function yearOf(slug: string, firstYear = EARLIEST_BIRTH): number | null {
  const year = Number(/-(\d{4})$/.exec(slug)?.[1]);
  return year >= firstYear && year <= lastYear() ? year : null;
}

const hashOf = (text: string, digits: number) =>
  createHash('sha256').update(text.toLowerCase()).digest('hex').slice(0, digits);
