import type { EntityKind } from '../../domain/kinds.js';
import type { Locale } from '../../domain/vocabulary.js';

export interface TextContext {
  entity: EntityKind;
  locale: Locale;
  names: string[];
  year: number | null;
  known: string[];
  instructions: string;
  siblings: string[];
}

export interface Fault {
  gate: string;
  reason: string;
  refusal?: boolean;
}

export const firstFault = (text: string, _context: TextContext): Fault | null =>
  text.trim() === '' ? { gate: 'length', reason: 'The text is empty.' } : null;
