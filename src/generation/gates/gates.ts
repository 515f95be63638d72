import type { Locale } from '../../domain/vocabulary.js';

export interface GateContext {
  entity: 'MOVIE' | 'PERSON';
  locale: Locale;
  names: string[];
  year: number | null;
  known: string[];
  instructions: string;
  siblings: string[];
}

export type Fault = { gate: string; reason: string; refusal?: true };

export const firstFault = (text: string, _context: GateContext): Fault | null =>
  text.trim() === '' ? { gate: 'length', reason: 'The text is empty.' } : null;
