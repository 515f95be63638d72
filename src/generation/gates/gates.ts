import type { TextGate } from '../../domain/gate-names.js';
import { address } from './address.js';
import { against } from './against.js';
import { beyond } from './beyond.js';
import { code } from './code.js';
import { elsewhere } from './elsewhere.js';
import { ending } from './ending.js';
import type { Fault, Gate, GateContext } from './gate.js';
import { itself } from './itself.js';
import { language } from './language.js';
import { isEndless, length } from './length.js';
import { markup } from './markup.js';
import { placeholder } from './placeholder.js';
import { prompt } from './prompt.js';
import { refusal } from './refusal.js';
import { repetition } from './repetition.js';
import { sameness } from './sameness.js';

export type { Fault, GateContext } from './gate.js';
export { isRefusal } from './refusal.js';
export { cutAtSentence } from './sentences.js';

/**
 * In the order in which they are asked: what says most of a text comes first.
 * A refusal in another language is a refusal, and a text in another language has no right length.
 */
export const GATES: Record<string, Gate> = {
  refusal,
  itself,
  code,
  markup,
  placeholder,
  prompt,
  address,
  language,
  length,
  repetition,
  elsewhere,
  beyond,
  against,
  sameness,
  ending,
} satisfies Record<TextGate, Gate>;

/** @returns the first fault of a text, `null` when it is fit to be stored */
export function firstFault(text: string, context: GateContext): Fault | null {
  const gates = isEndless(text) ? { length } : GATES;
  for (const [gate, reasonOf] of Object.entries(gates) as [TextGate, Gate][]) {
    const reason = reasonOf(text, context);
    if (reason !== null) return { gate, reason, ...(gate === 'refusal' && { refusal: true as const }) };
  }
  return null;
}
