import anyAscii from 'any-ascii';
import { createHash } from 'node:crypto';
import { EARLIEST_BIRTH, FIRST_YEAR } from './kinds.js';

/** Titles are announced years ahead. Source: the contract. */
export const lastYear = () => new Date().getFullYear() + 10;
export const isFilmYear = (year: number) => year >= FIRST_YEAR && year <= lastYear();

/** Leaves room for a year or a hash within the 255 of a slug. */
const MAX_BASE = 240;
/** Source: the contract, and a CHECK of the database. */
export const MAX_SLUG = 255;
/**
 * Hexadecimal digits of a hash: enough that nobody finds two titles of one slug on purpose; and what they were
 * before.
 */
const DIGITS = 16;
const FORMER_DIGITS = 8;
/** Letters and digits whose transliteration several texts share. */
const NOT_LATIN = /(?!\p{Script=Latin})\p{L}|(?![0-9])\p{Nd}/u;

/**
 * The words of a title or name as a slug, without a year. Stable, and unique for what it stands for: where Latin
 * letters cannot carry the difference (another script, or too long) a hash of the text does.
 */
export function baseOf(text: string, digits = DIGITS): string {
  const plain = text.normalize('NFC').trim();
  const words = wordsOf(plain);
  if (words !== '' && words.length <= MAX_BASE && isLatin(plain)) return words;
  const start = words.slice(0, MAX_BASE - digits - 1).replace(/-$/, '');
  return start ? `${start}-${hashOf(plain, digits)}` : `x-${hashOf(plain, digits)}`;
}

/**
 * The words of a text in lower-case Latin letters and digits, joined by hyphens; may be empty, and several texts
 * share them.
 */
export function wordsOf(text: string): string {
  const ascii = anyAscii(text.normalize('NFC').replace(/['’‘`´]/g, '')).toLowerCase();
  return ascii.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
}

/** Whether Latin letters carry all of it; punctuation and signs do not count. */
export const isLatin = (text: string) => !NOT_LATIN.test(text);

/** The slug of a title and its year, or of a name and the year of birth; `null`: the year is not known. */
export function slugOf(text: string, year: number | null, digits = DIGITS): string {
  const base = baseOf(text, digits);
  if (year !== null) return `${base}-${year}`;
  // "Blade Runner 2049" is no film of 2049, and a slug has at least three characters.
  const mistakable = base.length < 3 || yearOf(base) !== null;
  return mistakable ? `${base}-${hashOf(text.normalize('NFC').trim(), digits)}` : base;
}

/** Addresses that a title or a name had while hashes were shorter: without its year, and with it. */
export const formerSlugs = (text: string, year: number | null): string[] => [
  slugOf(text, null, FORMER_DIGITS),
  slugOf(text, year, FORMER_DIGITS),
];

/** In LIKE, what the base of such an address has become; `null`: it is none. */
export function formerPattern(slug: string): string | null {
  const [, base] = /^(.+-[\da-f]{8})(-\d{4})?$/.exec(slug) ?? [];
  return base ? base + '_'.repeat(DIGITS - FORMER_DIGITS) : null;
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
