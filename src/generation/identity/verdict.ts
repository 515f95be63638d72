import type { EntityKind } from '../../domain/kinds.js';
import { wordsOf } from '../../domain/slug.js';

export interface AskedName {
  entity: EntityKind;
  text: string | null;
  base: string;
  year: number | null;
}

export interface AnsweredName {
  main: string;
  others: string[];
  year: number | null;
}

export type Verdict = { is: 'same' } | { is: 'other' | 'unclear'; reason: string };

export const foldedKeys = (text: string, _entity: EntityKind): string[] => [wordsOf(text) || text.toLowerCase()];

export function verdictOn(asked: AskedName, { main, others, year }: AnsweredName): Verdict {
  if (asked.year !== null && year !== null && Math.abs(asked.year - year) > 1)
    return { is: 'other', reason: `It is of ${year}, not of ${asked.year}.` };
  const keys = new Set(asked.text === null ? [asked.base] : foldedKeys(asked.text, asked.entity));
  if ([main, ...others].some((name) => foldedKeys(name, asked.entity).some((key) => keys.has(key)))) return { is: 'same' };
  return { is: 'other', reason: 'It is called otherwise.' };
}
