import { KINDS } from '../../domain/kinds.js';
import { lastYear } from '../../domain/slug.js';
import { yearsAgree } from '../../domain/years.js';
import { withoutHash } from './relation.js';
import type { Answered, Asked } from './subject.js';

/** A longer title is compared by its start, for its length is the model's. */
const LONGEST = 500;

/** A text, and the year that goes with it. */
export interface Reading {
  text: string;
  year: number | null;
  /** As somebody wrote it, with its signs; a slug has none. */
  isWritten: boolean;
}

/** How many years lie between; `null`: one is not known. */
export const yearsBetween = (one: number | null, other: number | null) =>
  one === null || other === null ? null : Math.abs(one - other);

/** What a request may mean: as it stands, and with its last number read the other way, as a year or as no year. */
export function readingsOf({ entity, text, base, year }: Asked): [Reading, ...Reading[]] {
  const isWritten = text !== null;
  const asked = { ...withoutYear(text ?? base, year, entity), isWritten };
  // "Wonder Woman 1984" is a film of 2020, and its slug reads as one of 1984.
  if (!isWritten && year !== null) return [asked, { text: `${base}-${year}`, year: null, isWritten }];
  const [, start, number] = /^(.+)[\s-](\d{4})$/s.exec(isWritten ? asked.text.trim() : withoutHash(asked.text)) ?? [];
  const isTold = isYear(Number(number), entity) && (asked.year ?? Number(number)) === Number(number);
  return isTold ? [asked, { text: start!, year: Number(number), isWritten }] : [asked];
}

/** All titles or names of an answer, without "(1999)". A year that stands in the main one is the answer's. */
export function answerOf({ main, others, year }: Answered, entity: Asked['entity']) {
  const [first, ...rest] = [main, ...others].map((text) => withoutYear(text, year, entity));
  const texts = [first!, ...rest].map(({ text }) => text).filter((text) => text.trim() !== '');
  return { texts, year: first!.year };
}

function withoutYear(whole: string, year: number | null, entity: Asked['entity']) {
  const text = whole.slice(0, LONGEST);
  const [, start, number] = /^(.*\S)\s*[([](\d{4})[)\]]\s*$/s.exec(text) ?? [];
  const told = Number(number);
  const agrees = isYear(told, entity) && yearsAgree(year ?? null, told);
  return agrees ? { text: start!, year: year ?? told } : { text, year };
}

const isYear = (year: number, entity: Asked['entity']) => year >= KINDS[entity].firstYear && year <= lastYear();
