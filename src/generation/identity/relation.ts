import leven from 'leven';
import { isLatin } from '../../domain/slug.js';

/** How what was asked for and one title or name of the answer stand to each other. Read in this order, as needed. */
export interface Relation {
  /** Written alike. */
  equal: boolean;
  /** Alike but for what may be missing, when the years are the same ('year'), or at most one apart ('near year'). */
  nearly: 'year' | 'near year' | null;
  /** What tells two apart differs: numbers, sequel marks, Jr. and Sr. */
  contradicts: boolean;
  /** Something in common, though not enough to tell. */
  alike: boolean;
}

/** A slug ends so where Latin letters do not carry the text; the shorter one is that of earlier slugs. */
const HASH = /(?:^x|-)-?(?:[\da-f]{16}|[\da-f]{8})$/;

export const isHashed = (base: string) => HASH.test(base);
export const withoutHash = (base: string) => base.replace(HASH, '');

/** Whether letters tell about both: of two scripts, one says nothing about the other. */
export const isWrittenInLatin = (text: string) => isLatin(text) && !isHashed(text);

export const shareOne = (some: Iterable<string>, others: Iterable<string>) => {
  const known = new Set(others);
  return [...some].some((text) => known.has(text));
};

/** Spelled alike but for a slip: at most one letter in so many differs. */
export function isSlip(one: string, other: string, oneIn: number): boolean {
  const most = Math.floor(Math.max(one.length, other.length) / oneIn);
  return one === other || (most > 0 && leven(one, other, { maxDistance: most + 1 }) <= most);
}
